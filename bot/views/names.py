"""People in reports by their names. A mention would call everyone who is only listed, and a table cannot hold one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from commands.canonical import dump, load
from commands.report import Report

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
_QUOTED = frozenset({"code", "diff"})
"""What a container printed or a cluster holds is shown as it is."""


def people_in(shown: Report) -> frozenset[str]:
    """The user ids of those who are named."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(_PERSON.findall(text))
        return text

    _each_text(msgspec.to_builtins(shown), note)
    return frozenset(found)


def named(shown: Report, names: Mapping[str, str]) -> Report:
    """``<@U123>`` as ``@dev``; by the id where the name is not known."""

    def name(found: re.Match[str]) -> str:
        return f"@{names.get(found[1]) or found[1]}"

    return load(dump(_each_text(msgspec.to_builtins(shown), lambda text: _PERSON.sub(name, text))), Report)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_each_text(item, change) for item in value]
        case dict() if value.get("type") not in _QUOTED:
            return {key: _each_text(item, change) for key, item in value.items()}
        case _:
            return value
