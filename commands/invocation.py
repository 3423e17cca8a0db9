"""One parsed use of a command: who said what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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

    def argument(self, name: str) -> Any:
        """The value, or None where it was left out."""
        return self.arguments.get(name)
