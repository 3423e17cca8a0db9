"""Pods that are well and don't count: their node is not heard of, or somebody else's gate is shut. No proof of anything."""

from __future__ import annotations

from collections.abc import Iterator

from commands.times import seconds_of
from workers.kinds.faults.container import condition
from workers.kinds.faults.fault import NEVER, Circumstances, Fault, Object, short

_GATED = "ReadinessGatesNotReady"

UNTAKEN = 60.0
"""Seconds after which a pod that its node has not taken up tells of the node: a kubelet does so within a second or two,
and the control plane itself takes nothing for lost before 50."""

_GIVEN_UP = 300.0
"""Seconds after which nothing waits for such a node: a kubelet that is begun anew may be silent for more than a minute."""


def is_lost(pod: Object, now: float) -> bool:
    """All containers were ready when last heard of; it is the node's controller that took the pod's readiness away.

    Or nothing of it was heard for long: of those pods the node's controller says nothing.
    """
    if is_untaken(pod):
        return now - _bound(pod) >= _GIVEN_UP
    return _is_well_but_not_ready(pod) and condition(pod, "Ready").get("reason") != _GATED


def lost(pod: Object, _around: Circumstances) -> Iterator[Fault]:
    name, node = str(pod["metadata"]["name"]), pod["spec"].get("nodeName") or "its node"
    if is_untaken(pod):
        cause = f"node {node} has not taken the pod up"
        yield Fault(cause, name, reason="NodeNotReady", told_at=_bound(pod) + UNTAKEN, proven_at=NEVER)
    if not _is_well_but_not_ready(pod):
        return
    ready = condition(pod, "Ready")
    reason = str(ready.get("reason") or "")
    if reason == _GATED:
        cause = f"the pod is not ready: {short(str(ready.get('message') or ''))}"
        yield Fault(cause, name, reason=reason, ran=True, proven_at=NEVER)
    else:
        yield Fault(f"node {node} of the pod is not heard of", name, reason="NodeNotReady", proven_at=NEVER)


def is_untaken(pod: Object) -> bool:
    """Bound, and no word of its kubelet's: the first that one says is when it started."""
    status = pod.get("status") or {}
    return bool(pod["spec"].get("nodeName")) and not status.get("startTime") and not status.get("containerStatuses")


def _bound(pod: Object) -> float:
    """When a node was found for it (Unix seconds); of one that names its node, when it was made."""
    scheduled = condition(pod, "PodScheduled").get("lastTransitionTime")
    return seconds_of(scheduled or pod["metadata"].get("creationTimestamp"))


def _is_well_but_not_ready(pod: Object) -> bool:
    return (
        condition(pod, "Ready").get("status") == "False" and condition(pod, "ContainersReady").get("status") == "True"
    )
