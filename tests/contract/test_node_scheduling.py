"""Where pods may run: the same pods on the same nodes, and the two schedulers' words for why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster
from tests.contract.nodes import HOSTS, add_node, own_node
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
EVERYWHERE = {"tolerations": [{"operator": "Exists"}]}
LIKE = {"labelSelector": {"matchLabels": {"app": "like"}}}


def affinity(part: str, required: Any) -> Json:
    return {"affinity": {part: {"requiredDuringSchedulingIgnoredDuringExecution": required}}}


def node_term(**term: Any) -> Json:
    return affinity("nodeAffinity", {"nodeSelectorTerms": [term]})


def asking(**requests: str) -> Json:
    return {
        "containers": [{"name": "web", "image": "r/web:v1", "resources": {"requests": requests, "limits": requests}}]
    }


def port(number: int) -> Json:
    return {
        "containers": [{"name": "web", "image": "r/web:v1", "ports": [{"containerPort": number, "hostPort": number}]}]
    }


def spread(key: str, **more: Any) -> Json:
    return {
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule", **LIKE, **more}
        ]
    }


def claiming(name: str) -> Json:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}


PODS: dict[str, Json] = {
    "selector": {"nodeSelector": {"disk": "ssd"}},
    "selector-of-a-tainted": {"nodeSelector": {HOSTS: "node-1"}},
    "expressions": node_term(matchExpressions=[{"key": "disk", "operator": "Exists"}]),
    "greater": node_term(matchExpressions=[{"key": "size", "operator": "Gt", "values": ["5"]}]),
    "named": node_term(matchFields=[{"key": "metadata.name", "operator": "In", "values": ["node-9"]}]),
    "named-tainted": node_term(matchFields=[{"key": "metadata.name", "operator": "In", "values": ["node-1"]}]),
    "cpu": asking(cpu="65"),
    "memory": {**asking(memory="300Gi"), **EVERYWHERE},
    "both": {**asking(cpu="65", memory="300Gi"), **EVERYWHERE},
    "cpu-taken": asking(cpu="63"),
    "unknown-resource": asking(**{"example.com/gpu": "1"}),
    "toleration-of-another": {"nodeSelector": {HOSTS: "node-1"}, "tolerations": [{"key": "dedicated", "value": "x"}]},
    "port-taken": port(81),
    "near-nobody": affinity("podAffinity", [{"topologyKey": HOSTS, "labelSelector": {"matchLabels": {"app": "nobody"}}}]),
    "far-from-like": affinity("podAntiAffinity", [{"topologyKey": HOSTS, **LIKE}]),
    "no-zone": spread("zone"),
    "uneven": {**spread(HOSTS), **EVERYWHERE},
    "claim-missing": claiming("nowhere"),
    "claim-unbound": claiming("unbound"),
    "claim-of-no-class": claiming("classless"),
    "claim-waits-for-volume": claiming("late"),
    "claim-elsewhere": claiming("elsewhere"),
    "gated": {"schedulingGates": [{"name": "example.com/later"}]},
}  # fmt: skip
LABELS = {"uneven": {"app": "like"}}
FIRST = {"holds-port": port(81), "like": {}, "holds-cpu": asking(cpu="2"), "shy": affinity("podAntiAffinity", [{"topologyKey": HOSTS, "labelSelector": {"matchLabels": {"app": "avoided"}}}])}  # fmt: skip
CLASSES = {"late": "kubernetes.io/no-provisioner"}


def manifest(name: str, spec: Json, namespace: str) -> Json:
    containers = {"containers": [{"name": "web", "image": "r/web:v1"}], **spec}
    meta = {"name": name, "namespace": namespace, "labels": LABELS.get(name, {"app": name})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": containers}


def claim(name: str, namespace: str, storage_class: str) -> Json:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": storage_class,
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def storage_class(name: str) -> Json:
    return {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
            "provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer"}  # fmt: skip


def elsewhere() -> Json:
    term = {"matchExpressions": [{"key": HOSTS, "operator": "In", "values": ["node-1"]}]}
    spec = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "storageClassName": "tied", "hostPath": {"path": "/x"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}}  # fmt: skip
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "tied"}, "spec": spec}


@pytest.fixture(scope="module")
def clusters(control_plane: ControlPlane) -> Iterator[tuple[Cluster, Cluster]]:
    """The played one and a real one, with nobody else's pods. One node is tainted, another cordoned, the third free.

    The shared ``control_plane`` is asked for only because without it there can be no other one either.
    """
    with SimulatedCluster(nodes=0) as played, ControlPlane(nodes=0) as real:
        for cluster in (played, real):
            add_node(cluster, "node-1", [{"key": "dedicated", "value": "db", "effect": "NoSchedule"}])
            add_node(cluster, "node-2", cordoned=True)
            # Last: a scheduler that knows it has learned all about the others, since it is told of nodes in order.
            add_node(cluster, "node-3")
        yield played, real


def scheduled(pod: Json) -> Json | None:
    return next((one for one in pod["status"].get("conditions", []) if one["type"] == "PodScheduled"), None)


def told(cluster: Cluster, namespace: str) -> dict[str, str]:
    """What became of the pods."""
    cluster.apply(storage_class("late"))
    cluster.apply(elsewhere())
    for name, its_class in (("unbound", ""), ("classless", "nowhere"), ("late", "late"), ("elsewhere", "tied")):
        cluster.apply(claim(name, namespace, its_class))
    path = f"/api/v1/namespaces/{namespace}/pods"
    cluster.wait(
        f"/api/v1/namespaces/{namespace}/persistentvolumeclaims/elsewhere",
        lambda one: one["status"]["phase"] == "Bound",
    )
    for name, spec in FIRST.items():
        cluster.apply(manifest(name, spec, namespace))
        cluster.wait(f"{path}/{name}", lambda pod: "nodeName" in pod["spec"])
    for name, spec in PODS.items():
        cluster.apply(manifest(name, spec, namespace))
    cluster.apply(manifest("avoided", {}, namespace))
    pods = cluster.wait_items(path, lambda pods: all(map(scheduled, pods)) and len(pods) == len(PODS) + len(FIRST) + 1)
    cluster.delete(path)
    said = {pod["metadata"]["name"]: scheduled(pod) or {} for pod in pods}
    return {name: f"{one['status']} {one.get('reason')} {one.get('message')}" for name, one in said.items()}


def test_why_a_pod_has_no_node(clusters: tuple[Cluster, Cluster]) -> None:
    played, real = (told(cluster, cluster.namespace("no-node")) for cluster in clusters)
    assert {name: (played.get(name), text) for name, text in real.items() if played.get(name) != text} == {}


def events(cluster: Cluster, namespace: str, name: str) -> list[Json]:
    path = f"/api/v1/namespaces/{namespace}/events?fieldSelector=involvedObject.name={name},involvedObject.kind=Pod"
    found = cluster.wait_items(
        path, lambda found: any(one["reason"] in {"Scheduled", "FailedScheduling"} for one in found)
    )
    kept = ("type", "reason", "message", "action", "reportingComponent", "source")
    return [
        {field: one.get(field) for field in kept} for one in found if one["reason"] in {"Scheduled", "FailedScheduling"}
    ]


def test_the_events_of_scheduling(clusters: tuple[Cluster, Cluster]) -> None:
    shown = []
    for cluster in clusters:
        namespace = cluster.namespace("events-of-scheduling")
        cluster.apply(manifest("placed", {"nodeSelector": {HOSTS: "node-3"}}, namespace))
        cluster.apply(manifest("unplaced", {"nodeSelector": {HOSTS: "node-9"}}, namespace))
        shown.append([events(cluster, namespace, name) for name in ("placed", "unplaced")])
    assert shown[0] == shown[1]


@pytest.mark.parametrize("cluster_name", ["simulated_cluster", "control_plane"])
def test_a_pod_that_waits_gets_the_node_that_is_uncordoned(request: pytest.FixtureRequest, cluster_name: str) -> None:
    cluster: Cluster = request.getfixturevalue(cluster_name)
    namespace = cluster.namespace()
    path = f"/api/v1/namespaces/{namespace}/pods/waits"
    with own_node(cluster, "uncordoned", cordoned=True) as there:
        cluster.apply(manifest("waits", there, namespace))
        cluster.wait(path, lambda pod: (scheduled(pod) or {}).get("status") == "False")
        cluster.patch("/api/v1/nodes/uncordoned", {"spec": {"unschedulable": None}})
        placed = cluster.wait(path, lambda pod: "nodeName" in pod["spec"], 30)
        cluster.delete(path)
    assert placed["spec"]["nodeName"] == "uncordoned"
