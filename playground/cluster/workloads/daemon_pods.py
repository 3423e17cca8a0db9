"""The pods of a DaemonSet: each is made for one node, and stays there through what would drive other pods away."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from playground.cluster.scheduling.node_affinity import fits, named
from playground.cluster.scheduling.taints import KEEPS_AWAY, untolerated
from playground.cluster.workloads.creating import pod_from

Json = dict[str, Any]
HASH = "controller-revision-hash"
GENERATION = "pod-template-generation"
_STAYS = ("not-ready", "unreachable")
_COMES = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")


def tolerations(template: Json) -> list[Json]:
    """The template's own, and those that every daemon's pod has."""
    spec = template["spec"]
    network = ("network-unavailable",) if spec.get("hostNetwork") else ()
    added = [{"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute"} for key in _STAYS]
    added += [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoSchedule"}
        for key in (*_COMES, *network)
    ]
    given = list(spec.get("tolerations", ()))
    return [*given, *(one for one in added if one not in given)]


def belongs_on(daemon_set: Json, node: Json) -> tuple[bool, bool]:
    """Whether a pod shall be started on the node, and whether one that is there may stay."""
    template = daemon_set["spec"]["template"]
    spec = {**template["spec"], "tolerations": tolerations(template)}
    taints = node.get("spec", {}).get("taints", ())
    here = spec.get("nodeName", node["metadata"]["name"]) == node["metadata"]["name"]
    stays = here and fits(spec, node) and not untolerated(spec, taints, ("NoExecute",))
    return stays and not untolerated(spec, taints, KEEPS_AWAY), stays


def pod_for(daemon_set: Json, node: str, hashed: str, generation: str) -> Json:
    template = daemon_set["spec"]["template"]
    pod = pod_from(template, daemon_set, labels={HASH: hashed, GENERATION: generation})
    spec = pod["spec"]
    affinity = copy.deepcopy(spec.get("affinity", {}))
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
    affinity.setdefault("nodeAffinity", {})["requiredDuringSchedulingIgnoredDuringExecution"] = {
        "nodeSelectorTerms": [term]
    }
    spec["affinity"] = affinity
    spec["tolerations"] = tolerations(template)
    return pod


def node_of(pod: Json) -> str:
    """Where it runs, or is meant to; "" if nowhere in particular."""
    return str(pod["spec"].get("nodeName") or next(iter(named(pod["spec"]) or ()), ""))


def is_updated(pod: Json, hashed: str) -> bool:
    return bool(pod["metadata"].get("labels", {}).get(HASH) == hashed)


def oldest(pods: Sequence[Json]) -> list[Json]:
    """The oldest first, but those that run somewhere before those that do not."""
    return sorted(
        pods,
        key=lambda pod: (
            not pod["spec"].get("nodeName"),
            pod["metadata"]["creationTimestamp"],
            pod["metadata"]["name"],
        ),
    )
