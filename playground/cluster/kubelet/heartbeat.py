"""What a node says of itself: what it holds, that it is well, and every ten seconds, in a Lease, that it is still there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from playground.cluster.conditions import with_condition
from playground.cluster.events import Recorder
from playground.cluster.request import Asking
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
LEASE_NAMESPACE = "kube-node-lease"
LEASE_SECONDS, RENEW_SECONDS = 40, 10.0
CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "1k"}
"""Of a node that nobody gave any: room for whatever a test creates."""
INFO = {
    "architecture": "amd64", "bootID": "00000000-0000-4000-8000-000000000000", "containerRuntimeVersion": "containerd://2.2.1",
    "kernelVersion": "6.12.0-playground", "kubeProxyVersion": "", "kubeletVersion": "v1.37.2", "machineID": "playground",
    "operatingSystem": "linux", "osImage": "Playground (nothing runs here)", "systemUUID": "playground",
}  # fmt: skip
_CONDITIONS = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def asking(node: str) -> Asking:
    """A node's kubelet writing a status."""
    groups = ("system:nodes", "system:authenticated")
    return Asking(user=f"system:node:{node}", groups=groups, manager="kubelet", subresource="status")


def report(verbs: Verbs, node: Json, address: str) -> None:
    """Write the node's status if it is not what the kubelet finds."""
    now, status = verbs.clock.stamp(), node.get("status", {})
    capacity = status.get("capacity") or CAPACITY
    conditions = status.get("conditions", [])
    for name, value, reason, message in _CONDITIONS:
        held = next((one for one in conditions if one["type"] == name), None)
        if held is None or held["status"] != value:
            new = {"type": name, "status": value, "lastHeartbeatTime": now, "lastTransitionTime": now,
                   "reason": reason, "message": message}  # fmt: skip
            conditions = with_condition(conditions, new)
            if held and name == "Ready":
                said = f"Node {node['metadata']['name']} status is now: NodeReady"
                Recorder(verbs, "kubelet", host=node["metadata"]["name"]).normal(node, "NodeReady", said)
    addresses = [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": node["metadata"]["name"]}]
    found = {
        "addresses": addresses, "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}, "nodeInfo": INFO, **status,
        "capacity": capacity, "allocatable": status.get("allocatable") or capacity, "conditions": conditions,
    }  # fmt: skip
    if found != status:
        verbs.update(verbs.kind("Node"), {**node, "status": found}, asking(node["metadata"]["name"]))


def renew(verbs: Verbs, node: Json) -> None:
    kind, meta = verbs.kind("Lease"), node["metadata"]
    now = datetime.fromtimestamp(verbs.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    spec = {"holderIdentity": meta["name"], "leaseDurationSeconds": LEASE_SECONDS, "renewTime": now}
    known = verbs.find(kind, LEASE_NAMESPACE, meta["name"])
    if known:
        verbs.update(kind, {**known, "spec": spec})
        return
    owner = {"apiVersion": "v1", "kind": "Node", "name": meta["name"], "uid": meta["uid"]}
    named = {"name": meta["name"], "namespace": LEASE_NAMESPACE, "ownerReferences": [owner]}
    verbs.create(kind, {"metadata": named, "spec": spec})


def renewed_at(verbs: Verbs, node: str) -> float | None:
    """When the node was last heard of, in seconds since 1970."""
    lease = verbs.find(verbs.kind("Lease"), LEASE_NAMESPACE, node)
    return datetime.fromisoformat(lease["spec"]["renewTime"]).timestamp() if lease else None
