"""Every way in which a lock moves: set, kept for longer, taken off, its owner told in time, ended. Pure.

A ``Locking`` is written whole or not at all, with its audit entry, and what its owner is told (``commands.store.locks``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from commands.errors import NotAllowed
from commands.locks.lock import BY_ITSELF, Lock
from commands.notices.notice import PREFIX, Notice

SOONEST: Final = 900.0
"""Seconds before its end at which an owner is told; of a short lock a quarter."""


@dataclass(frozen=True, slots=True)
class Locking:
    """``before`` is as it was read, ``after`` as it is to be; None: there is none. ``text`` is what the person said."""

    before: Lock | None
    after: Lock | None
    event: str
    actor: str
    at: float
    sentence: str
    text: str = ""
    notice: Notice | None = None

    @property
    def lock(self) -> Lock:
        found = self.after or self.before
        assert found  # noqa: S101 - one of the two is always there
        return found

    @property
    def own(self) -> bool:
        """It is its owner who moves it, or nobody's yet."""
        return self.before is None or self.before.owner == self.actor

    @property
    def due(self) -> float | None:
        """When the sweep is to look at it again; None once it is gone, and for what has no end."""
        if self.after is None or self.after.until is None:
            return None
        return self.after.until if self.after.nagged else nags_at(self.after)

    @property
    def entry(self) -> dict[str, Any]:
        """The audit entry."""
        lock = self.lock
        return {
            "at": self.at,
            "event": self.event,
            "operation": lock.operation,
            "actor": self.actor,
            "text": self.text,
            "environment": lock.environment,
            "target": lock.target,
            "owner": lock.owner,
            "since": lock.since,
            "until": lock.until,
            "detail": lock.reason,
        }


def set_lock(before: Lock | None, wanted: Lock, text: str) -> Locking:
    """Who owns it keeps it for longer, or shorter, by saying it again. Raises ``NotAllowed`` where it is another's."""
    if before and before.owner != wanted.owner:
        raise NotAllowed(
            f"{before.what} is {before.told} There is one lock on a target at a time. Nothing was changed."
        )
    after = replace(wanted, since=before.since, version=before.version + 1) if before else wanted
    return Locking(before, after, "locked", wanted.owner, wanted.since, f"{after.what} is {after.told}", text)


def take_off(before: Lock, person: str, at: float, text: str) -> Locking:
    """Its owner is told, unless it is the owner who does it, or it is a hold: that is nobody's."""
    if before.operation:
        lifted = f"The hold of {before.operation} on {before.what} is lifted, so it may be changed again."
        return Locking(before, None, "hold lifted", person, at, lifted, text)
    told = f"<@{person}> has taken your lock off {before.what} ({before.reason.rstrip('.')})."
    notice = None if person == before.owner else _notice(before, "off", told, at, person)
    sentence = f"{before.what} is no longer locked by <@{before.owner}> ({before.reason.rstrip('.')})."
    return Locking(before, None, "unlocked", person, at, sentence, text, notice)


def nag(before: Lock, at: float) -> Locking:
    """Its owner is told, once, that it ends soon."""
    told = (
        f"Your lock on {before.what} ({before.reason.rstrip('.')}) ends {before.ends}. "
        "Lock it again if it is to last longer; unlock it if it is no longer needed."
    )
    after = replace(before, nagged=True, version=before.version + 1)
    return Locking(before, after, "lock ends soon", BY_ITSELF, at, told, notice=_notice(before, "ends", told, at))


def end(before: Lock, at: float) -> Locking:
    """Its time is over."""
    return Locking(before, None, "lock ended", BY_ITSELF, at, f"The lock on {before.what} has ended.")


def nags_at(lock: Lock) -> float:
    """Of a lock that has an end."""
    assert lock.until is not None  # noqa: S101 - holds are never due
    return lock.until - min(SOONEST, (lock.until - lock.since) / 4)


def _notice(lock: Lock, about: str, told: str, at: float, *people: str) -> Notice:
    """Named after this very lock as it stands: of the same thing there is one."""
    id = f"{PREFIX}lock-{about}:{lock.target}:{lock.since}:{lock.version}"
    return Notice(id, lock.owner, told, at, people)
