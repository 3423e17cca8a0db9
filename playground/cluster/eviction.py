"""Whether a pod may be evicted, by the budgets that pick it. A pure decision; the disruption controller counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.conditions import is_true
from playground.cluster.status import StatusError

Json = dict[str, Any]
_SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
_VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."


def decide(pod: Json, budgets: Sequence[Json]) -> Json | None:
    """The budget that the eviction is to be counted against, or None if none asks. Raises StatusError to refuse."""
    if _is_over(pod) or not budgets:
        return None
    if len(budgets) > 1:
        raise StatusError(500, "", _SEVERAL)
    budget = budgets[0]
    status = budget["status"]
    if not is_true(pod, "Ready") and _lets_unhealthy_go(budget):
        return None
    if status.get("observedGeneration", 0) < budget["metadata"]["generation"]:
        raise _too_many(f"The disruption budget {budget['metadata']['name']} is still being processed by the server.")
    if status["disruptionsAllowed"] <= 0:
        name, needed, has = budget["metadata"]["name"], status["desiredHealthy"], status["currentHealthy"]
        raise _too_many(f"The disruption budget {name} needs {needed} healthy pods and has {has} currently")
    return budget


def _is_over(pod: Json) -> bool:
    """Pods that have ended, wait to start, or are going anyway disrupt nothing."""
    return (
        pod.get("status", {}).get("phase") in {"Succeeded", "Failed", "Pending"}
        or "deletionTimestamp" in pod["metadata"]
    )


def _lets_unhealthy_go(budget: Json) -> bool:
    """By default only while enough others are healthy."""
    status = budget["status"]
    enough = status["currentHealthy"] >= status["desiredHealthy"] > 0
    return bool(budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow" or enough)


def _too_many(why: str) -> StatusError:
    details = {"causes": [{"reason": "DisruptionBudget", "message": why}]}
    return StatusError(429, "TooManyRequests", _VIOLATED, details)
