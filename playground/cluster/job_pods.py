"""A Job's pods: how one is made, and how they stand. Pure functions over objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.conditions import is_true

Json = dict[str, Any]
TRACKING = "batch.kubernetes.io/job-tracking"
"""A finalizer on each pod until its end is counted, so that no pod is lost whoever deletes it."""
INDEX = "batch.kubernetes.io/job-completion-index"


@dataclass(frozen=True)
class Standing:
    """``done`` and ``failed`` are those whose end is not counted yet."""

    active: Sequence[Json]
    terminating: Sequence[Json]
    done: Sequence[Json]
    failed: Sequence[Json]

    @property
    def ready(self) -> int:
        return sum(is_true(pod, "Ready") for pod in self.active)


def standing(pods: Sequence[Json]) -> Standing:
    """A pod that is deleted before its end has failed, unless the controller itself let go of it first."""
    uncounted = [pod for pod in pods if TRACKING in pod["metadata"].get("finalizers", [])]
    going = [pod for pod in pods if "deletionTimestamp" in pod["metadata"] and not _over(pod)]
    return Standing(
        active=[pod for pod in pods if not _over(pod) and "deletionTimestamp" not in pod["metadata"]],
        terminating=going,
        done=[pod for pod in uncounted if _phase(pod) == "Succeeded"],
        failed=[pod for pod in uncounted if _phase(pod) == "Failed" or pod in going],
    )


def restarts(pods: Sequence[Json]) -> int:
    """Of all containers in pods that are still trying."""
    return sum(
        container.get("restartCount", 0)
        for pod in pods
        for field in ("initContainerStatuses", "containerStatuses")
        for container in pod.get("status", {}).get(field) or []
    )


def ended_at(pod: Json, now: float) -> float:
    """When the last of its containers ended, in seconds since 1970."""
    containers = pod.get("status", {}).get("containerStatuses") or []
    ends = [container.get("state", {}).get("terminated", {}).get("finishedAt") for container in containers]
    return max((parse(end) for end in ends if end), default=now)


def index_of(pod: Json) -> int:
    return int(pod["metadata"].get("annotations", {}).get(INDEX, -1))


def indexes_text(indexes: Sequence[int]) -> str:
    """``0-2,5``: how ``completedIndexes`` writes them."""
    spans: list[list[int]] = []
    for index in sorted(set(indexes)):
        if spans and spans[-1][1] == index - 1:
            spans[-1][1] = index
        else:
            spans.append([index, index])
    # Two neighbours are listed, three or more are a range.
    return ",".join(
        f"{low}" if low == high else f"{low},{high}" if high == low + 1 else f"{low}-{high}" for low, high in spans
    )


def indexes(text: str) -> set[int]:
    parts = [part.partition("-") for part in text.split(",") if part]
    return {index for low, _, high in parts for index in range(int(low), int(high or low) + 1)}


def pod_of(job: Json, index: int | None) -> Json:
    meta, template = job["metadata"], job["spec"]["template"]
    reference = {"apiVersion": "batch/v1", "kind": "Job", "name": meta["name"], "uid": meta["uid"]}
    given = template.get("metadata", {})
    pod_meta = {
        **{key: value for key, value in given.items() if key in {"labels", "annotations"}},
        "generateName": f"{meta['name']}-",
        "namespace": meta["namespace"],
        "ownerReferences": [{**reference, "controller": True, "blockOwnerDeletion": True}],
        "finalizers": [TRACKING],
    }
    if index is None:
        return {"metadata": pod_meta, "spec": template["spec"]}
    pod_meta["generateName"] = f"{meta['name']}-{index}-"
    for field in ("labels", "annotations"):
        pod_meta[field] = {**given.get(field, {}), INDEX: str(index)}
    variable = {"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['{INDEX}']"}}}
    told = {
        field: [{**one, "env": [*one.get("env", []), variable]} for one in template["spec"][field]]
        for field in ("initContainers", "containers")
        if field in template["spec"]
    }
    return {"metadata": pod_meta, "spec": {**template["spec"], **told, "hostname": f"{meta['name']}-{index}"}}


def _phase(pod: Json) -> str:
    return str(pod.get("status", {}).get("phase", "Pending"))


def _over(pod: Json) -> bool:
    return _phase(pod) in {"Succeeded", "Failed"}
