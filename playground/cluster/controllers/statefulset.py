"""Keeps a StatefulSet's numbered pods: made from the lowest number up, given up and replaced from the highest down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.controller import RETRY_SECONDS, Key, own
from playground.cluster.events import Recorder
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.workloads import claim_retention, history, stateful_status
from playground.cluster.workloads.ownership import claimed, controlled_by, each
from playground.cluster.workloads.pods import available_in, is_available, is_over, is_ready, is_terminating
from playground.cluster.workloads.shares import resolved
from playground.cluster.workloads.stateful_pods import REVISION, claims_of, ordinal, pod_of

Json = dict[str, Any]
HASH = "controller.kubernetes.io/hash"


class StatefulSetController:
    name = "statefulset-controller"

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        return {"statefulsets.apps": own, "pods": controlled_by("StatefulSet")}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        waits = [Ordered.of(verbs, found, self.name).step() for found in each(verbs, verbs.kind("StatefulSet"), key)]
        return min((wait for wait in waits if wait is not None), default=None)


@dataclass
class Ordered:
    """One StatefulSet and its pods as they are now; ``step`` does what may be done next."""

    verbs: Verbs
    set: Json
    pods: dict[int, Json]
    current: Json
    update: Json
    revisions: Sequence[Json]
    recorder: Recorder

    @classmethod
    def of(cls, verbs: Verbs, stateful_set: Json, component: str) -> Ordered:
        update, revisions = history.recorded(verbs, stateful_set, HASH)
        named = stateful_set["status"].get("currentRevision")
        current = next((one for one in revisions if one["metadata"]["name"] == named), update)
        pods = {ordinal(pod): pod for pod in claimed(verbs, stateful_set, verbs.kind("Pod"))}
        return cls(verbs, stateful_set, pods, current, update, revisions, Recorder(verbs, component))

    @property
    def ordinals(self) -> range:
        start = self.set["spec"].get("ordinals", {}).get("start", 0)
        return range(start, start + self.set["spec"]["replicas"])

    @property
    def in_order(self) -> bool:
        return bool(self.set["spec"]["podManagementPolicy"] == "OrderedReady")

    @property
    def min_ready(self) -> int:
        return int(self.set["spec"].get("minReadySeconds", 0))

    def step(self) -> float | None:
        """Seconds after which to look again anyway."""
        failed = False
        if not is_terminating(self.set):
            self._own_claims()
            try:
                if self._fill() and self._shrink():
                    self._replace()
            except StatusError:  # said in an event already
                failed = True
        status = stateful_status.status_of(
            self.set, list(self.pods.values()), self.current, self.update, self.verbs.clock.now()
        )
        self.verbs.set_status(self.verbs.kind("StatefulSet"), self.set, status)
        in_use = {pod["metadata"]["labels"].get(REVISION, "") for pod in self.pods.values()}
        names = {self.current["metadata"]["name"], self.update["metadata"]["name"], *in_use}
        history.prune(self.verbs, self.set, self.revisions, names)
        return RETRY_SECONDS if failed else self._next_available()

    def _own_claims(self) -> None:
        kind = self.verbs.kind("PersistentVolumeClaim")
        for number, pod in self.pods.items():
            for named in claims_of(self.set, pod["metadata"]["name"]):
                claim = self.verbs.find(kind, named["metadata"]["namespace"], named["metadata"]["name"])
                if claim is None:
                    continue
                wanted = claim_retention.owned(claim, self.set, pod, condemned=number not in self.ordinals)
                if wanted is not claim:
                    self.verbs.update(kind, wanted)

    def _fill(self) -> bool:
        """Make the pods that are missing. False: others have to wait for one of them."""
        for number in self.ordinals:
            pod = self.pods.get(number)
            if pod is not None and is_over(pod):
                if not is_terminating(pod):
                    self._delete(number)
                return False
            if pod is None:
                self._create(number)
                if self.in_order:
                    return False
            elif self.in_order and not self._is_settled(pod):
                return False
        return True

    def _shrink(self) -> bool:
        """Give up the pods beyond those wanted. False: some are left to give up, or to go."""
        condemned = sorted((number for number in self.pods if number not in self.ordinals), reverse=True)
        unhealthy = [number for number in sorted(self.pods) if not self._is_healthy(self.pods[number])]
        for number in condemned:
            pod = self.pods[number]
            if is_terminating(pod):
                if self.in_order:
                    return False
                continue
            if self.in_order and not self._is_settled(pod) and number != unhealthy[0]:
                return False
            self._delete(number)
            if self.in_order:
                return False
        return not condemned

    def _replace(self) -> None:
        """Delete pods of another revision, from the highest number down, as many as may be missing; unavailable ones first."""
        strategy = self.set["spec"]["updateStrategy"]
        if strategy["type"] != "RollingUpdate":
            return
        most = resolved(strategy["rollingUpdate"]["maxUnavailable"], self.set["spec"]["replicas"], up=True)
        settled = {number: self._is_settled(self.pods[number]) for number in self.ordinals}
        outdated = [number for number in reversed(self.ordinals) if self._may_be_replaced(number)]
        room = max(1, most) - list(settled.values()).count(False)
        healthy = [number for number in outdated if settled[number]]
        for number in [*(number for number in outdated if not settled[number]), *healthy[: max(0, room)]]:
            self._delete(number)

    def _may_be_replaced(self, number: int) -> bool:
        pod = self.pods[number]
        old = pod["metadata"]["labels"].get(REVISION) != self.update["metadata"]["name"]
        return old and not is_terminating(pod) and number >= self._first_updated

    @property
    def _first_updated(self) -> int:
        """The lowest number that gets the new revision: the partition holds back those below it."""
        rolling = self.set["spec"]["updateStrategy"].get("rollingUpdate", {})
        return int(self.ordinals.start + rolling.get("partition", 0))

    def _is_healthy(self, pod: Json) -> bool:
        return is_ready(pod) and not is_terminating(pod)

    def _is_settled(self, pod: Json) -> bool:
        return not is_terminating(pod) and is_available(pod, self.min_ready, self.verbs.clock.now())

    def _create(self, number: int) -> None:
        revision = self.current if number < self._first_updated else self.update
        pod = pod_of(self.set, history.template_of(revision), number, revision["metadata"]["name"])
        name, set_name = pod["metadata"]["name"], self.set["metadata"]["name"]
        for claim in claims_of(self.set, name):
            self._claim(claim, name)
        try:
            self.pods[number] = self.verbs.create(self.verbs.kind("Pod"), pod)
        except StatusError as error:
            message = f"Create Pod {name} in StatefulSet {set_name} failed error: {error}"
            self.recorder.warning(self.set, "FailedCreate", message)
            raise
        self.recorder.normal(self.set, "SuccessfulCreate", f"Create Pod {name} in StatefulSet {set_name} successful")

    def _claim(self, claim: Json, pod: str) -> None:
        kind, name = self.verbs.kind("PersistentVolumeClaim"), claim["metadata"]["name"]
        if self.verbs.find(kind, claim["metadata"]["namespace"], name) is not None:
            return
        about = f"Create Claim {name} Pod {pod} in StatefulSet {self.set['metadata']['name']}"
        try:
            self.verbs.create(kind, claim)
        except StatusError as error:
            self.recorder.warning(self.set, "FailedCreate", f"{about} failed error: {error}")
            raise
        self.recorder.normal(self.set, "SuccessfulCreate", f"{about} success")

    def _delete(self, number: int) -> None:
        meta = self.pods[number]["metadata"]
        left, gone = self.verbs.delete(self.verbs.kind("Pod"), meta["namespace"], meta["name"])
        if gone:
            del self.pods[number]
        else:
            self.pods[number] = left
        message = f"Delete Pod {meta['name']} in StatefulSet {self.set['metadata']['name']} successful"
        self.recorder.normal(self.set, "SuccessfulDelete", message)

    def _next_available(self) -> float | None:
        now = self.verbs.clock.now()
        return min(
            (wait for pod in self.pods.values() if (wait := available_in(pod, self.min_ready, now))), default=None
        )


CONTROLLER = StatefulSetController
