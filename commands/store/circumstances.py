"""The facts of the moment for one operation, besides its record: what limits and locks are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.operation import Operation
from commands.policy.circumstances import Circumstances

if TYPE_CHECKING:
    from commands.store import Store


def circumstances(store: Store, operation: Operation, now: float) -> Circumstances:
    """As they are now. Raises ``StoreUnavailable``."""
    locks = store.locks.in_force(now)
    return Circumstances(
        asked_before=store.turns.asked_before(operation, now),
        running_before=store.turns.running_before(operation),
        locks=tuple(lock for lock in locks if lock.environment == operation.environment),
    )
