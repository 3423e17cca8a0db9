"""Keeps a DaemonSet's pod on each node that it belongs on, and renews them a few nodes at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.controller import RETRY_SECONDS, Key, own
from playground.cluster.events import Recorder
from playground.cluster.kinds.daemonset import GENERATION
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.workloads import daemon_pods, daemon_update, history
from playground.cluster.workloads.ownership import ALL, claimed, controlled_by, each, try_create
from playground.cluster.workloads.pods import available_in, is_available, is_over, is_ready, is_terminating

Json = dict[str, Any]


def _placement_changed(change: Change) -> Iterable[Key]:
    """Every DaemonSet of the cluster, when a node comes, goes, or takes other pods than before."""

    def decisive(node: Json) -> tuple[Any, Any]:
        return node.get("spec"), node["metadata"].get("labels")

    if change.type == "MODIFIED" and change.old is not None and decisive(change.old) == decisive(change.object):
        return []
    return [("", ALL)]


class DaemonSetController:
    name = "daemonset-controller"

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        return {"daemonsets.apps": own, "pods": controlled_by("DaemonSet"), "nodes": _placement_changed}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        waits = [Daemons.of(verbs, found, self.name).step() for found in each(verbs, verbs.kind("DaemonSet"), key)]
        return min((wait for wait in waits if wait is not None), default=None)


@dataclass
class Daemons:
    """One DaemonSet, its pods by node and the nodes as they are now; ``step`` does what may be done next."""

    verbs: Verbs
    set: Json
    hashed: str
    revisions: Sequence[Json]
    pods: dict[str, list[Json]]
    nodes: list[str]
    """Those that a pod belongs on."""
    kept: list[str]
    """Those where one may stay that is there."""
    recorder: Recorder
    failed: bool = False

    @classmethod
    def of(cls, verbs: Verbs, daemon_set: Json, component: str) -> Daemons:
        revision, revisions = history.recorded(verbs, daemon_set, daemon_pods.HASH)
        places = {
            node["metadata"]["name"]: daemon_pods.belongs_on(daemon_set, node)
            for node in verbs.list(verbs.kind("Node"))
        }
        pods: dict[str, list[Json]] = {node: [] for node in places}
        for pod in daemon_pods.oldest(claimed(verbs, daemon_set, verbs.kind("Pod"))):
            pods.setdefault(daemon_pods.node_of(pod), []).append(pod)
        nodes = [node for node, (runs, _) in places.items() if runs]
        kept = [node for node, (_, stays) in places.items() if stays]
        hashed = history.hash_of(revision, daemon_pods.HASH)
        return cls(verbs, daemon_set, hashed, revisions, pods, nodes, kept, Recorder(verbs, component))

    def step(self) -> float | None:
        """Seconds after which to look again anyway."""
        if not is_terminating(self.set):
            moved = self._fill()
            if not moved and self.set["spec"]["updateStrategy"]["type"] == "RollingUpdate":
                self._renew()
        self.verbs.set_status(self.verbs.kind("DaemonSet"), self.set, self._status())
        in_use = {pod["metadata"].get("labels", {}).get(daemon_pods.HASH) for pod in self._all()} | {self.hashed}
        names = {one["metadata"]["name"] for one in self.revisions if history.hash_of(one, daemon_pods.HASH) in in_use}
        history.prune(self.verbs, self.set, self.revisions, names)
        return RETRY_SECONDS if self.failed else self._next_available()

    def _fill(self) -> bool:
        """Start missing pods, end those that are over or in the wrong place. Whether there was anything to do."""
        unwanted = [pod for node in self.pods for pod in self._unwanted(node)]
        missing = [node for node in self.nodes if not self.pods[node]]
        for pod in unwanted:
            self._delete(pod)
        self._start(missing)
        return bool(unwanted or missing)

    def _unwanted(self, node: str) -> list[Json]:
        here = self._staying(node)
        if node not in self.kept:
            return here
        over = [pod for pod in here if is_over(pod)]
        for pod in over:
            self._say_over(pod, node)
        running = [pod for pod in here if pod not in over]
        if not self._surges:
            return [*over, *running[1:]]
        new = [pod for pod in running if self._is_updated(pod)]
        old = [pod for pod in running if not self._is_updated(pod)]
        useless = old[:1] if new and old and not self._is_available(old[0]) else []
        return [*over, *new[1:], *old[1:], *useless]

    def _say_over(self, pod: Json, node: str) -> None:
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        if pod["status"]["phase"] == "Failed":
            message = f"Found failed daemon pod {name} on node {node}, will try to kill it"
            self.recorder.warning(self.set, "FailedDaemonPod", message)
        else:
            message = f"Found succeeded daemon pod {name} on node {node}, will try to delete it"
            self.recorder.normal(self.set, "SucceededDaemonPod", message)

    def _renew(self) -> None:
        surge, unavailable = daemon_update.limits(self.set, len(self.nodes))
        pods = {node: self._staying(node) for node in self.nodes}
        if surge:
            moves = daemon_update.surging(pods, self._is_updated, self._is_available, surge)
        else:
            moves = daemon_update.replacing(pods, self._is_updated, self._is_available, unavailable)
        for pod in moves.delete:
            self._delete(pod)
        self._start(moves.start)

    @property
    def _surges(self) -> bool:
        strategy = self.set["spec"]["updateStrategy"]
        return strategy["type"] == "RollingUpdate" and daemon_update.limits(self.set, len(self.nodes))[0] > 0

    def _start(self, nodes: Sequence[str]) -> None:
        """One after the other, until one is refused."""
        generation = self.set["metadata"]["annotations"][GENERATION]
        for node in nodes:
            made = try_create(
                self.verbs, self.verbs.kind("Pod"), daemon_pods.pod_for(self.set, node, self.hashed, generation)
            )
            if isinstance(made, StatusError):
                self.recorder.warning(self.set, "FailedCreate", f"Error creating: {made}")
                self.failed = True
                return
            self.pods[node].append(made)
            self.recorder.normal(self.set, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")

    def _delete(self, pod: Json) -> None:
        meta, node = pod["metadata"], daemon_pods.node_of(pod)
        left, gone = self.verbs.delete(self.verbs.kind("Pod"), meta["namespace"], meta["name"])
        self.pods[node] = [one if one is not pod else left for one in self.pods[node] if one is not pod or not gone]
        self.recorder.normal(self.set, "SuccessfulDelete", f"Deleted pod: {meta['name']}")

    def _all(self) -> list[Json]:
        return [pod for pods in self.pods.values() for pod in pods]

    def _staying(self, node: str) -> list[Json]:
        return [pod for pod in self.pods[node] if not is_terminating(pod)]

    def _is_updated(self, pod: Json) -> bool:
        return daemon_pods.is_updated(pod, self.hashed)

    def _is_available(self, pod: Json) -> bool:
        return is_available(pod, self._min_ready, self.verbs.clock.now())

    @property
    def _min_ready(self) -> int:
        return int(self.set["spec"].get("minReadySeconds", 0))

    def _status(self) -> Json:
        """Of several pods on a node the oldest counts. Numbers that are 0 are left out, but for the first four."""
        first = [self.pods[node][0] for node in self.nodes if self.pods[node]]
        available = sum(map(self._is_available, first))
        counts = {
            "observedGeneration": self.set["metadata"]["generation"],
            "updatedNumberScheduled": sum(map(self._is_updated, first)),
            "numberAvailable": available,
            "numberUnavailable": len(self.nodes) - available,
        }
        return {
            "currentNumberScheduled": len(first),
            "numberMisscheduled": sum(bool(pods) for node, pods in self.pods.items() if node not in self.nodes),
            "desiredNumberScheduled": len(self.nodes),
            "numberReady": sum(map(is_ready, first)),
            **{key: value for key, value in counts.items() if value},
        }

    def _next_available(self) -> float | None:
        now = self.verbs.clock.now()
        return min((wait for pod in self._all() if (wait := available_in(pod, self._min_ready, now))), default=None)


CONTROLLER = DaemonSetController
