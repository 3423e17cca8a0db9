"""Pods on their way out: never the rollout's fault, but they may stand in its way."""

from __future__ import annotations

from collections.abc import Iterable

from commands.times import seconds_of
from commands.wording import plural
from workers.kinds.faults.container import condition
from workers.kinds.faults.fault import TOLERANCE, Object


def is_leaving(pod: Object) -> bool:
    """Deleted, evicted, preempted, or refused by its node: another pod takes its place."""
    status = pod.get("status") or {}
    disrupted = condition(pod, "DisruptionTarget").get("status") == "True"
    return bool(pod["metadata"].get("deletionTimestamp")) or status.get("phase") in {"Failed", "Succeeded"} or disrupted


def lingering(pods: Iterable[Object], now: float) -> tuple[str, ...]:
    """Those that should be gone by now, and why they are not: a StatefulSet, or Recreate, waits for them.

    A ``deletionTimestamp`` is the moment at which the grace period ends, not that of the request.
    """
    late = (pod for pod in pods if 0 < _due(pod) <= now - TOLERANCE)
    return tuple(f"pod {pod['metadata']['name']} should be gone, but {_why(pod)}" for pod in late)


def _due(pod: Object) -> float:
    return seconds_of(pod["metadata"].get("deletionTimestamp"))


def _why(pod: Object) -> str:
    finalizers = pod["metadata"].get("finalizers") or ()
    if finalizers:
        number = len(finalizers)
        return f"{plural(number, 'finalizer')} {', '.join(finalizers)} {plural(number, 'holds', 'hold')} it"
    return f"node {pod['spec'].get('nodeName') or '(none)'} has not said that it ended"
