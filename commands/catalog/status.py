"""``status``: of a workload, of a whole environment, or of one operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from commands.catalog.reporting import operation, runs, workload
from commands.catalog.reporting.standing import Health, Standing, standing_of
from commands.declaration import Argument, Asks, Command, Reads, Takes, Type
from commands.errors import Forbidden
from commands.grammar.suggestions import listed
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import image_of, images, said_of, template_of
from commands.report import Prose, Report, Table
from commands.wording import counted

AT_A_GLANCE = 20
"""Rows that nobody needs to have counted."""


def report(invocation: Invocation, live: Live) -> Report:
    """What was named decides. An operation needs no environment: it knows its own."""
    if id_ := invocation.argument("operation"):
        return operation.report_on(live.operation(id_))
    if said := invocation.argument("workload"):
        subject = live.subject(said)
        full = runs.report_on if subject["kind"] in runs.KINDS else workload.report_on
        return full(subject, live, invocation.at)
    return _environment(live)


def _environment(live: Live) -> Report:
    """Every workload on one line, the worst first. Their own status tells it all: not one pod is read."""
    batch, unread = _runs(live)
    standings = [(standing_of(obj), obj) for obj in (*live.workloads(), *batch)]
    if not standings:
        nothing = Prose(f"Nothing is deployed in namespace {live.namespace}.")
        return Report(f"{live.environment}: no workloads", (nothing, *unread))
    standings.sort(key=_worst_first)
    troubled = sum(standing.health < Health.READY for standing, _ in standings)
    every = counted(len(standings), "workload")
    how = f"{troubled} of {every} not ready" if troubled else f"{'all ' if len(standings) > 1 else ''}{every} ready"
    rows = tuple(_row(standing, obj) for standing, obj in standings)
    more = f"The worst are shown; `status <name> in {live.environment}` shows any one of them."
    table = Table(("Workload", "State", "Ready", "Updated", "Version"), rows, tally=1, more=more)
    return Report(f"{live.environment}: {how}", (table, *_counted(standings), *_locked(live), *unread))


def _locked(live: Live) -> Iterator[Prose]:
    """What nobody is to change, though it may be ready."""
    if found := list(dict.fromkeys(lock.name or lock.environment for lock in live.locks(live.environment))):
        yield Prose(f"Locked or held: {listed(found, 'and')}. `locks in {live.environment}` tells by whom and why.")


def _counted(standings: Sequence[tuple[Standing, Object]]) -> Iterator[Prose]:
    """By state, the worst first: of many workloads a message's table holds the worst only."""
    if len(standings) > AT_A_GLANCE:
        words = Counter(standing.word for standing, _ in standings)
        yield Prose(", ".join(f"{count} {word}" for word, count in words.items()) + ".")


def _runs(live: Live) -> tuple[Sequence[Object], tuple[Prose, ...]]:
    try:
        return live.runs(), ()
    except Forbidden as error:
        return (), (Prose(f"Jobs and CronJobs: not known. {error}"),)


def _worst_first(pair: tuple[Standing, Object]) -> tuple[Health, float, str]:
    """One that rolls out and lacks pods serves no better than one that merely lacks them."""
    standing, obj = pair
    lacks = standing.health is Health.ROLLING and standing.lack > 0
    return Health.DEGRADED if lacks else standing.health, -standing.lack, said_of(obj)


def _row(standing: Standing, obj: Object) -> tuple[str, ...]:
    versions = ", ".join(image_of(image).version for image in images(template_of(obj)).values())
    ready = f"{standing.ready}/{standing.wanted}" if obj["kind"] != "CronJob" else ""
    updated = str(standing.updated) if obj["kind"] not in runs.KINDS else ""
    return said_of(obj), standing.word, ready, updated, versions


_ASKS = frozenset({
    Asks.SUBJECT, Asks.WORKLOADS, Asks.RUNS, Asks.PODS, Asks.REVISION, Asks.AUTOSCALERS, Asks.BUDGETS, Asks.SERVICES,
    Asks.EVENTS,
})  # fmt: skip

COMMAND = Command(
    name="status",
    summary="Show how a workload, an environment or an operation stands",
    effect=Reads(report),
    asks=_ASKS,
    arguments=(
        Argument(
            "workload",
            Type.WORKLOAD,
            "one workload, Job or CronJob; all of the environment, if left out",
            required=False,
        ),
        Argument("operation", Type.OPERATION, "one operation by its id, instead", required=False),
    ),
    environment=Takes.MAYBE,
    examples=("status web in prod", "status in prod", "status op-7k3f"),
)
