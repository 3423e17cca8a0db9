"""Deployments: when a rollout is done, and when it is broken (facts/rollouts.md).

Its status speaks of the newest ReplicaSet, by whoever's template; so ours is found by the template, and has to be the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from commands.canonical import digest_of
from commands.objects import bare_template, is_controlled_by, replicas_wanted, revision_number
from commands.operation import Written
from commands.times import seconds_of
from commands.wording import counted
from workers.kinds import faults
from workers.kinds.faults import USUAL, Circumstances
from workers.kinds.faults.refusals import Refusal, refusal
from workers.kinds.judgement import Case, Counts, Verdict, condition, faulty, overdue, refusing, unsettled, warned

Object = Mapping[str, Any]

KIND = "Deployment"
CHILDREN: tuple[str, ...] = ("ReplicaSet",)

_COUNTED = ("replicas", "updatedReplicas", "availableReplicas")
_LINGERING = 10.0
"""Seconds after which an error that is older than our write counts as ours: the controller would have cleared it."""


def verdict(
    workload: Object,
    children: Sequence[Object],
    pods: Sequence[Object],
    written: Written,
    now: float,
    *,
    deadline: float,
    around: Circumstances = USUAL,
) -> Verdict:
    """``children`` are its ReplicaSets; see ``workers.kinds.verdict``. ``deadline`` holds where it has none of its own."""
    ours = _ours(children, written)
    our_pods = [pod for pod in pods if ours and is_controlled_by(dict(pod), ours["metadata"]["uid"])]
    refused = _refusal(ours, written, around)
    notes = faults.warnings(our_pods, now, around) + faults.lingering(pods, now) + warned(refused, now)
    case = Case(workload, written, _counts(workload, ours), now, notes, our_pods, [*children, *pods])
    return (
        unsettled(case)
        or _paused(case, ours, children)
        or faulty(case, our_pods, around)
        or refusing(case, refused)
        or _scaled_while_paused(case, deadline)
        or _timed_out(case)
        or _done(case, ours, children)
        or _overdue(case, deadline)
        or case.progressing()
    )


def _ours(replica_sets: Sequence[Object], written: Written) -> Object | None:
    """The newest with our template: after a hash collision there may be two."""
    same = [rs for rs in replica_sets if digest_of(bare_template(rs["spec"]["template"])) == written.template]
    return max(same, key=_revision, default=None)


def _counts(workload: Object, ours: Object | None) -> Counts:
    status = (ours or {}).get("status") or {}
    updated = int(status.get("replicas") or 0)
    every = int((workload.get("status") or {}).get("replicas") or 0)
    desired = replicas_wanted(dict(workload)) or 0
    return Counts(desired, updated, int(status.get("readyReplicas") or 0), max(0, every - updated))


def _paused(case: Case, ours: Object | None, children: Sequence[Object]) -> Verdict | None:
    """A template waits for as long as that lasts, unless all was complete before; replicas do not wait."""
    if not case.spec.get("paused") or case.written.scales:
        return None
    waits = case.verdict("paused", "paused: nothing rolls out until somebody resumes it")
    return _done(case, ours, children) or waits


def _scaled_while_paused(case: Case, deadline: float) -> Verdict | None:
    """The controller shares the replicas out among the ReplicaSets that there are, of whatever template."""
    if not case.spec.get("paused"):
        return None
    desired, status = case.counts.desired, case.status
    every, updated, available = (int(status.get(key) or 0) for key in _COUNTED)
    said = f"{available} of {counted(desired, 'pod')} ready"
    if every == available == desired:
        return case.done(said if desired else "", kept=desired - updated)
    late = f"not finished within {deadline:.0f} s: {'; '.join([said, *case.warnings[:1]])}"
    return case.verdict("broken", late) if case.age > deadline else case.progressing(said)


def _refusal(ours: Object | None, written: Written, around: Circumstances) -> Refusal | None:
    """Pods are not even created: quota, admission, a webhook; with the API's own text."""
    failure = condition(ours or {}, "ReplicaFailure")
    if failure is None or failure.get("status") != "True":
        return None
    since, text = seconds_of(failure.get("lastTransitionTime")), str(failure.get("message"))
    if since >= written.at:
        return refusal(text, since, around)
    lingering = refusal(text, written.at, around)
    return replace(lingering, proven_at=max(lingering.proven_at, written.at + _LINGERING))


def _timed_out(case: Case) -> Verdict | None:
    """Its own deadline. After an undo of a timed-out rollout the old condition lingers: only a newer one counts."""
    progressing = condition(case.workload, "Progressing")
    if progressing is None or progressing.get("reason") != "ProgressDeadlineExceeded":
        return None
    if seconds_of(progressing.get("lastUpdateTime")) <= case.written.at:
        return None
    limit = case.spec.get("progressDeadlineSeconds", 600)
    return case.late(f"no progress for {limit} s (ProgressDeadlineExceeded)")


def _done(case: Case, ours: Object | None, children: Sequence[Object]) -> Verdict | None:
    desired, status = case.counts.desired, case.status
    counts = [int(status.get(key) or 0) for key in _COUNTED]
    if counts != [desired] * 3 or ours is None:
        return None
    if _revision(ours) != max(_revision(child) for child in children):
        return None
    if int((ours.get("status") or {}).get("availableReplicas") or 0) != desired:
        return None
    return case.done() if _says_so(case) else None


def _says_so(case: Case) -> bool:
    """Both conditions; without a progress deadline (its largest value) there is only one, and a pause is told instead."""
    available = condition(case.workload, "Available")
    progressing = condition(case.workload, "Progressing")
    complete = progressing is None or progressing.get("reason") in {"NewReplicaSetAvailable", "DeploymentPaused"}
    return available is not None and available.get("status") == "True" and complete


def _overdue(case: Case, deadline: float) -> Verdict | None:
    """The controller's deadline does not run while replicas only change, nor where it is set to never."""
    progressing = condition(case.workload, "Progressing")
    has_its_own = progressing is not None and progressing.get("reason") != "NewReplicaSetAvailable"
    return None if has_its_own else overdue(case, deadline)


def _revision(replica_set: Object) -> int:
    return revision_number(dict(replica_set)) or 0
