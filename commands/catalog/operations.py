"""``operations``: what is going on, as far as the person may see it."""

from __future__ import annotations

from commands.catalog.reporting.operation import COLUMNS, left_out, row
from commands.declaration import Command, Reads, Takes
from commands.invocation import Invocation
from commands.live import Live
from commands.report import Prose, Report, Table
from commands.wording import counted


def report(invocation: Invocation, live: Live) -> Report:
    """Newest first, those that ended lately included."""
    operations = live.operations(invocation.environment)
    where = f" in {invocation.environment}" if invocation.environment else ""
    running = sum(not operation.state.final for operation in operations)
    ended = len(operations) - running
    title = f"{counted(running, 'operation')} under way{where}" if running else f"Nothing is going on{where}"
    if ended:
        title = f"{title}; {ended} ended lately"
    more = (Prose(told),) if (told := left_out(live)) else ()
    if not operations:
        return Report(title, more)
    table = Table(COLUMNS, tuple(row(operation, invocation.at) for operation in operations))
    return Report(title, (table, *more, Prose("One of them in full: status and its id.")))


COMMAND = Command(
    name="operations",
    summary="List the operations under way",
    effect=Reads(report, private=True),  # it lists what the asker may see, and others in the channel perhaps not
    environment=Takes.MAYBE,
    examples=("operations", "operations in prod"),
    anyone=True,
    instead="leave it out, or name status: who may run that in an environment sees the operations there",
)
