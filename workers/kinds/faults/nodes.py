"""Pods that are well and don't count: their node is not heard of, or somebody else's gate is shut. No proof of anything."""

from __future__ import annotations

from collections.abc import Iterator

from workers.kinds.faults.container import condition
from workers.kinds.faults.fault import NEVER, Circumstances, Fault, Object, short

_GATED = "ReadinessGatesNotReady"


def is_lost(pod: Object) -> bool:
    """All containers were ready when last heard of; it is the node's controller that took the pod's readiness away."""
    return _is_well_but_not_ready(pod) and condition(pod, "Ready").get("reason") != _GATED


def lost(pod: Object, _around: Circumstances) -> Iterator[Fault]:
    if not _is_well_but_not_ready(pod):
        return
    ready = condition(pod, "Ready")
    name, reason = str(pod["metadata"]["name"]), str(ready.get("reason") or "")
    if reason == _GATED:
        cause = f"the pod is not ready: {short(str(ready.get('message') or ''))}"
        yield Fault(cause, name, reason=reason, ran=True, proven_at=NEVER)
    else:
        node = pod["spec"].get("nodeName") or "its node"
        yield Fault(f"node {node} of the pod is not heard of", name, reason="NodeNotReady", proven_at=NEVER)


def _is_well_but_not_ready(pod: Object) -> bool:
    return (
        condition(pod, "Ready").get("status") == "False" and condition(pod, "ContainersReady").get("status") == "True"
    )
