"""``history``: the revisions of a workload that a rollback can go back to."""

from __future__ import annotations

from commands.cause import readable
from commands.declaration import Argument, Asks, Command, Reads, Type
from commands.invocation import Invocation
from commands.live import Live, Revision
from commands.objects import images, name_of
from commands.report import Prose, Report, Table
from commands.times import age, seconds_of
from commands.wording import counted


def report(invocation: Invocation, live: Live) -> Report:
    """Newest first."""
    workload = live.workload(invocation.arguments["workload"])
    revisions = live.revisions(workload)
    name = f"{name_of(workload)} in {live.environment}"
    if not revisions:
        return Report(f"{name}: no revisions", (Prose("None are kept, so there is nothing to roll back to."),))
    rows = tuple(_row(revision, invocation.at) for revision in revisions)
    table = Table(("Revision", "Images", "Age", "Cause", ""), rows)
    return Report(f"{name}: {counted(len(revisions), 'revision')}", (table,))


def _row(revision: Revision, now: float) -> tuple[str, ...]:
    shown = ", ".join(images(revision.template).values())
    return (
        str(revision.number),
        shown,
        age(seconds_of(revision.created), now) if revision.created else "",
        readable(revision.cause or ""),
        "current" if revision.current else "",
    )


COMMAND = Command(
    name="history",
    summary="List the revisions of a workload",
    effect=Reads(report),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISIONS}),
    arguments=(Argument("workload", Type.WORKLOAD, "whose revisions, such as web or sts/db"),),
    examples=("history web in prod",),
)
