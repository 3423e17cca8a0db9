"""``locks``: what is locked, by whom, why and until when."""

from __future__ import annotations

from datetime import UTC

from commands.declaration import Command, Reads, Takes
from commands.invocation import Invocation
from commands.live import Live
from commands.locks.lock import Lock
from commands.report import Prose, Report, Table
from commands.times import wall
from commands.wording import counted

COLUMNS = ("Locked", "By", "Why", "Since", "Until")


def report(invocation: Invocation, live: Live) -> Report:
    """As far as the person may see the environments."""
    locks = live.locks(invocation.environment)
    where = f" in {invocation.environment}" if invocation.environment else ""
    if not locks:
        return Report(f"Nothing is locked{where}")
    table = Table(COLUMNS, tuple(map(_row, locks)))
    return Report(f"{counted(len(locks), 'lock')}{where}", (table, Prose("To take one off: unlock.")))


def _row(lock: Lock) -> tuple[str, ...]:
    return lock.what, lock.operation or f"<@{lock.owner}>", lock.reason, wall(lock.since, UTC), lock.ends


COMMAND = Command(
    name="locks",
    summary="List what is locked, by whom and why",
    effect=Reads(report, private=True),  # it lists what the asker may see, and others in the channel perhaps not
    environment=Takes.MAYBE,
    examples=("locks", "locks in prod"),
    anyone=True,
    instead="leave it out: who may run anything in an environment sees the locks there",
)
