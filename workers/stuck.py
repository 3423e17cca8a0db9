"""Which pod of another revision keeps an ordered StatefulSet from going back (kubernetes#67250). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commands.canonical import digest_of
from commands.objects import is_controlled_by, template_of
from commands.operation import Operation, State, Written
from commands.ordered import is_kept, is_ordered, ordinal
from commands.times import seconds_of
from workers.kinds.faults import fault_of, is_leaving

Object = Mapping[str, Any]

UNREADY: Final = 30.0
"""Seconds for which a pod of another revision is not ready before it counts as broken, whatever keeps it from it."""

_HASH = "controller-revision-hash"


def promised(operation: Operation) -> Written | None:
    """The write for which broken pods are deleted that are in its way; None where its plan promises nothing of that."""
    if operation.plan is None:
        return None
    promise = operation.plan.promise
    match operation.state:
        case State.OBSERVING if promise.frees:
            return operation.written
        case State.ROLLING_BACK if promise.failing and promise.failing.frees:
            return operation.undone
        case _:
            return None


def in_the_way(workload: Object, pods: Iterable[Object], written: Written, now: float) -> Object | None:
    """The pod to delete, if there is one: of another revision than what we wrote, and broken. ``now``: by the cluster's clock.

    Nothing is said before the controller has seen our write, and while what we wrote is not what stands.
    """
    live = dict(workload)
    generation, status = int(live["metadata"]["generation"]), live.get("status") or {}
    if not is_ordered(live) or generation < written.generation or digest_of(template_of(live)) != written.template:
        return None
    if int(status.get("observedGeneration") or 0) < generation or not status.get("updateRevision"):
        return None
    old = [pod for pod in pods if is_controlled_by(dict(pod), live["metadata"]["uid"]) and _is_old(live, pod)]
    return next((pod for pod in sorted(old, key=ordinal, reverse=True) if _is_broken(pod, now)), None)


def _is_old(workload: Object, pod: Object) -> bool:
    """What the partition keeps back is old as it should be."""
    label = (pod["metadata"].get("labels") or {}).get(_HASH)
    return label != workload["status"]["updateRevision"] and not is_kept(workload, pod)


def _is_broken(pod: Object, now: float) -> bool:
    if is_leaving(pod):
        return False
    return fault_of(pod, now) is not None or _unready(pod, now) > UNREADY


def _unready(pod: Object, now: float) -> float:
    """Seconds for which it has not been ready; 0 where it is, and where that is not told."""
    conditions = (pod.get("status") or {}).get("conditions") or ()
    ready = next((each for each in conditions if each.get("type") == "Ready"), None)
    if ready is None or ready.get("status") == "True" or not ready.get("lastTransitionTime"):
        return 0.0
    return now - seconds_of(ready["lastTransitionTime"])
