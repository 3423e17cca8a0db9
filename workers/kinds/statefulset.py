"""StatefulSets: ordered, perhaps only a part (partition), perhaps only when pods are deleted (OnDelete). No deadline of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commands.objects import replicas_wanted
from commands.operation import Written
from commands.ordered import is_kept
from commands.wording import counted, plural
from workers.kinds import faults
from workers.kinds.faults import USUAL, Circumstances
from workers.kinds.faults.refusals import heard_of
from workers.kinds.judgement import Case, Counts, Verdict, faulty, overdue, refusing, unsettled, until_deleted, warned
from workers.kinds.phase import is_ready

Object = Mapping[str, Any]

KIND = "StatefulSet"
CHILDREN: tuple[str, ...] = ()

_HASH = "controller-revision-hash"


def verdict(
    workload: Object,
    _children: Sequence[Object],
    pods: Sequence[Object],
    written: Written,
    now: float,
    *,
    deadline: float,
    around: Circumstances = USUAL,
) -> Verdict:
    """See ``workers.kinds.verdict``. Which pods are of our template is told by ``status.updateRevision``."""
    revision = (workload.get("status") or {}).get("updateRevision")
    ours = [pod for pod in pods if (pod["metadata"].get("labels") or {}).get(_HASH) == revision]
    others = [pod for pod in pods if pod not in ours]
    counts = _counts(workload, ours, others)
    refused = heard_of(workload, around, written.at) if len(pods) < counts.desired else None
    notes = faults.warnings(ours, now, around) + faults.lingering(pods, now) + _stuck(workload, others, now)
    case = Case(workload, written, counts, now, notes + warned(refused, now), ours, pods)
    return (
        unsettled(case)
        or faulty(case, ours, around)
        or refusing(case, refused)
        or _done(case, others)
        or overdue(case, deadline)
        or case.progressing()
    )


def _counts(workload: Object, ours: Sequence[Object], others: Sequence[Object]) -> Counts:
    ready = sum(1 for pod in ours if is_ready(pod))
    return Counts(replicas_wanted(dict(workload)) or 0, len(ours), ready, len(others))


def _done(case: Case, others: Sequence[Object]) -> Verdict | None:
    """What has to be new is, everything is ready, and nothing is left over."""
    desired, status = case.counts.desired, case.status
    every, ready = int(status.get("replicas") or 0), int(status.get("readyReplicas") or 0)
    available = int(status.get("availableReplicas", ready) or 0)
    if every != desired or ready < desired or available < desired:
        return None
    left = desired - int(status.get("updatedReplicas") or 0)
    if left <= 0:
        return case.done()
    if _is_on_delete(case.workload):
        return case.done(until_deleted(left, desired), left)
    return _done_above_the_partition(case, others)


def _done_above_the_partition(case: Case, others: Sequence[Object]) -> Verdict | None:
    """Its pods have to say so too: going back to what the partition keeps, that counts as updated before any other pod is."""
    desired, new, kept = case.counts.desired, case.counts.ready, len(others)
    updated = int(case.status.get("updatedReplicas") or 0)
    if not all(is_kept(case.workload, pod) for pod in others) or not new == updated == desired - kept:
        return None
    said = f"{new} of {counted(desired, 'pod')} {plural(new, 'is', 'are')} new and ready, {kept} kept by the partition"
    return case.done(said, kept)


def _stuck(workload: Object, others: Sequence[Object], now: float) -> tuple[str, ...]:
    """Ordered, it never replaces a broken pod by itself (kubernetes#67250)."""
    if workload["spec"].get("podManagementPolicy") == "Parallel":
        return ()
    fault = faults.first_fault(others, now)
    return (
        (f"pod {fault.pod} of an earlier revision is broken and blocks the rollout until it is deleted",)
        if fault
        else ()
    )


def _is_on_delete(workload: Object) -> bool:
    return (workload["spec"].get("updateStrategy") or {}).get("type") == "OnDelete"
