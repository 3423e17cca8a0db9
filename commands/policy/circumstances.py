"""What objections are made of: the facts of the moment, and the sentence that comes of them."""

from __future__ import annotations

from dataclasses import dataclass

from commands.locks.lock import Lock


@dataclass(frozen=True, slots=True)
class Objection:
    """``sentence`` is for people and says until when or what to do; ``rule`` names what objects, such as ``freezes[0] (line 12)``.

    ``until``: Unix seconds from which it holds no longer, where that is known.
    """

    sentence: str
    rule: str
    until: float | None = None
    people: tuple[str, ...] = ()
    """Whom the sentence names (user ids)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a worker reads of the store for one operation, besides its record. Each kind of objection adds what it needs."""

    asked_before: tuple[float, ...] | None = None
    """When the same person asked for what came before it in the environment, within the last hour; None: not read."""
    running_before: tuple[str, ...] | None = None
    """Ids of what holds its target in the environment and came before it; None: not read."""
    locks: tuple[Lock, ...] = ()
    """Those in force in its environment."""
