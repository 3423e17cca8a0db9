"""``unlock``: take a lock off, or lift a hold. Whose it is may; others need the right to, and its owner is told."""

from __future__ import annotations

from commands.declaration import Argument, Command, Locks, Offered, Type
from commands.errors import NotFound
from commands.grammar.suggestions import listed
from commands.invocation import Invocation
from commands.live import Live
from commands.locks.lock import Lock
from commands.locks.locking import Locking, take_off


def decide(invocation: Invocation, live: Live) -> Locking:
    """The workload may be gone by now, so it is looked for among the locks: the person's own first, then a hold."""
    said = invocation.argument("workload")
    locks = live.locks(live.environment)
    meant = [lock for lock in locks if _is_meant(lock, said)]
    if not meant:
        where = f"{said} in {live.environment}" if said else f"{live.environment} as a whole"
        others = f" There is one on {listed([lock.what for lock in locks], 'and')}." if locks else ""
        raise NotFound(f"There is no lock on {where}.{others}")
    found = min(meant, key=lambda lock: (lock.owner != invocation.person.id, lock.operation is None))
    return take_off(found, invocation.person.id, invocation.at, invocation.text)


def _is_meant(lock: Lock, said: str | None) -> bool:
    """``said`` is ``web`` or ``Deployment/web``."""
    if said is None:
        return lock.name is None
    return said in {lock.name, f"{lock.kind}/{lock.name}"}


COMMAND = Command(
    name="unlock",
    summary="Take off a lock, or lift a hold",
    effect=Locks(decide),
    arguments=(
        Argument("workload", Type.WORKLOAD, "which one; the environment's own lock, if left out", required=False),
    ),
    examples=("unlock web in prod", "unlock in prod"),
    anyone=True,
    offered=Offered.LOCKING,
)
