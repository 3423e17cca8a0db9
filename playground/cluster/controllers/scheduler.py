"""Binds pods to nodes. Which node is decided in ``scheduling``; here it is asked again when an answer may have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.conditions import find, with_condition
from playground.cluster.controller import Key
from playground.cluster.events import Recorder
from playground.cluster.request import Asking
from playground.cluster.scheduling import neighbours
from playground.cluster.scheduling.choice import choose
from playground.cluster.scheduling.filters import Question
from playground.cluster.scheduling.snapshot import rooms
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.waiting import Volumes

Json = dict[str, Any]
NAME = "default-scheduler"
SCHEDULER = Asking(user="system:kube-scheduler", manager="kube-scheduler", subresource="status")
EVERY, WITH_NEIGHBOURS = ("", "*"), ("", "@")
"""Keys: all pods that wait, and those of them that care where others are."""
RETRY_SECONDS = 300.0
"""After so long a pod is tried again although nothing is known to have changed."""
LONGEST_BACK_OFF = 10.0


class Scheduler:
    name = "scheduler"

    def __init__(self) -> None:
        self._tries: dict[str, tuple[int, float]] = {}
        """How often each waiting pod was tried, and when last; by uid."""

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        every: Callable[[Change], Iterable[Key]] = lambda _: [EVERY]  # noqa: E731
        return {
            "pods": _pods,
            "nodes": _nodes,
            "persistentvolumeclaims": every,
            "persistentvolumes": every,
            "storageclasses.storage.k8s.io": every,
        }

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("Pod")
        if key[0]:
            pod = verbs.find(kind, *key)
            return self._try(verbs, pod) if pod and _waits(pod) else None
        waiting = [pod for pod in verbs.list(kind) if _waits(pod)]
        if key == WITH_NEIGHBOURS:
            waiting = [pod for pod in waiting if neighbours.has_rules(pod)]
        waiting.sort(key=lambda pod: (-pod["spec"].get("priority", 0), pod["metadata"]["creationTimestamp"]))
        pauses = []
        for pod in waiting:
            if (pause := self._back_off(verbs, pod)) > 0:
                pauses.append(pause)
            else:
                self._try(verbs, pod)
        return min(pauses, default=None)

    def _back_off(self, verbs: Verbs, pod: Json) -> float:
        tries, last = self._tries.get(pod["metadata"]["uid"], (0, 0.0))
        pause = min(LONGEST_BACK_OFF, 2.0 ** (tries - 1)) if tries else 0.0
        return last + pause - verbs.clock.now()

    def _try(self, verbs: Verbs, pod: Json) -> float | None:
        """Bind it, or say why not; returns when to look again."""
        if pod["spec"].get("schedulingGates"):
            blocked = "Scheduling is blocked due to non-empty scheduling gates"
            _tell(verbs, pod, "SchedulingGated", blocked)
            return None
        uid = pod["metadata"]["uid"]
        volumes = Volumes(verbs, pod)
        available = rooms(verbs)
        if volumes.missing and available:
            # The sentence ends like this in 1.37: preemption looks for what is not there.
            room, why = None, f"0/{len(available)} nodes are available: {volumes.missing}. not found"
        else:
            labels = {
                one["metadata"]["name"]: one["metadata"].get("labels", {})
                for one in verbs.list(verbs.kind("Namespace"))
            }
            room, why = choose(Question(pod, available, labels, volumes.refusal))
        if room is None:
            self._tries[uid] = (self._tries.get(uid, (0, 0.0))[0] + 1, verbs.clock.now())
            _tell(verbs, pod, "Unschedulable", why)
            Recorder(verbs, NAME, series=True).warning(pod, "FailedScheduling", why, action="Scheduling")
            return RETRY_SECONDS
        if not volumes.claim_for(room.node):
            _nominate(verbs, pod, room.name)
            return None  # the claims' change calls again
        self._tries.pop(uid, None)
        _bind(verbs, pod, room.name)
        return None


def _pods(change: Change) -> Iterable[Key]:
    """The pod itself if it is new or asks for something else; others when one that had room is gone, or came."""
    pod, old = change.object, change.old
    meta = pod["metadata"]
    if not pod["spec"].get("nodeName"):
        same = old is not None and _asked(old) == _asked(pod) and change.type == "MODIFIED"
        return [] if same or change.type == "DELETED" else [(meta["namespace"], meta["name"])]
    if change.type == "DELETED" or (_is_over(pod) and old is not None and not _is_over(old)):
        return [EVERY]
    came = old is None or not old["spec"].get("nodeName")
    moved = old is not None and old["metadata"].get("labels") != meta.get("labels")
    return [WITH_NEIGHBOURS] if came or moved else []


def _asked(pod: Json) -> Any:
    return pod["spec"], pod["metadata"].get("labels")


def _nodes(change: Change) -> Iterable[Key]:
    """Heartbeats change nothing for pods that wait."""

    def relevant(node: Json) -> Any:
        return node["spec"], node["metadata"].get("labels"), node.get("status", {}).get("allocatable")

    same = change.type == "MODIFIED" and change.old and relevant(change.old) == relevant(change.object)
    return [] if same or change.type == "DELETED" else [EVERY]


def _waits(pod: Json) -> bool:
    spec = pod["spec"]
    mine = spec.get("schedulerName", NAME) == NAME and not spec.get("nodeName")
    return mine and not _is_over(pod) and "deletionTimestamp" not in pod["metadata"]


def _is_over(pod: Json) -> bool:
    return pod.get("status", {}).get("phase") in {"Failed", "Succeeded"}


def _tell(verbs: Verbs, pod: Json, reason: str, message: str) -> None:
    condition = _scheduled(verbs, pod, "False") | {"reason": reason, "message": message}
    held = find(pod, "PodScheduled")
    if held and {**held, "lastTransitionTime": ""} == {**condition, "lastTransitionTime": ""}:
        return
    status = pod.get("status", {})
    conditions = with_condition(status.get("conditions", []), condition)
    verbs.update(verbs.kind("Pod"), {**pod, "status": {**status, "conditions": conditions}}, SCHEDULER)


def _nominate(verbs: Verbs, pod: Json, node: str) -> None:
    status = {**pod.get("status", {}), "nominatedNodeName": node}
    verbs.update(verbs.kind("Pod"), {**pod, "status": status}, SCHEDULER)


def _bind(verbs: Verbs, pod: Json, node: str) -> None:
    """As the binding subresource does: past all checks of an update, and without a new generation."""
    status = {key: value for key, value in pod.get("status", {}).items() if key != "nominatedNodeName"}
    status["conditions"] = with_condition(status.get("conditions", []), _scheduled(verbs, pod, "True"))
    live = verbs.get(verbs.kind("Pod"), pod["metadata"]["namespace"], pod["metadata"]["name"])
    bound = verbs.store.put(verbs.kind("Pod"), {**live, "spec": {**live["spec"], "nodeName": node}, "status": status})
    meta = bound["metadata"]
    message = f"Successfully assigned {meta['namespace']}/{meta['name']} to {node}"
    Recorder(verbs, NAME, series=True).normal(bound, "Scheduled", message, action="Binding")


def _scheduled(verbs: Verbs, pod: Json, status: str) -> Json:
    times = {"lastProbeTime": None, "lastTransitionTime": verbs.clock.stamp()}
    return {
        "type": "PodScheduled",
        "status": status,
        "observedGeneration": pod["metadata"].get("generation", 1),
        **times,
    }


CONTROLLER = Scheduler
