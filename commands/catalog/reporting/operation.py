"""Operations: one line of a table, which are under way on a workload, and one in full."""

from __future__ import annotations

from collections.abc import Iterator

from commands.live import Live, Object
from commands.objects import ref_of
from commands.operation import Diagnosis, Operation
from commands.report import Code, Diff, Fields, Prose, Report, Section, Table
from commands.times import age, utc
from commands.wording import plural

COLUMNS = ("Operation", "What", "Environment", "State", "Asked by", "Since")


def row(operation: Operation, now: float) -> tuple[str, ...]:
    """For a table with ``COLUMNS``."""
    requester = f"<@{operation.invocation.person.id}>"
    what = f"{operation.invocation.verb} {operation.what}"
    return (
        operation.id,
        what,
        operation.environment,
        operation.state.value,
        requester,
        age(operation.moments[-1].at, now),
    )


def in_flight_on(workload: Object, live: Live) -> list[Operation]:
    """Those that are not at their end and aim at this very workload."""
    claim = ref_of(workload, live.cluster).claim
    return [
        op for op in live.operations(live.environment) if not op.state.final and op.target and op.target.claim == claim
    ]


def left_out(live: Live) -> str:
    """What a list of operations does not tell; nothing where it tells all."""
    newer = live.newer()
    return (
        f"{newer} more under way {plural(newer, 'was', 'were')} written by a newer version of Quarterdeck."
        if newer
        else ""
    )


def report_on(operation: Operation) -> Report:
    """Everything on it: state, who, what, where, the diff, approvals, moments, ending, diagnosis."""
    return Report(f"{operation.id}: {operation.headline}", tuple(_sections(operation)))


def _sections(operation: Operation) -> Iterator[Section]:
    yield Fields(tuple(_fields(operation)))
    if operation.plan:
        yield Diff(operation.plan.diff)
        yield from (Prose(f"⚠️ {risk}") for risk in operation.plan.risks)
    yield from _drifts(operation)
    yield Table(("State", "Since"), tuple((moment.state.value, utc(moment.at)) for moment in operation.moments))
    if operation.ending:
        by = f" (<@{operation.ending.by}>)" if operation.ending.by else ""
        yield Prose(f"{operation.ending.sentence}{by}", strong=True)
        if operation.ending.diagnosis:
            yield from _diagnosis(operation.ending.diagnosis)


def _drifts(operation: Operation) -> Iterator[Section]:
    """A record keeps the first and the latest ones; how many there were is told where some are missing."""
    if len(operation.drifts) < operation.times_drifted:
        yield Prose(f"Drifted {operation.times_drifted} times; the first and the latest are shown.")
    for drift in operation.drifts:
        yield Prose(f"Drifted at {utc(drift.at)}, approvals void:")
        yield Diff(drift.changes)


def _fields(operation: Operation) -> list[tuple[str, str]]:
    said = operation.invocation
    pairs = [
        ("State", operation.state.value),
        ("Asked by", f"<@{said.person.id}> at {utc(said.at)}"),
        ("Said", said.text),
        ("Environment", operation.environment),
        ("Target", operation.target.claim if operation.target else ""),
        ("Break-glass", "no approval was asked for, and no freeze obeyed" if said.breaks_glass else ""),
        ("Reason", str(said.argument("reason") or "")),
        ("Link", str(said.argument("link") or "")),
        ("Came from", f"{operation.origin.relation} of {operation.origin.id}" if operation.origin else ""),
        ("Approvals", _approvals(operation)),
        ("Runs", "; ".join(each.said for each in operation.ending.running) if operation.ending else ""),
        ("Plan", f"digest {operation.plan.digest[:12]}" if operation.plan else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _approvals(operation: Operation) -> str:
    if operation.demand is None:
        return ""
    people = ", ".join(f"<@{vote.person}>" for vote in operation.approvals)
    return f"{sum(map(len, operation.given))} of {operation.demand.total}{f' ({people})' if people else ''}"


def _diagnosis(diagnosis: Diagnosis) -> Iterator[Section]:
    """Without the log: anyone may ask for a status, and logs want a right of their own (they are in the thread)."""
    pairs = [
        ("Cause", diagnosis.cause),
        ("Container", diagnosis.container or ""),
        ("Image", diagnosis.image or ""),
        ("Reason", diagnosis.reason or ""),
        ("Exit code", "" if diagnosis.exit_code is None else str(diagnosis.exit_code)),
        ("Pods", _pods(diagnosis)),
    ]
    yield Fields(tuple((label, value) for label, value in pairs if value))
    if diagnosis.events:
        yield Code("\n".join(diagnosis.events))


def _pods(diagnosis: Diagnosis) -> str:
    names = ", ".join(diagnosis.pods)
    return f"{len(diagnosis.pods)} of {diagnosis.of}: {names}" if names and diagnosis.of else names
