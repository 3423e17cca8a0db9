"""Which ReplicaSet is a Deployment's newest, how revisions are numbered and noted, and which old ones may go."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from playground.cluster.workloads.deployment_scaling import DESIRED_REPLICAS, MAX_REPLICAS, age_order, size
from playground.cluster.workloads.hashes import short_hash
from playground.cluster.workloads.ownership import reference
from playground.cluster.workloads.shares import surge_and_unavailable

Json = dict[str, Any]
HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
LONGEST_HISTORY = 2000
"""Characters."""
_NOT_COPIED = frozenset({
    "kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED_REPLICAS, MAX_REPLICAS,
    "deprecated.deployment.rollback.to",
})  # fmt: skip


def newest(deployment: Json, replica_sets: Sequence[Json]) -> Json | None:
    """The one whose template is the Deployment's; of several the oldest, so that all choose the same."""
    wanted = _unhashed(deployment["spec"]["template"])
    alike = [one for one in replica_sets if _unhashed(one["spec"]["template"]) == wanted]
    return min(alike, key=age_order, default=None)


def _unhashed(template: Json) -> Json:
    labels = {key: value for key, value in template["metadata"].get("labels", {}).items() if key != HASH}
    return {**template, "metadata": {**template["metadata"], "labels": labels}}


def revision(replica_set: Json) -> int:
    noted = replica_set["metadata"].get("annotations", {}).get(REVISION, "0")
    return int(noted) if noted.isdigit() else 0


def next_revision(olds: Sequence[Json]) -> int:
    return max(map(revision, olds), default=0) + 1


def size_notes(deployment: Json) -> Json:
    """The annotations that tell for how many replicas a ReplicaSet was sized."""
    wanted = deployment["spec"]["replicas"]
    surge, _ = surge_and_unavailable(deployment)
    return {DESIRED_REPLICAS: str(wanted), MAX_REPLICAS: str(wanted + surge)}


def noted(deployment: Json, replica_set: Json, number: int) -> Json:
    """The newest ReplicaSet's annotations: the Deployment's own, and its revision. A revision that comes back leaves its old number in the history."""
    annotations: Json = dict(replica_set["metadata"].get("annotations", {}))
    given = deployment["metadata"].get("annotations", {})
    annotations |= {key: value for key, value in given.items() if key not in _NOT_COPIED}
    before = annotations.get(REVISION)
    if revision(replica_set) >= number:
        return annotations
    annotations[REVISION] = str(number)
    if before is not None:
        annotations[HISTORY] = _longer(annotations.get(HISTORY, ""), before)
    return annotations


def _longer(history: str, before: str) -> str:
    numbers = [number for number in history.split(",") if number]
    while numbers and len(",".join([*numbers, before])) > LONGEST_HISTORY:
        del numbers[0]
    return ",".join([*numbers, before])


def replica_set_for(deployment: Json, replicas: int, number: int) -> Json:
    """A new ReplicaSet for the Deployment's template, named after its hash."""
    spec, meta = deployment["spec"], deployment["metadata"]
    template = copy.deepcopy(spec["template"])
    hashed = short_hash(template, deployment["status"].get("collisionCount"))
    labels = {**template["metadata"].get("labels", {}), HASH: hashed}
    template["metadata"]["labels"] = labels
    selector = copy.deepcopy(spec["selector"])
    selector["matchLabels"] = {**selector.get("matchLabels", {}), HASH: hashed}
    made = {
        "metadata": {
            "name": f"{meta['name']}-{hashed}",
            "namespace": meta["namespace"],
            "labels": dict(labels),
            "ownerReferences": [reference(deployment)],
        },
        "spec": {
            "replicas": replicas,
            "minReadySeconds": spec.get("minReadySeconds", 0),
            "selector": selector,
            "template": template,
        },
    }
    made["metadata"]["annotations"] = {**noted(deployment, made, number), **size_notes(deployment)}
    return made


def forgettable(deployment: Json, olds: Sequence[Json]) -> list[Json]:
    """Old ReplicaSets beyond the history limit, oldest revisions first, as far as they are empty."""
    alive = sorted((one for one in olds if "deletionTimestamp" not in one["metadata"]), key=revision)
    beyond = max(0, len(alive) - deployment["spec"].get("revisionHistoryLimit", 10))
    return [one for one in alive[:beyond] if _is_empty(one)]


def _is_empty(replica_set: Json) -> bool:
    status = replica_set["status"]
    observed = status.get("observedGeneration", 0) >= replica_set["metadata"]["generation"]
    return observed and size(replica_set) == 0 and status.get("replicas", 0) == 0
