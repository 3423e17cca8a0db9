"""Which pods a ReplicaSet gives up first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.conditions import find
from playground.cluster.workloads.pods import is_ready, restarts

Json = dict[str, Any]
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


def to_delete(pods: Sequence[Json], related: Sequence[Json], count: int) -> list[Json]:
    """``related``: all pods of the same Deployment; those on crowded nodes go before others that are alike.

    The order of kube-controller-manager's ActivePodsWithRanks: not scheduled, pending, not ready, cheaper, on a crowded
    node, ready for a shorter time, restarted more often, newer.
    """
    crowd = Counter(pod["spec"].get("nodeName", "") for pod in related)

    def rank(pod: Json) -> tuple[Any, ...]:
        ready = is_ready(pod)
        since = parse((find(pod, "Ready") or {})["lastTransitionTime"]) if ready else 0.0
        node = pod["spec"].get("nodeName", "")
        return (
            bool(node),
            _PHASES.get(pod.get("status", {}).get("phase", ""), 0),
            ready,
            _cost(pod),
            -crowd[node],
            -since,
            -restarts(pod),
            -parse(pod["metadata"]["creationTimestamp"]),
        )

    return sorted(pods, key=rank)[:count]


def _cost(pod: Json) -> int:
    cost = pod["metadata"].get("annotations", {}).get(DELETION_COST, "0")
    return int(cost) if cost.lstrip("+-").isdigit() else 0
