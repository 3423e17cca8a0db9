"""One parsed use of a command: who said what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

NEWEST_SAID: Final = 2
_SINCE_SECOND: Final = frozenset({"min", "max"})
"""The bounds of an autoscaler: an earlier version would look for what they write on the workload."""


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user by immutable IDs; names are never matched (they can be changed)."""

    id: str
    team: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was said. ``response_url`` takes 5 answers within 30 minutes (Slack)."""

    channel: str
    thread: str | None = None
    direct: bool = False
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """``arguments`` are JSON values by argument name, as the command's declaration types them.

    ``environment`` is the canonical name (never an alias), or None where the command takes none.
    ``at`` is the wall time (Unix seconds) of the person's request, so that "now" is fixed once.
    """

    verb: str
    arguments: dict[str, Any]
    environment: str | None
    person: Person
    place: Place
    text: str
    at: float

    @property
    def breaks_glass(self) -> bool:
        """Whether it is to skip approvals and freezes (``commands.declaration.BREAK_GLASS``)."""
        return self.arguments.get("break-glass") is True

    @property
    def supersedes(self) -> bool:
        """Whether what waits for approval on the same target is to end (``commands.declaration.SUPERSEDE``)."""
        return self.arguments.get("supersede") is True

    @property
    def schema(self) -> int:
        """The first schema of records whose readers know what is said here. Whoever knows only earlier ones leaves it alone."""
        said = self.arguments.get("arguments", self.arguments)  # those of a command about another one
        return NEWEST_SAID if _SINCE_SECOND & said.keys() else 1

    def argument(self, name: str) -> Any:
        """The value, or None where it was left out."""
        return self.arguments.get(name)
