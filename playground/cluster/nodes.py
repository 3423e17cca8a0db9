"""Machines come and go: how a cluster gets nodes, and how one is lost and returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from playground.cluster.conditions import is_true
from playground.cluster.kubelet.kubelet import Kubelet
from playground.cluster.verbs import Verbs

Json = dict[str, Any]


def add_node(
    verbs: Verbs,
    name: str,
    *,
    cpu: str = "64",
    memory: str = "256Gi",
    pods: int = 1000,
    labels: Mapping[str, str] | None = None,
    taints: Iterable[Json] = (),
) -> Json:
    """A node with room for that much. Its kubelet makes it Ready. ``taints`` as in ``spec.taints``."""
    own = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    spec = {"taints": list(taints)} if taints else {}
    kind = verbs.kind("Node")
    node = verbs.create(kind, {"metadata": {"name": name, "labels": {**own, **(labels or {})}}, "spec": spec})
    amounts = {"cpu": cpu, "memory": memory, "pods": str(pods)}
    return verbs.set_status(kind, node, {"capacity": amounts, "allocatable": amounts})


def busiest(verbs: Verbs) -> str | None:
    """The Ready node with the most pods on it, if any is Ready."""
    placed = Counter(pod["spec"].get("nodeName", "") for pod in verbs.list(verbs.kind("Pod")))
    ready = [node["metadata"]["name"] for node in verbs.list(verbs.kind("Node")) if is_true(node, "Ready")]
    return max(ready, key=lambda name: placed[name], default=None)


def lose(kubelet: Kubelet, name: str) -> None:
    """As if its cable were pulled: pods on it go on unseen, and the control plane notices after a while."""
    kubelet.lost.add(name)


def bring_back(kubelet: Kubelet, name: str) -> None:
    """Within a second its kubelet reports again, and ends the pods that were deleted meanwhile."""
    kubelet.lost.discard(name)
