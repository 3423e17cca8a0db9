"""DaemonSets: a pod on each node that is wanted, rolled node by node or only when pods are deleted. No deadline of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commands.objects import annotation
from commands.operation import Written
from commands.wording import counted, plural
from workers.kinds import faults
from workers.kinds.faults import USUAL, Circumstances, is_leaving
from workers.kinds.faults.nodes import is_lost
from workers.kinds.faults.refusals import heard_of
from workers.kinds.judgement import Case, Counts, Verdict, faulty, overdue, refusing, unsettled, until_deleted, warned
from workers.kinds.phase import is_ready

Object = Mapping[str, Any]

KIND = "DaemonSet"
CHILDREN: tuple[str, ...] = ()

_GENERATION = "deprecated.daemonset.template.generation"
_NAMED = 3
"""So many of the nodes that are not heard of are told by name."""
_LABEL = "pod-template-generation"
"""Counts the template's changes; the controller still writes it on each pod (measured on 1.37)."""


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
    """See ``workers.kinds.verdict``."""
    template = annotation(dict(workload), _GENERATION)
    ours = [pod for pod in pods if (pod["metadata"].get("labels") or {}).get(_LABEL) == template]
    counts = _counts(workload)
    refused = heard_of(workload, around, written.at) if len(pods) < counts.desired else None
    notes = faults.warnings(ours, now, around) + faults.lingering(pods, now) + warned(refused, now)
    case = Case(workload, written, counts, now, notes, ours, pods)
    return (
        unsettled(case)
        or faulty(case, ours, around)
        or refusing(case, refused)
        or _done_where_heard(case, pods)
        or _done(case)
        or overdue(case, deadline)
        or case.progressing()
    )


def _counts(workload: Object) -> Counts:
    status = workload.get("status") or {}
    desired, updated = int(status.get("desiredNumberScheduled") or 0), int(status.get("updatedNumberScheduled") or 0)
    available = int(status.get("numberAvailable") or 0)
    old = max(0, int(status.get("currentNumberScheduled") or 0) - updated)
    return Counts(desired, updated, max(0, min(updated, available - old)), old)


def _done(case: Case) -> Verdict | None:
    desired, status = case.counts.desired, case.status
    if int(status.get("numberAvailable") or 0) < desired:
        return None
    left = desired - int(status.get("updatedNumberScheduled") or 0)
    if (case.spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return case.done(until_deleted(left, desired), left) if left > 0 else case.done()
    return case.done() if left <= 0 else None


def _done_where_heard(case: Case, pods: Sequence[Object]) -> Verdict | None:
    """A node that is gone for hours holds up no rollout: what is to run there follows when it is back.

    The pods themselves are counted, for a status that is behind may count one of a lost node as available. It leaves out
    nodes whose taints the pods don't tolerate, as the one that lost nodes get; what still runs there is misscheduled.
    """
    lost = sorted({str(pod["spec"].get("nodeName")) for pod in pods if is_lost(pod, case.now)})
    wanted = max(0, len(lost) - int(case.status.get("numberMisscheduled") or 0))
    heard = case.counts.desired - wanted
    ready = sum(1 for pod in case.pods if is_ready(pod) and not is_leaving(pod))
    if not lost or not 0 < heard <= min(ready, int(case.status.get("numberAvailable") or 0)):
        return None
    named = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED} more" if lost[_NAMED:] else "")
    said = f"{heard} of {counted(case.counts.desired, 'pod')} ready"
    return case.done(
        f"{said}; {plural(len(lost), 'node')} {named} {plural(len(lost), 'is', 'are')} not heard of", wanted
    )
