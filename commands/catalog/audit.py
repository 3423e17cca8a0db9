"""``audit``: who did what to a workload, in an environment or anywhere, and what came of it, newest first."""

from __future__ import annotations

from commands.declaration import Argument, Asks, Command, Reads, Takes, Type
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
    where = invocation.environment
    found = live.audit(where, workload)
    title = f"audit of {' in '.join(filter(None, (workload, where))) or 'all that you may see'}"
    whole = Prose("The whole record: `quarterdeck audit export`, where Quarterdeck runs.")
    if not found:
        return Report(f"{title}: no entries", (Prose("None among the latest entries."), whole))
    table = Table(COLUMNS, tuple(_row(entry, where) for entry in found))
    return Report(f"{title}: the latest {len(found)}", (table, whole))


def _row(entry: Entry, asked: str | None) -> tuple[str, ...]:
    """The environment is said where none was ``asked`` for: an entry of a press or by itself has no words that tell it."""
    who = entry.actor if entry.actor == "quarterdeck" else f"<@{entry.actor}>"
    where = None if asked else entry.environment
    what = ", ".join(part for part in (where, entry.operation, entry.text) if part)
    return utc(entry.at), who, what, f"{entry.event}: {entry.detail}" if entry.detail else entry.event


COMMAND = Command(
    name="audit",
    summary="Show who did what, and what came of it, to you alone",
    effect=Reads(report, private=True),
    asks=frozenset({Asks.WORKLOAD}),  # a rule may be about labels
    arguments=(Argument("workload", Type.WORKLOAD, "one workload; all of them, if left out", required=False),),
    environment=Takes.MAYBE,
    examples=("audit web in prod", "audit in prod", "audit"),
)
