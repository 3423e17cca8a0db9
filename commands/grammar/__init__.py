"""The language: what people type becomes a ``Parsed``, or a ``UsageError`` that points at the word.

    readable → tokenise → which command → which word is which argument → values

All of it is derived from the commands' declarations; nothing here knows a verb by name, but ``help`` for an empty line.
Pure: no I/O happens here.
"""

from commands.grammar.parse import parse
from commands.grammar.parsed import Parsed
from commands.grammar.render import render
from commands.grammar.slack import readable
from commands.grammar.usage import usage

__all__ = ["Parsed", "parse", "readable", "render", "usage"]
