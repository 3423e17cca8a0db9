"""Nodes of a test's own. The others are everybody's: what tests before left on them shows in what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.contract.conftest import Cluster

Json = dict[str, Any]
HOSTS = "kubernetes.io/hostname"
NOT_READY = "node.kubernetes.io/not-ready"


def add_node(cluster: Cluster, name: str, taints: Sequence[Json] = (), *, cordoned: bool = False) -> None:
    """Returns when it is Ready, with those taints alone and that of the cordon: it is born with one for not being ready."""
    spec: Json = {"unschedulable": True} if cordoned else {}
    if taints:
        spec["taints"] = list(taints)
    meta = {"name": name, "labels": {HOSTS: name}}
    cluster.apply({"apiVersion": "v1", "kind": "Node", "metadata": meta, "spec": spec})

    def is_settled(node: Json) -> bool:
        conditions = {one["type"]: one["status"] for one in node.get("status", {}).get("conditions", [])}
        now = [taint["key"] for taint in node["spec"].get("taints", [])]
        return conditions.get("Ready") == "True" and NOT_READY not in now and len(now) == len(taints) + cordoned

    cluster.wait(f"/api/v1/nodes/{name}", is_settled, 30)


@contextmanager
def own_node(cluster: Cluster, name: str, *, cordoned: bool = False) -> Iterator[Json]:
    """One that only pods come to whose spec has what is yielded, or names it. It goes in the end, however that comes."""
    add_node(cluster, name, [{"key": "only", "value": name, "effect": "NoSchedule"}], cordoned=cordoned)
    try:
        yield {"nodeSelector": {HOSTS: name}, "tolerations": [{"key": "only", "value": name}]}
    finally:
        cluster.delete(f"/api/v1/nodes/{name}")
        cluster.wait_gone(f"/api/v1/nodes/{name}")
