"""Through whose eyes something is painted: who reads, and what ids are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """``names`` by user, group and channel id; ``people`` as (id, name) for menus of people."""

    reader: str = ""
    groups: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    people: tuple[tuple[str, str], ...] = ()

    def is_me(self, id: str) -> bool:
        return id == self.reader or id in self.groups
