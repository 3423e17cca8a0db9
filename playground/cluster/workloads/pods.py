"""How a pod fares, as workloads count it."""

from __future__ import annotations

from typing import Any

from playground.cluster.clock import parse
from playground.cluster.conditions import find, is_true

Json = dict[str, Any]


def is_over(pod: Json) -> bool:
    """Whether its containers have ended for good."""
    return pod.get("status", {}).get("phase") in {"Failed", "Succeeded"}


def is_terminating(pod: Json) -> bool:
    return "deletionTimestamp" in pod["metadata"]


def is_active(pod: Json) -> bool:
    """Whether it counts as one of a workload's replicas."""
    return not is_over(pod) and not is_terminating(pod)


def is_ready(pod: Json) -> bool:
    return is_true(pod, "Ready")


def available_in(pod: Json, min_ready: int, now: float) -> float | None:
    """Seconds until the pod has been ready for ``min_ready`` seconds: 0 if it is available, None while it is not ready."""
    ready = find(pod, "Ready")
    if ready is None or ready["status"] != "True":
        return None
    return max(0.0, parse(ready["lastTransitionTime"]) + min_ready - now) if min_ready else 0.0


def is_available(pod: Json, min_ready: int, now: float) -> bool:
    return available_in(pod, min_ready, now) == 0.0


def restarts(pod: Json) -> int:
    return max(
        (status.get("restartCount", 0) for status in pod.get("status", {}).get("containerStatuses", ())), default=0
    )
