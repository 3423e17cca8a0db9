"""Keeps as many pods of a ReplicaSet as it asks for, and says in its status how they fare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from playground.cluster.clock import stamp
from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.workloads.creating import pod_from
from playground.cluster.workloads.ownership import (
    claimed,
    controlled_by,
    controller_of,
    each,
    is_controlled_by,
    try_create,
)  # fmt: skip
from playground.cluster.workloads.pods import available_in, is_active, is_ready, is_terminating
from playground.cluster.workloads.replicaset_scaling import to_delete

Json = dict[str, Any]
MOST_AT_ONCE = 500
LONGEST_WAIT = 30.0
"""Seconds between two tries to create pods that are refused."""


class ReplicaSetController:
    name = "replicaset-controller"

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        return {"replicasets.apps": own, "pods": controlled_by("ReplicaSet")}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        waits = [self._one(verbs, found) for found in each(verbs, verbs.kind("ReplicaSet"), key)]
        return min((wait for wait in waits if wait is not None), default=None)

    def _one(self, verbs: Verbs, replica_set: Json) -> float | None:
        mine = claimed(verbs, replica_set, verbs.kind("Pod"))
        pods = [pod for pod in mine if is_active(pod)]
        failure = None
        if not is_terminating(replica_set):
            failure = self._scale(verbs, replica_set, pods)
        leaving = sum(map(is_terminating, mine))
        verbs.set_status(
            verbs.kind("ReplicaSet"), replica_set, status_of(replica_set, pods, leaving, failure, verbs.clock.now())
        )
        return self._wait(verbs, replica_set, pods, failure)

    def _scale(self, verbs: Verbs, replica_set: Json, pods: Sequence[Json]) -> StatusError | None:
        missing = replica_set["spec"]["replicas"] - len(pods)
        if missing > 0:
            return self._create(verbs, replica_set, min(missing, MOST_AT_ONCE))
        if missing < 0:
            self._delete(verbs, replica_set, pods, min(-missing, MOST_AT_ONCE))
        return None

    def _create(self, verbs: Verbs, replica_set: Json, count: int) -> StatusError | None:
        """In batches that double, so that a refusal is met once and not hundreds of times."""
        recorder, batch, failure = Recorder(verbs, self.name), 1, None
        while count > 0 and failure is None:
            for _ in range(min(batch, count)):
                made = try_create(verbs, verbs.kind("Pod"), pod_from(replica_set["spec"]["template"], replica_set))
                if isinstance(made, StatusError):
                    failure = made
                    recorder.warning(replica_set, "FailedCreate", f"Error creating: {made}")
                else:
                    recorder.normal(replica_set, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")
            count -= batch
            batch *= 2
        return failure

    def _delete(self, verbs: Verbs, replica_set: Json, pods: Sequence[Json], count: int) -> None:
        recorder = Recorder(verbs, self.name)
        for pod in to_delete(pods, _related(verbs, replica_set), count):
            verbs.delete(verbs.kind("Pod"), pod["metadata"]["namespace"], pod["metadata"]["name"])
            recorder.normal(replica_set, "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")

    def _wait(self, verbs: Verbs, replica_set: Json, pods: Sequence[Json], failure: StatusError | None) -> float | None:
        uid, now = replica_set["metadata"]["uid"], verbs.clock.now()
        if failure is not None:
            self._failures[uid] = self._failures.get(uid, 0) + 1
            return min(LONGEST_WAIT, 0.5 * 2.0 ** self._failures[uid])
        self._failures.pop(uid, None)
        min_ready = replica_set["spec"].get("minReadySeconds", 0)
        return min((wait for pod in pods if (wait := available_in(pod, min_ready, now))), default=None)


def _related(verbs: Verbs, replica_set: Json) -> list[Json]:
    """The pods of all ReplicaSets that have the same owner."""
    namespace, owner = replica_set["metadata"]["namespace"], controller_of(replica_set)
    siblings = [replica_set]
    if owner is not None:
        siblings = [other for other in verbs.list(verbs.kind("ReplicaSet"), namespace) if controller_of(other) == owner]
    pods = verbs.list(verbs.kind("Pod"), namespace)
    return [pod for pod in pods if is_active(pod) and any(is_controlled_by(pod, one) for one in siblings)]


def status_of(replica_set: Json, pods: Sequence[Json], leaving: int, failure: StatusError | None, now: float) -> Json:
    """Numbers that are 0 are left out, but for ``replicas`` and ``terminatingReplicas``."""
    spec = replica_set["spec"]
    labels = spec["template"]["metadata"].get("labels", {})
    min_ready = spec.get("minReadySeconds", 0)
    counts = {
        "fullyLabeledReplicas": sum(pod["metadata"].get("labels", {}).items() >= labels.items() for pod in pods),
        "readyReplicas": sum(map(is_ready, pods)),
        "availableReplicas": sum(available_in(pod, min_ready, now) == 0 for pod in pods),
        "observedGeneration": replica_set["metadata"]["generation"],
    }
    conditions = _conditions(replica_set, failure, now)
    return {
        "replicas": len(pods),
        "terminatingReplicas": leaving,
        **{key: value for key, value in counts.items() if value},
        **({"conditions": conditions} if conditions else {}),
    }


def _conditions(replica_set: Json, failure: StatusError | None, now: float) -> list[Json]:
    held: list[Json] = replica_set["status"].get("conditions", [])
    others = [condition for condition in held if condition["type"] != "ReplicaFailure"]
    if failure is None:
        return others
    if len(others) < len(held):  # with the same reason already: its first message stays
        return held
    reason = {"status": "True", "reason": "FailedCreate", "message": failure.message}
    return [*others, {"type": "ReplicaFailure", **reason, "lastTransitionTime": stamp(now)}]


CONTROLLER = ReplicaSetController
