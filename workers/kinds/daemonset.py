"""DaemonSets: a pod on each node that is wanted, rolled node by node or only when pods are deleted. No deadline of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from commands.objects import annotation
from commands.operation import Written
from commands.wording import counted, plural
from workers.kinds import faults
from workers.kinds.faults import USUAL, Circumstances, is_leaving
from workers.kinds.faults.nodes import is_lost, is_untaken
from workers.kinds.faults.refusals import heard_of
from workers.kinds.judgement import Case, Counts, Verdict, faulty, overdue, refusing, unsettled, until_deleted, warned
from workers.kinds.phase import is_available

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

    Of each node that is wanted or has a pod that it should not (misscheduled: its taint came later and is not tolerated)
    there has to be a pod: which of the two a lost node is, the status does not say. Elsewhere than on lost ones each has to
    be ours and ready. The pods themselves are counted, for a status that is behind may count one of a lost node as available.
    """
    missing = [pod for pod in pods if is_lost(pod, case.now)]
    lost = {_node(pod) for pod in missing}
    heard = [pod for pod in pods if _node(pod) not in lost]
    desired, misscheduled = case.counts.desired, int(case.status.get("numberMisscheduled") or 0)
    ready = min(desired, len(heard), int(case.status.get("numberAvailable") or 0))
    if not lost or ready <= 0 or ready < desired - len(lost) or len(heard) + len(lost) < desired + misscheduled:
        return None
    if not _all_new_and_ready(case, heard) or int(case.status.get("updatedNumberScheduled") or 0) < ready:
        return None
    silent = {_node(pod) for pod in missing if not is_untaken(pod)}
    said = [
        f"{ready} of {counted(desired, 'pod')} ready",
        _named(silent, "is not heard of", "are not heard of"),
        _named(lost - silent, "has not taken its pod up", "have not taken their pods up"),
    ]
    return case.done("; ".join(filter(None, said)), desired - ready)


def _all_new_and_ready(case: Case, pods: Sequence[Object]) -> bool:
    ours, least = {id(pod) for pod in case.pods}, int(case.spec.get("minReadySeconds") or 0)
    return all(id(pod) in ours and not is_leaving(pod) and is_available(pod, least, case.now) for pod in pods)


def _node(pod: Object) -> str:
    return str(pod["spec"].get("nodeName"))


def _named(nodes: Collection[str], one: str, several: str) -> str:
    if not nodes:
        return ""
    more = f" and {len(nodes) - _NAMED} more" if len(nodes) > _NAMED else ""
    return (
        f"{plural(len(nodes), 'node')} {', '.join(sorted(nodes)[:_NAMED])}{more} {one if len(nodes) == 1 else several}"
    )
