"""Deletes pods from nodes with NoExecute taints: those that do not tolerate them at once, others when their patience ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.conditions import with_condition
from playground.cluster.controller import Key
from playground.cluster.events import Recorder
from playground.cluster.request import Asking, DeleteOptions
from playground.cluster.scheduling.taints import tolerates
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
NAME = "taint-eviction-controller"


def _node_of(change: Change) -> Iterable[Key]:
    node = change.object["spec"].get("nodeName")
    return [("", node)] if node and change.type != "DELETED" else []


def _tainted(change: Change) -> Iterable[Key]:
    """Nodes with taints; without any nobody has to go."""
    return [("", change.object["metadata"]["name"])] if change.object["spec"].get("taints") else []


class TaintEviction:
    """Keys are nodes."""

    name = "taint-eviction"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"pods": _node_of, "nodes": _tainted}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        node = verbs.find(verbs.kind("Node"), *key)
        taints = [one for one in (node or {}).get("spec", {}).get("taints", ()) if one["effect"] == "NoExecute"]
        if not taints:
            return None
        waits, now = [], verbs.clock.now()
        for pod in verbs.list(verbs.kind("Pod")):
            if pod["spec"].get("nodeName") != key[1] or "deletionTimestamp" in pod["metadata"]:
                continue
            deadline = min((_deadline(pod, taint) for taint in taints), default=None)
            if deadline is None or deadline == _FOR_EVER:
                continue
            if deadline <= now:
                _evict(verbs, pod)
            else:
                waits.append(deadline - now)
        return min(waits, default=None)


_FOR_EVER = float("inf")


def _deadline(pod: Json, taint: Json) -> float:
    """Until when the pod stays in spite of the taint, in seconds since 1970."""
    patience = [
        toleration.get("tolerationSeconds", _FOR_EVER)
        for toleration in pod["spec"].get("tolerations", ())
        if tolerates(toleration, taint)
    ]
    return parse(taint["timeAdded"]) + min(patience) if patience and "timeAdded" in taint else _untimed(patience)


def _untimed(patience: list[float]) -> float:
    """A taint that a person set carries no time: who tolerates it for a while only is not counted."""
    return _FOR_EVER if patience else 0.0


def _evict(verbs: Verbs, pod: Json) -> None:
    kind, meta = verbs.kind("Pod"), pod["metadata"]
    message = f"Marking for deletion Pod {meta['namespace']}/{meta['name']}"
    Recorder(verbs, NAME).normal(pod, "TaintManagerEviction", message)
    now = verbs.clock.stamp()
    said = {"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
            "message": "Taint manager: deleting due to NoExecute taint", "lastProbeTime": None, "lastTransitionTime": now}  # fmt: skip
    status = {**pod["status"], "conditions": with_condition(pod["status"].get("conditions", []), said)}
    verbs.update(kind, {**pod, "status": status}, Asking(subresource="status"))
    verbs.delete(kind, meta["namespace"], meta["name"], DeleteOptions(uid=meta["uid"]))


CONTROLLER = TaintEviction()
