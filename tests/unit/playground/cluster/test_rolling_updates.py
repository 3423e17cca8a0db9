"""What a rolling update promises whatever happens: enough pods available, and not too many of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.cluster.controllers.deployment import DeploymentController
from playground.cluster.controllers.replicaset import ReplicaSetController
from playground.cluster.workloads.pods import is_active, is_available
from playground.cluster.workloads.shares import surge_and_unavailable
from tests.unit.playground.cluster.in_process import NOON, InProcess
from tests.unit.playground.cluster.playing_pods import PodPlayer
from tests.unit.playground.cluster.workloads import images, pods, set_image, workload

Json = dict[str, Any]
shares = st.one_of(st.integers(0, 6), st.integers(0, 100).map("{}%".format))
tags = st.sampled_from(["web:v1", "web:v2", "web:v3", "web:slow", "web:unready", "web:slow-unready"])
steps = st.lists(st.one_of(tags, st.integers(0, 12)), min_size=1, max_size=4)


def _unless_both_are_zero(strategy: Json) -> bool:
    return any(str(value).strip("0%") for value in strategy.values())


strategies = st.fixed_dictionaries({"maxSurge": shares, "maxUnavailable": shares}).filter(_unless_both_are_zero)


@settings(max_examples=40, deadline=None)
@given(replicas=st.integers(1, 8), strategy=strategies, min_ready=st.sampled_from([0, 3]), rollout=st.lists(tags, min_size=1, max_size=3), seconds=st.integers(0, 8))  # fmt: skip
def test_never_too_few_available_nor_too_many(
    replicas: int, strategy: Json, min_ready: int, rollout: list[str], seconds: int
) -> None:
    cluster = InProcess(DeploymentController(), ReplicaSetController(), PodPlayer())
    cluster.create(
        workload("Deployment", replicas=replicas, strategy={"rollingUpdate": strategy}, minReadySeconds=min_ready)
    )
    cluster.step(10)
    assert images(cluster) == {"web:v1": replicas}
    surge, unavailable = surge_and_unavailable(cluster.get("Deployment", "web"))
    seen: list[tuple[int, int]] = []

    def count(_: object) -> None:
        active = [pod for pod in pods(cluster) if is_active(pod)]
        seen.append((len(active), sum(is_available(pod, min_ready, cluster.clock.now()) for pod in active)))

    count(None)
    cluster.verbs.store.listeners.append(count)
    for image in rollout:
        set_image(cluster, "Deployment", "web", image)
        cluster.step(seconds)
    assert max(many for many, _ in seen) <= replicas + surge
    assert min(available for _, available in seen) >= replicas - unavailable


@settings(max_examples=40, deadline=None)
@given(strategy=strategies, changes=steps, seconds=st.integers(0, 8))
def test_ends_as_asked_whatever_was_asked_before(strategy: Json, changes: list[str | int], seconds: int) -> None:
    cluster = InProcess(DeploymentController(), ReplicaSetController(), PodPlayer())
    cluster.create(workload("Deployment", replicas=3, strategy={"rollingUpdate": strategy}))
    for change in changes:
        if isinstance(change, str):
            set_image(cluster, "Deployment", "web", change)
        else:
            cluster.change("Deployment", "web", spec={"replicas": change})
        cluster.step(seconds)
    cluster.change("Deployment", "web", spec={"replicas": 5})
    set_image(cluster, "Deployment", "web", "web:good")
    cluster.step(60)
    live = cluster.get("Deployment", "web")
    assert images(cluster) == {"web:good": 5}
    assert live["status"]["availableReplicas"] == 5
    assert live["status"]["conditions"][-1]["reason"] in {"NewReplicaSetAvailable", "MinimumReplicasAvailable"}
    assert cluster.clock.now() >= NOON + 60
