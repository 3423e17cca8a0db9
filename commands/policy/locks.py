"""Locks: who has asked everyone to leave a workload or an environment alone. Pure; times are Unix seconds.

A lock speaks against what waits, for approval or for a worker. What was being carried out when it was set goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commands.draft import Ref
from commands.locks.lock import Lock
from commands.operation import Operation, State


def objecting(locks: Iterable[Lock], operation: Operation, target: Ref, now: float) -> Iterator[Lock]:
    """Those that speak against planning the operation, or against writing it."""
    for lock in locks:
        acting = operation.state is State.ACTING and operation.since < lock.since
        if lock.holds(now) and lock.covers(operation.environment, target.kind, target.name) and not acting:
            yield lock


def sentence(lock: Lock) -> str:
    """For who is refused: who, why, since and until when, and what to do."""
    if lock.operation:
        return f"{lock.what} is {lock.told} Look into that first, then lift the hold (`unlock {lock.what}`)."
    return f"{lock.what} is {lock.told} Ask them, or have it unlocked (`unlock {lock.what}`)."
