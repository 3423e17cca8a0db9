"""Words with a form of their own: ``key=value``, ``--key``, ``web:1.4.2``, and what will mean something one day (``for 2h``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from commands.declaration import Command, Type
from commands.grammar.kinds import workload_kind
from commands.grammar.suggestions import quoted
from commands.grammar.tokens import Token

_KEYWORD: Final = re.compile(r"(?:--)?([A-Za-z][A-Za-z0-9_-]*)=")
_WITH_VERSION: Final = re.compile(r"(?P<workload>(?:(?P<kind>[^/:@]+)/)?[^/:@]+)[:@](?P<version>[^/]+)")
_OPTION: Final = re.compile(r"--([A-Za-z][A-Za-z0-9_-]*)")


@dataclass(frozen=True, slots=True)
class Keyword:
    """``key=value``, ``--key=value``, or ``--key`` whose value is the next word. ``at`` is the whole word."""

    key: str
    value: Token | None
    at: Token


def keyword(token: Token) -> Keyword | None:
    """The word as a keyword, if it is one: what is quoted never is."""
    bare = token.text[: token.bare]
    if match := _KEYWORD.match(bare):
        width = match.end()
        value = Token(token.text[width:], token.start, token.end, max(0, token.bare - width))
        return Keyword(match[1].casefold(), value, token)
    match = _OPTION.fullmatch(bare) if token.plain else None
    return Keyword(match[1].casefold(), None, token) if match else None


def split_image(command: Command, token: Token, refused: Callable[[str, Token], Exception]) -> list[Token]:
    """``web:1.4.2`` as ``web`` and ``1.4.2``, for a command that takes a workload and then a version.

    Raises what ``refused`` makes where the word is an image with its repository: the workload is missing then.
    """
    if not {":", "@"} & set(token.text):
        return [token]
    match = _WITH_VERSION.fullmatch(token.text)
    if match is None or (match["kind"] and not workload_kind(match["kind"])):
        better = quoted(f"{command.name} web {token.text}")
        raise refused(f"{quoted(token.text)} is an image. Say before it which workload gets it: {better}.", token)
    return [_piece(token, *match.span("workload")), _piece(token, *match.span("version"))]


def _piece(token: Token, start: int, end: int) -> Token:
    text = token.text[start:end]
    if not token.plain or token.end - token.start != len(token.text):
        return Token(text, token.start, token.end, 0)
    return Token(text, token.start + start, token.start + end, len(text))


def is_temporary(command: Command, word: str) -> bool:
    """``scale web 10 in prod for 2h``."""
    return word == "for" and any(argument.type is Type.REPLICAS for argument in command.arguments)


def not_yet(command: Command, said: str) -> str:
    """The refusal: what is said must never be parsed and then ignored."""
    return (
        f"{quoted(said)} is not yet possible: I cannot take it back when the time is over. "
        f"Say it without, and {command.name} back yourself."
    )
