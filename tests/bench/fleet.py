"""Deployments of one pod each, whose controllers and node are played by hand: as many as wanted, at next to no cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.controller import Engine
from playground.cluster.verbs import Verbs
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import deployment

Json = dict[str, Any]

_REVISION = "deployment.kubernetes.io/revision"


class Fleet:
    """In one namespace, by name."""

    def __init__(self, cluster: SimulatedCluster, namespace: str, names: Sequence[str]) -> None:
        self._cluster, self._namespace, self._names = cluster, namespace, names
        cluster.simulator.run(_leave_alone)

    def made(self) -> dict[str, Json]:
        """All are up; returns the Deployments."""
        for name in self._names:
            self._cluster.apply(deployment(name, self._namespace, "registry.test/web:v1", replicas=1))
        self.roll_out()
        found = self._cluster.get(f"/apis/apps/v1/namespaces/{self._namespace}/deployments")["items"]
        return {each["metadata"]["name"]: {"kind": "Deployment", **each} for each in found}

    def roll_out(self) -> None:
        """What was asked for last: first each new pod is pending, and in the end all are ready."""
        for step in (_begin, _end):
            for name in self._names:
                self._cluster.simulator.run(lambda verbs, step=step, name=name: step(verbs, self._namespace, name))


def _leave_alone(verbs: Verbs) -> None:
    """From now on no controller hears of anything."""
    verbs.store.listeners[:] = [each for each in verbs.store.listeners if not _is_engine(each)]


def _is_engine(listener: Any) -> bool:
    return isinstance(getattr(listener, "__self__", None), Engine)


def _begin(verbs: Verbs, namespace: str, name: str) -> None:
    """The controller has seen it, and made a ReplicaSet and its pod."""
    live = verbs.get(verbs.kind("Deployment"), namespace, name)
    number = live["metadata"]["generation"]
    labels = live["spec"]["selector"]["matchLabels"] | {"pod-template-hash": f"h{number}"}
    template = live["spec"]["template"]
    template = {**template, "metadata": {**template["metadata"], "labels": labels}}
    meta = {"name": f"{name}-h{number}", "namespace": namespace, "labels": labels}
    made = verbs.create(verbs.kind("ReplicaSet"), {
        "metadata": {**meta, "annotations": {_REVISION: str(number)}, "ownerReferences": [_owner(live)]},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template},
    })  # fmt: skip
    verbs.create(verbs.kind("Pod"), {
        "metadata": {**meta, "name": f"{name}-h{number}-1", "ownerReferences": [_owner(made)]},
        "spec": template["spec"],
    })  # fmt: skip
    old = int(number > 1)
    _tell(
        verbs,
        live,
        replicas=1 + old,
        updatedReplicas=1,
        readyReplicas=old,
        availableReplicas=old,
        unavailableReplicas=1,
    )


def _end(verbs: Verbs, namespace: str, name: str) -> None:
    """The new pod is ready, and the old one gone."""
    live = verbs.get(verbs.kind("Deployment"), namespace, name)
    number = live["metadata"]["generation"]
    sets, pods = verbs.kind("ReplicaSet"), verbs.kind("Pod")
    pod, now = verbs.get(pods, namespace, f"{name}-h{number}-1"), verbs.clock.stamp()
    container = pod["spec"]["containers"][0]
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": now}
    verbs.set_status(pods, pod, {
        "phase": "Running", "startTime": now, "conditions": [ready, {**ready, "type": "PodScheduled"}],
        "containerStatuses": [{
            "name": container["name"], "image": container["image"], "imageID": "", "ready": True, "started": True,
            "restartCount": 0, "state": {"running": {"startedAt": now}},
        }],
    })  # fmt: skip
    counts = {"replicas": 1, "readyReplicas": 1, "availableReplicas": 1, "fullyLabeledReplicas": 1}
    new = verbs.get(sets, namespace, f"{name}-h{number}")
    verbs.set_status(sets, new, {**counts, "observedGeneration": new["metadata"]["generation"]})
    if number > 1:
        old = verbs.get(sets, namespace, f"{name}-h{number - 1}")
        verbs.store.put(sets, {**old, "spec": {**old["spec"], "replicas": 0}, "status": {"replicas": 0}})
        verbs.store.remove(pods, verbs.get(pods, namespace, f"{name}-h{number - 1}-1"))
    _tell(verbs, live, replicas=1, updatedReplicas=1, readyReplicas=1, availableReplicas=1)


def _tell(verbs: Verbs, live: Json, **counts: int) -> None:
    """Its status, and the number of its revision, which makes no new generation."""
    kind, number, now = verbs.kind("Deployment"), live["metadata"]["generation"], verbs.clock.stamp()
    over = "unavailableReplicas" not in counts
    conditions = [
        {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "lastTransitionTime": now, "lastUpdateTime": now},
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable" if over else "ReplicaSetUpdated",
         "lastTransitionTime": now, "lastUpdateTime": now},
    ]  # fmt: skip
    meta = {**live["metadata"], "annotations": {**live["metadata"].get("annotations", {}), _REVISION: str(number)}}
    status = {**counts, "observedGeneration": number, "conditions": conditions}
    verbs.store.put(kind, {**live, "metadata": meta, "status": status})


def _owner(of: Json) -> Json:
    return {
        "apiVersion": of["apiVersion"], "kind": of["kind"], "name": of["metadata"]["name"], "uid": of["metadata"]["uid"],
        "controller": True, "blockOwnerDeletion": True,
    }  # fmt: skip
