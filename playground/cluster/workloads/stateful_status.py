"""What a StatefulSet's status says of its pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.workloads.pods import is_available, is_ready, is_terminating
from playground.cluster.workloads.stateful_pods import REVISION

Json = dict[str, Any]


def status_of(stateful_set: Json, pods: Sequence[Json], current: Json, update: Json, now: float) -> Json:
    """Numbers that are 0 are left out, but for ``replicas``, ``availableReplicas`` and ``collisionCount``.

    Once all pods are of the new revision and ready, it becomes the current one.
    """
    min_ready = stateful_set["spec"].get("minReadySeconds", 0)
    old, new = current["metadata"]["name"], update["metadata"]["name"]
    staying = [pod["metadata"]["labels"].get(REVISION) for pod in pods if not is_terminating(pod)]
    counts = {
        "readyReplicas": sum(map(is_ready, pods)),
        "currentReplicas": staying.count(old),
        "updatedReplicas": staying.count(new),
    }
    replicas = len(pods)
    if counts["updatedReplicas"] == counts["readyReplicas"] == replicas == stateful_set["spec"]["replicas"]:
        old, counts["currentReplicas"] = new, counts["updatedReplicas"]
    return {
        "observedGeneration": stateful_set["metadata"]["generation"],
        "replicas": replicas,
        **{key: value for key, value in counts.items() if value},
        "currentRevision": old,
        "updateRevision": new,
        "collisionCount": 0,
        "availableReplicas": sum(is_available(pod, min_ready, now) for pod in pods),
    }
