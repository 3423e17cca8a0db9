"""``pending``: what waits for the person's yes, and what of theirs waits for others'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commands.catalog.reporting.operation import left_out
from commands.declaration import Command, Reads, Takes
from commands.invocation import Invocation
from commands.live import Live
from commands.operation import Operation, State
from commands.report import Prose, Report, Section, Table
from commands.times import age, utc

COLUMNS = ("Operation", "What", "Environment", "Asked by", "Waits since", "Approvals", "Until")


def report(invocation: Invocation, live: Live) -> Report:
    """The longest waiting first."""
    waiting = [op for op in live.operations(invocation.environment) if op.state is State.AWAITING]
    waiting.sort(key=lambda op: op.since)
    mine = [op for op in waiting if op.invocation.person.id == invocation.person.id]
    for_me = [op for op in waiting if live.awaits(op)]
    title = f"{len(for_me)} waiting for your approval, {len(mine)} of yours waiting for others'"
    if not (for_me or mine):
        title = "Nothing waits for your approval, and nothing of yours waits for others'"
    return Report(title, tuple(_sections(for_me, mine, live, invocation.at)))


def _sections(for_me: list[Operation], mine: list[Operation], live: Live, now: float) -> Iterator[Section]:
    if for_me:
        yield Prose("For you to answer, on its message or here (approve and its id; deny, its id and a reason):")
        yield _table(for_me, now)
    if mine:
        yield Prose("Yours:")
        yield _table(mine, now)
    if told := left_out(live):
        yield Prose(told)


def _table(operations: Iterable[Operation], now: float) -> Table:
    return Table(COLUMNS, tuple(_row(op, now) for op in operations))


def _row(op: Operation, now: float) -> tuple[str, ...]:
    asked = op.demand
    given = f"{sum(map(len, op.given))} of {asked.total}" if asked else ""
    what = f"{op.invocation.verb} {op.what}"
    until = utc(asked.expires) if asked else ""
    return op.id, what, op.environment, f"<@{op.invocation.person.id}>", age(op.since, now), given, until


COMMAND = Command(
    name="pending",
    summary="List what waits for your approval, and what of yours waits",
    effect=Reads(report, private=True),
    environment=Takes.MAYBE,
    examples=("pending", "pending in prod"),
    anyone=True,
    instead="leave it out: it shows each person what waits for that person",
)
