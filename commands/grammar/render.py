"""The line that says a ``Parsed``: what to type to get the same again. ``parse(render(p))`` is ``p``."""

from __future__ import annotations

import re
from typing import Any

from commands.declaration import Argument, Type
from commands.grammar.parsed import Parsed
from commands.grammar.usage import before_environment, is_late

_PLAIN = re.compile(r"[A-Za-z0-9+-][A-Za-z0-9._/:@+-]*")
_MEANINGFUL = re.compile(r"to|in|on|for|op-[a-z0-9]+|--.*", re.IGNORECASE)


def render(parsed: Parsed) -> str:
    """Verb, arguments in their declared order, environment, keywords. Plain text, not escaped for Slack."""
    command, values = parsed.command, parsed.arguments
    if any(argument.type is Type.REST for argument in command.arguments):
        return f"{command.name} {values['line']}"
    said = [argument for argument in command.words if argument.name in values]
    flags = {a.name for a in command.words if a.type is Type.FLAG}
    words = [command.name, *(_word(a, values[a.name], flags) for a in said if not a.keyword and not is_late(a))]
    if parsed.environment:
        words.append(f"{before_environment(command)} {parsed.environment}")
    words += [f"{a.preposition} {values[a.name]}" for a in said if is_late(a)]
    words += [_keyword(a, values[a.name]) for a in said if a.keyword]
    return " ".join(words)


def _word(argument: Argument, value: Any, flags: set[str]) -> str:
    text = _as_typed(str(value)) if argument.type in {Type.WORKLOAD, Type.POD_OR_WORKLOAD} else str(value)
    is_plain = _PLAIN.fullmatch(text) and not _MEANINGFUL.fullmatch(text) and text not in flags
    return text if is_plain or argument.type is Type.OPERATION else _quoted(text)


def _as_typed(workload: str) -> str:
    """``deployment/web`` for ``Deployment/web``."""
    kind, slash, name = workload.rpartition("/")
    return f"{kind.lower()}{slash}{name}"


def _keyword(argument: Argument, value: Any) -> str:
    if argument.type is Type.FLAG:
        return argument.name
    if argument.type is Type.DURATION:
        return f"{argument.name}={value}s"
    text = str(value)
    return f"{argument.name}={text if _PLAIN.fullmatch(text) else _quoted(text)}"


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["“”„‟«»\\])', r"\\\1", text)
    return f'"{escaped}"'
