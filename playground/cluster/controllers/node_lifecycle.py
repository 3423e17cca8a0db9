"""Watches whether nodes are still heard of, and taints those that are not, or are not well, or are cordoned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from playground.cluster.conditions import find
from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.kubelet import heartbeat
from playground.cluster.request import Asking
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
NAME = "node-controller"
GRACE_SECONDS = 50.0
"""How long nothing may be heard of a node (--node-monitor-grace-period)."""
STATUS = Asking(subresource="status")
_PREFIX = "node.kubernetes.io/"
_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")
_BY_PRESSURE = {
    "MemoryPressure": "memory-pressure",
    "DiskPressure": "disk-pressure",
    "PIDPressure": "pid-pressure",
    "NetworkUnavailable": "network-unavailable",
}
_OURS = {_PREFIX + name for name in (*_BY_PRESSURE.values(), "not-ready", "unreachable", "unschedulable")}


def _lease(change: Change) -> Iterable[Key]:
    meta = change.object["metadata"]
    return [("", meta["name"])] if meta["namespace"] == heartbeat.LEASE_NAMESPACE else []


class NodeLifecycle:
    """``grace``: seconds that nothing may be heard of a node; to be set before anything runs."""

    name = "node-lifecycle"
    grace = GRACE_SECONDS
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"nodes": own, "leases.coordination.k8s.io": _lease}

    def __init__(self) -> None:
        self._known: dict[str, Json] = {}
        """By name, the nodes that were told of: in memory, as the real one has them."""

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        node = verbs.find(verbs.kind("Node"), *key)
        self._tell(verbs, key[1], node)
        if node is None:
            return None
        heard = heartbeat.renewed_at(verbs, key[1])
        if heard is None:
            return None  # it has never reported yet
        left = heard + self.grace - verbs.clock.now()
        if left <= 0:
            node = _unheard_of(verbs, node)
        _taint(verbs, node)
        ready = find(node, "Ready")
        if ready is not None and ready["status"] != "True":
            _mark_pods(verbs, node)
        return left if left > 0 else None

    def _tell(self, verbs: Verbs, name: str, node: Json | None) -> None:
        """Of nodes that come and go (RecordNodeEvent in pkg/controller/util/node/controller_utils.go)."""
        known = self._known.pop(name, None)
        if known is not None and (node is None or node["metadata"]["uid"] != known["metadata"]["uid"]):
            _say(verbs, known, "RemovingNode", f"Removing Node {name} from Controller")
            known = None
        if node is not None:
            self._known[name] = node
            if known is None:
                _say(verbs, node, "RegisteredNode", f"Registered Node {name} in Controller")


def _say(verbs: Verbs, node: Json, reason: str, event: str) -> None:
    Recorder(verbs, NAME).normal(node, reason, f"Node {node['metadata']['name']} event: {event}")


def _unheard_of(verbs: Verbs, node: Json) -> Json:
    now, held = verbs.clock.stamp(), node["status"].get("conditions", [])
    if all(one["status"] == "Unknown" for one in held if one["type"] in {"Ready", *_PRESSURES}):
        return node
    unknown = {"status": "Unknown", "reason": "NodeStatusUnknown", "message": "Kubelet stopped posting node status."}
    conditions = [
        {**one, **unknown, "lastTransitionTime": now} if one["type"] in {"Ready", *_PRESSURES} else one for one in held
    ]
    name = node["metadata"]["name"]
    Recorder(verbs, NAME).normal(node, "NodeNotReady", f"Node {name} status is now: NodeNotReady")
    return verbs.update(verbs.kind("Node"), {**node, "status": {**node["status"], "conditions": conditions}}, STATUS)


def _taint(verbs: Verbs, node: Json) -> None:
    held = node["spec"].get("taints", [])
    wanted = list(_wanted(node))
    now = verbs.clock.stamp()
    known = {(one["key"], one["effect"]): one for one in held}
    ours = [known.get((key, effect)) or {"key": key, "effect": effect, "timeAdded": now} for key, effect in wanted]
    kept = [one for one in held if one["key"] not in _OURS or (one["key"], one["effect"]) in wanted]
    taints = kept + [one for one in ours if one not in kept]
    if taints != held:
        spec = {key: value for key, value in node["spec"].items() if key != "taints"}
        verbs.update(verbs.kind("Node"), {**node, "spec": {**spec, **({"taints": taints} if taints else {})}})


def _wanted(node: Json) -> Iterator[tuple[str, str]]:
    ready = find(node, "Ready")
    if ready is not None and ready["status"] != "True":
        name = "unreachable" if ready["status"] == "Unknown" else "not-ready"
        yield _PREFIX + name, "NoSchedule"
        yield _PREFIX + name, "NoExecute"
    for condition, name in _BY_PRESSURE.items():
        if (find(node, condition) or {}).get("status") == "True":
            yield _PREFIX + name, "NoSchedule"
    if node["spec"].get("unschedulable"):
        yield _PREFIX + "unschedulable", "NoSchedule"


def _mark_pods(verbs: Verbs, node: Json) -> None:
    """Nobody is to be sent to pods of which nothing is known."""
    kind = verbs.kind("Pod")
    for pod in verbs.list(kind):
        ready = find(pod, "Ready")
        if pod["spec"].get("nodeName") != node["metadata"]["name"] or ready is None or ready["status"] != "True":
            continue
        now = {"status": "False", "lastTransitionTime": verbs.clock.stamp()}
        conditions = [{**one, **now} if one["type"] == "Ready" else one for one in pod["status"]["conditions"]]
        verbs.update(kind, {**pod, "status": {**pod["status"], "conditions": conditions}}, STATUS)
        Recorder(verbs, NAME).warning(pod, "NodeNotReady", "Node is not ready")


CONTROLLER = NodeLifecycle
