"""The kubelets of all nodes: each looks after the pods that are bound to its node, and says what has become of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.clock import Clock, parse, stamp
from playground.cluster.conditions import with_condition
from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.kubelet import heartbeat, pod_status
from playground.cluster.kubelet.addresses import Addresses
from playground.cluster.kubelet.container import MAIN, Container, document
from playground.cluster.kubelet.images import Catalogue, Image, by_tag
from playground.cluster.kubelet.logs import RunLog, SpokenLogs
from playground.cluster.kubelet.machine import PodMachine
from playground.cluster.kubelet.starting import Starter
from playground.cluster.request import DeleteOptions
from playground.cluster.status import bad_request
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.wire.logsource import ContainerLog

Json = dict[str, Any]
LOOK_AGAIN_SECONDS = 1.0
"""Between two looks at whether a lost node is back."""


class Kubelet:
    """Keys are pods, and nodes (without a namespace). ``catalogue`` may be replaced before anything runs."""

    name = "kubelet"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"pods": own, "nodes": own}

    def __init__(self, catalogue: Catalogue = by_tag) -> None:
        self.catalogue = catalogue
        self.lost: set[str] = set()
        """Nodes that have gone: nothing on them is heard of, and they hear nothing."""
        self.spoken_logs = SpokenLogs()
        self._machines: dict[Key, PodMachine] = {}
        self._images: dict[str, set[str]] = defaultdict(set)
        self._addresses = Addresses()
        self._renewed: dict[str, float] = {}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        if not key[0]:
            return self._node(verbs, key[1])
        pod = verbs.find(verbs.kind("Pod"), *key)
        machine = self._machines.get(key)
        if machine and (pod is None or pod["metadata"]["uid"] != machine.uid):
            self._forget(key)
        return self._pod(verbs, pod, key) if pod and pod["spec"].get("nodeName") else None

    def container_log(self, pod: Json, container: str, *, previous: bool) -> ContainerLog:
        """Raises StatusError 400 with the kubelet's words where there is none."""
        name = pod["metadata"]["name"]
        machine = self._machines.get((pod["metadata"]["namespace"], name))
        held = next((one for one in machine.containers if one.name == container), None) if machine else None
        run = held and (held.previous if previous else held.run or held.previous)
        began = run.began if run else parse(pod["metadata"]["creationTimestamp"])
        spoken = self.spoken_logs.of(began, previous=previous)
        if spoken and (run or previous):
            return spoken
        if not run:
            if previous:
                raise bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
            raise bad_request(f'container "{container}" in pod "{name}" is waiting to start: {_why(held)}')
        return run.log.read() if isinstance(run.log, RunLog) else run.log

    def evict(self, verbs: Verbs, namespace: str, name: str, resource: str = "memory") -> None:
        """End a pod because its node runs out of something, as the kubelet does under pressure."""
        pod = verbs.get(verbs.kind("Pod"), namespace, name)
        machine = self._machines[namespace, name]
        message = f"The node was low on resource: {resource}. Threshold quantity: 100Mi, available: 61Mi. "
        machine.failure = ("Evicted", message)
        Recorder(verbs, "kubelet", host=pod["spec"]["nodeName"]).warning(pod, "Evicted", message)
        said = {"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet", "message": message,
                "lastProbeTime": None, "lastTransitionTime": verbs.clock.stamp()}  # fmt: skip
        status = {**pod["status"], "conditions": with_condition(pod["status"].get("conditions", []), said)}
        verbs.update(verbs.kind("Pod"), {**pod, "status": status}, heartbeat.asking(pod["spec"]["nodeName"]))

    def _node(self, verbs: Verbs, name: str) -> float | None:
        node = verbs.find(verbs.kind("Node"), "", name)
        if node is None:
            self._renewed.pop(name, None)
            return None
        if name in self.lost:
            return LOOK_AGAIN_SECONDS
        now = verbs.clock.now()
        due = self._renewed.get(name, -heartbeat.RENEW_SECONDS) + heartbeat.RENEW_SECONDS
        heartbeat.report(verbs, node, self._addresses.of_node(name))
        if due <= now:
            self._renewed[name], due = now, now + heartbeat.RENEW_SECONDS
            heartbeat.renew(verbs, node)
        return due - now

    def _pod(self, verbs: Verbs, pod: Json, key: Key) -> float | None:
        node = pod["spec"]["nodeName"]
        if node in self.lost:
            return LOOK_AGAIN_SECONDS
        if verbs.find(verbs.kind("Node"), "", node) is None:
            return None
        machine = self._machines.get(key)
        if machine is None:
            if pod.get("status", {}).get("phase") in {"Succeeded", "Failed"}:
                return None
            machine = self._machines[key] = self._machine(verbs, pod, node)
        due = machine.sync(pod)
        status = self._status(verbs, pod, machine)
        if status != pod.get("status"):
            verbs.update(verbs.kind("Pod"), {**pod, "status": status}, heartbeat.asking(node))
        if "deletionTimestamp" in pod["metadata"] and machine.is_stopped and not machine.removed:
            machine.removed = True
            verbs.delete(verbs.kind("Pod"), *key, DeleteOptions(grace_seconds=0, uid=machine.uid))
        return due

    def _machine(self, verbs: Verbs, pod: Json, node: str) -> PodMachine:
        clock = verbs.clock
        starter = Starter(verbs, node, self.catalogue, self._images[node], lambda image, now: _log(clock, image, now))
        own_network = not pod["spec"].get("hostNetwork")
        address = self._addresses.of_pod(node) if own_network else self._addresses.of_node(node)
        return PodMachine(pod, starter, address)

    def _forget(self, key: Key) -> None:
        machine = self._machines.pop(key)
        self._addresses.free(machine.address)
        for container in machine.containers:
            if container.run and container.run.is_on():
                container.run.log.end()

    def _status(self, verbs: Verbs, pod: Json, machine: PodMachine) -> Json:
        held, containers = pod.get("status", {}), machine.containers
        phase = machine.phase(pod)
        failure = dict(zip(("reason", "message"), machine.failure, strict=True)) if machine.failure else {}
        host = self._addresses.of_node(pod["spec"]["nodeName"])
        started = any(one.has_sandbox for one in containers)
        address = {"podIP": machine.address, "podIPs": [{"ip": machine.address}]} if started else {}
        first = [document(one) for one in containers if one.part != MAIN]
        return {
            **{key: value for key, value in held.items() if key not in {"initContainerStatuses", "nominatedNodeName"}},
            "observedGeneration": pod["metadata"].get("generation", 1),
            "phase": phase,
            **failure,
            "conditions": pod_status.conditions(pod, containers, phase, verbs.clock.stamp()),
            "hostIP": host,
            "hostIPs": [{"ip": host}],
            **address,
            "startTime": stamp(machine.began),
            **({"initContainerStatuses": first} if first else {}),
            "containerStatuses": [document(one) for one in containers if one.part == MAIN],
        }


def _log(clock: Clock, image: Image, now: float) -> RunLog:
    log = RunLog(image=image, clock=clock)
    log.begin(now)
    return log


def _why(container: Container | None) -> str:
    """How the API server words what a container waits for."""
    reason = container.waiting[0] if container else "ContainerCreating"
    if reason in {"ErrImagePull", "ImagePullBackOff"}:
        return "trying and failing to pull image" if reason == "ImagePullBackOff" else "image can't be pulled"
    return reason


CONTROLLER = Kubelet
