"""A notice: one message of ours to a person or a channel that is no operation's own, posted once. Only values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SCHEMA = 1

PREFIX: Final = "no-"
"""How its id begins. The rest is what it is about, so that the same thing is told once."""


def review_of(operation: str) -> str:
    """The id of the notice that announces a break-glass."""
    return f"{PREFIX}review:{operation}"


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody other than the requester has to say, by ``due``, that they have looked. ``by``: who has, and when.

    ``overdue``: nobody had in time, which was said.
    """

    operation: str
    environment: str
    requester: str
    due: float
    by: str | None = None
    at: float | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """``to``: a user id (it becomes a direct message) or a channel's. ``text``: sentences of ours, people as mentions.

    ``people``: whom the text may mention. ``created``: Unix seconds; it is kept for 90 days from then on.
    """

    id: str
    to: str
    text: str
    created: float
    people: tuple[str, ...] = ()
    review: Review | None = None
    version: int = 1
    schema: int = field(default=SCHEMA)

    @property
    def personal(self) -> bool:
        return self.to.startswith(("U", "W"))
