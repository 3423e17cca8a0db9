"""``audit``: who did what to a workload or in an environment, and what came of it, newest first."""

from __future__ import annotations

from commands.declaration import Argument, Asks, Command, Reads, Type
from commands.entry import Entry
from commands.invocation import Invocation
from commands.live import Live
from commands.report import Prose, Report, Table
from commands.times import utc

COLUMNS = ("When", "Who", "What", "Outcome")


def report(invocation: Invocation, live: Live) -> Report:
    """The latest entries that the person may see; how far back was looked is said where that hides anything."""
    said = invocation.argument("workload")
    workload = str(said).rpartition("/")[2] if said else None
    found = live.audit(live.environment, workload)
    what = f"{workload} in {live.environment}" if workload else live.environment
    whole = Prose("The whole record: `quarterdeck audit export`, where Quarterdeck runs.")
    if not found:
        return Report(f"audit of {what}: no entries", (Prose("None among the latest entries."), whole))
    table = Table(COLUMNS, tuple(map(_row, found)))
    return Report(f"audit of {what}: the latest {len(found)}", (table, whole))


def _row(entry: Entry) -> tuple[str, ...]:
    who = entry.actor if entry.actor == "quarterdeck" else f"<@{entry.actor}>"
    what = ", ".join(part for part in (entry.operation, entry.text) if part)
    return utc(entry.at), who, what, f"{entry.event}: {entry.detail}" if entry.detail else entry.event


COMMAND = Command(
    name="audit",
    summary="Show who did what, and what came of it, to you alone",
    effect=Reads(report, private=True),
    asks=frozenset({Asks.WORKLOAD}),  # a rule may be about labels
    arguments=(
        Argument("workload", Type.WORKLOAD, "one workload; all of the environment, if left out", required=False),
    ),
    examples=("audit web in prod", "audit in prod"),
)
