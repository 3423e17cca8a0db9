"""Secrets in diffs: their values are never shown, equal ones are recognisable as equal, and that one changed stays visible.

A container's variables and a probe's headers are secrets unless their value cannot be one: a short password looks like any
other word. Elsewhere what holds one is told by its name, or by how it looks. A value becomes ``(secret 1)``, the next
different one ``(secret 2)``: a hash would let short secrets be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.paths import Path
from workers.redact import is_plain, is_random, is_secret_name, redact

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_MAPS = ("annotations", "labels", "data", "stringData", "binaryData")
_PAIRS = ("env", "httpHeaders")
"""Lists of a name with its value."""


def is_masked(shown: str | None) -> bool:
    """Whether a mask stands for the value: its number means something within one diff only."""
    return shown is not None and shown.startswith("(secret ")


class Masks:
    """For one diff of one object, whose kind counts."""

    def __init__(self, obj: Mapping[str, Any]) -> None:
        self._kind = str(obj.get("kind", ""))
        self._numbers: dict[str, int] = {}

    def of(self, path: Path, value: str) -> str:
        """What may be shown of the value at this path."""
        if path[-1:] == ("image",) and not self._is_secret(path, value):  # ``auth-token:1.4.2`` is what people approve
            return value
        if self._is_secret(path, value) or is_random(value):
            return f"(secret {self._numbers.setdefault(value, len(self._numbers) + 1)})"
        return redact(value)

    def _is_secret(self, path: Path, value: str) -> bool:
        if self._kind == "Secret" and path[0] in {"data", "stringData"}:
            return True
        if _LAST_APPLIED in path:
            return True
        in_map = len(path) > 1 and path[-2] in _MAPS
        in_pairs = len(path) > 2 and path[-3] in _PAIRS and path[-1] == "value"
        if in_pairs and not is_plain(value):
            return True
        name = path[-1] if in_map else path[-2].strip("[]") if in_pairs else ""
        if in_pairs and name.isdecimal():  # the list holds a name twice, so the path has numbers instead
            return True
        return is_secret_name(name)
