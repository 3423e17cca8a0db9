"""The published API types: which fields a type has, of what type, and how lists and maps in them are merged.

``types.txt`` is the API server's own OpenAPI, one field a line, and ``tests/contract`` compares the two:
``containers []core.v1.Container keys=name merge=name``. Types are ``[]`` (list of), ``{}`` (map to), a structure's name or
one of string, bool, int32, int64, double, bytes, time, quantity, int-or-string, any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from playground.cluster.kind import Kind


@dataclass(frozen=True)
class Field:
    """``flags`` are the words after the type, such as ``atomic`` or ``merge=name``."""

    type: str
    flags: tuple[str, ...] = ()

    @cached_property
    def is_list(self) -> bool:
        return self.type.startswith("[]")

    @cached_property
    def is_map(self) -> bool:
        return self.type.startswith("{}")

    @cached_property
    def element(self) -> Field:
        """What the list or map holds."""
        return Field(self.type[2:])

    @cached_property
    def structure(self) -> Structure | None:
        return structures().get(self.type)

    def child(self, key: str) -> Field | None:
        """The field under that key of a structure or map, None if there is none."""
        if self.is_map:
            return self.element
        structure = self.structure
        return structure.fields.get(key) if structure else None

    @cached_property
    def is_atomic(self) -> bool:
        """Whether server-side apply knows no owners of its parts."""
        structure = self.structure
        if self.is_list:
            return not ("set" in self.flags or self.map_keys)
        return "atomic" in self.flags or bool(structure and structure.atomic)

    @cached_property
    def map_keys(self) -> tuple[str, ...]:
        """By which fields server-side apply tells apart the items of this list; empty: it does not."""
        named = self._flag("keys")
        return tuple(named.split(",")) if named else ()

    @cached_property
    def merge_key(self) -> str:
        """By which field a strategic merge patch tells apart the items of this list; "" for plain values."""
        return self._flag("merge")

    @cached_property
    def merges(self) -> bool:
        """Whether a strategic merge patch merges this list, rather than to replace it."""
        return "merge" in self.flags or bool(self.merge_key)

    @cached_property
    def default(self) -> str:
        return self._flag("default")

    @property
    def always(self) -> bool:
        """Whether the API server's own JSON has it even when it is empty."""
        return "always" in self.flags

    def _flag(self, name: str) -> str:
        found = [flag.partition("=")[2] for flag in self.flags if flag.startswith(f"{name}=")]
        return found[0] if found else ""


@dataclass(frozen=True)
class Structure:
    name: str
    atomic: bool
    fields: Mapping[str, Field]


ANY = Field("any")


def of(kind: Kind) -> Field:
    """The type of a kind's objects; ``any`` for a kind that is not in the table."""
    return of_version(kind.group, kind.version, kind.kind)


def of_version(group: str, version: str, kind: str) -> Field:
    name = f"{(group or 'core').split('.')[0]}.{version}.{kind}"
    return Field(name) if name in structures() else ANY


@cache
def structures() -> Mapping[str, Structure]:
    found: dict[str, Structure] = {}
    fields: dict[str, Field] = {}
    for line in (Path(__file__).parent / "types.txt").read_text().splitlines():
        first, *rest = line.split()
        if line.startswith(" "):
            fields[first] = Field(rest[0], tuple(rest[1:]))
        else:
            fields = {}
            found[first] = Structure(first, "atomic" in rest, fields)
    return found
