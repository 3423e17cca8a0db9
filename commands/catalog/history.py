"""``history``: the revisions of a workload, whose each was and how it ended, to compare with or to go back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commands.catalog.reporting.origin import Origins, Own
from commands.catalog.reporting.workload import pods_of
from commands.declaration import Argument, Asks, Command, Reads, Type
from commands.invocation import Invocation
from commands.live import Live, Object, Revision
from commands.objects import REVISION_LABELS, image_of, images, name_of
from commands.operation import State
from commands.report import Choice, Prose, Report, Section, Table
from commands.running import digests, short
from commands.times import age, seconds_of
from commands.wording import counted

COLUMNS = ("Revision", "Images", "Since", "By", "Ended", "")
CHOICES = 10
"""In a menu, the newest: its lines count for a message's size."""


def report(invocation: Invocation, live: Live) -> Report:
    """Newest first."""
    workload = live.workload(invocation.arguments["workload"])
    revisions = live.revisions(workload)
    name = f"{name_of(workload)} in {live.environment}"
    if not revisions:
        return Report(f"{name}: no revisions", (Prose("None are kept, so there is nothing to roll back to."),))
    origins, (pods, unread) = Origins(workload, live), pods_of(workload, live)
    ours = {each.number: origins.of(each.template, each.stamp) for each in revisions}
    others = {each.number: origins.told(each) for each in revisions if not ours[each.number]}
    rows = tuple(_row(each, ours[each.number], others, pods, invocation.at) for each in revisions)
    told = (Prose(unread),) if unread else ()
    choices = _choices(workload, revisions, ours, live.environment, invocation.at)
    return Report(f"{name}: {counted(len(revisions), 'revision')}", (Table(COLUMNS, rows), *told, *choices))


def _row(
    revision: Revision, ours: Own | None, others: Mapping[int, str], pods: Sequence[Object], now: float
) -> tuple[str, ...]:
    """``others``: by number whose those are that are not told of by our records."""
    at = ours.written.at if ours else seconds_of(revision.created)
    return (
        str(revision.number),
        ", ".join(_images(revision, pods, ours)),
        age(at, now) if at else "",
        ours.by if ours else others[revision.number],
        _ended(ours) if ours else "",
        "current" if revision.current else "",
    )


def _images(revision: Revision, pods: Sequence[Object], ours: Own | None) -> Iterator[str]:
    """With the digest behind a tag: of the pods that run of that revision, else as our operation found it when it ended.

    One that went back found what ran before, which may be behind the same tag as what broke.
    """
    kept = {each.container: each for each in (ours.running if ours else ())}
    own = [
        pod for pod in pods if revision.marks & {(pod["metadata"].get("labels") or {}).get(x) for x in REVISION_LABELS}
    ]
    for container, image in images(revision.template).items():
        found = list(digests(own, container, image)) if not image_of(image).digest else []
        if not found and container in kept and kept[container].image == image:
            found = [digest for digest, _ in kept[container].digests]
        shown = ", ".join(map(short, found))
        yield f"{image} ({shown})" if shown else image


def _ended(ours: Own) -> str:
    """Of what it went back to only where that failed too: the reason for going back is told of what broke."""
    operation = ours.operation
    if ours.went_back and operation.state is State.ROLLED_BACK:
        return "ready again"
    if operation.ending and operation.state is not State.SUCCEEDED:
        return f"{operation.state.value}: {operation.ending.sentence}"
    return operation.state.value


def _choices(
    workload: Object, revisions: Sequence[Revision], ours: Mapping[int, Own | None], environment: str, now: float
) -> Iterator[Section]:
    """The same as typing it: nothing is decided here. ``ours``: by number."""
    others = [each for each in revisions if not each.current][:CHOICES]
    if not others:
        return
    lines = {
        each.number: f"rollback {workload['kind'].lower()}/{name_of(workload)} in {environment} to {each.number}"
        for each in others
    }
    texts = {each.number: _text(each, ours[each.number], now) for each in others}
    yield Choice("Compare with now …", tuple((texts[each.number], f"diff {lines[each.number]}") for each in others))
    yield Choice(
        "Roll back to …",
        tuple((texts[each.number], lines[each.number]) for each in others),
        confirm=f"{name_of(workload)} in {environment} goes back by a new operation, with its own plan and approvals.",
    )


def _text(revision: Revision, ours: Own | None, now: float) -> str:
    """That it broke comes first: a menu cuts what is long."""
    why = ours.broke if ours else None
    broke = "" if why is None else f", broke ({why})" if why else ", broke"
    versions = ", ".join(image_of(image).version for image in images(revision.template).values())
    since = f", {age(seconds_of(revision.created), now)} old" if revision.created else ""
    return f"Revision {revision.number}{broke}: {versions}{since}"


COMMAND = Command(
    name="history",
    summary="List the revisions of a workload",
    effect=Reads(report),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISIONS, Asks.PODS}),
    arguments=(Argument("workload", Type.WORKLOAD, "whose revisions, such as web or sts/db"),),
    examples=("history web in prod",),
)
