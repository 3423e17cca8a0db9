"""ReplicaSets: as many pods as asked for, whose they are, which go first, and why some cannot be made."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.quota import QuotaController
from playground.cluster.controllers.replicaset import ReplicaSetController
from playground.cluster.workloads.replicaset_scaling import DELETION_COST, to_delete
from tests.unit.playground.cluster.in_process import InProcess
from tests.unit.playground.cluster.playing_pods import PodPlayer
from tests.unit.playground.cluster.workloads import conditions, images, pods, workload

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(ReplicaSetController(), QuotaController(), GarbageCollector(), PodPlayer())


def test_makes_pods_of_its_template(cluster: InProcess) -> None:
    made = cluster.create(workload("ReplicaSet", replicas=2))
    for pod in pods(cluster):
        meta = pod["metadata"]
        assert meta["generateName"] == "web-"
        assert meta["labels"] == {"app": "web"}
        assert meta["ownerReferences"] == [
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": made["metadata"]["uid"],
             "controller": True, "blockOwnerDeletion": True}
        ]  # fmt: skip
    assert {message for _, message, _ in cluster.events("web")} == {
        f"Created pod: {pod['metadata']['name']}" for pod in pods(cluster)
    }
    assert cluster.get("ReplicaSet", "web")["status"] == {
        "replicas": 2, "fullyLabeledReplicas": 2, "readyReplicas": 2, "availableReplicas": 2, "terminatingReplicas": 0,
        "observedGeneration": 1,
    }  # fmt: skip


def test_replaces_a_pod_that_is_deleted_or_has_failed(cluster: InProcess) -> None:
    cluster.create(workload("ReplicaSet", replicas=2))
    first, second = (pod["metadata"]["name"] for pod in pods(cluster))
    cluster.delete("Pod", first)
    cluster.set_status("Pod", second, phase="Failed")
    running = [pod["metadata"]["name"] for pod in pods(cluster) if pod["status"]["phase"] == "Running"]
    assert len(running) == 2
    assert not {first, second} & set(running)


def test_adopts_pods_that_fit_and_lets_go_of_those_that_no_longer_do(cluster: InProcess) -> None:
    orphan = {"kind": "Pod", "metadata": {"name": "orphan", "labels": {"app": "web"}},
              "spec": {"containers": [{"name": "app", "image": "web:v1"}]}}  # fmt: skip
    cluster.create(workload("ReplicaSet", replicas=1))
    cluster.create(orphan)
    assert len(pods(cluster)) == 1, "it was one too many"
    kept = pods(cluster)[0]["metadata"]["name"]
    cluster.change("Pod", kept, metadata={"labels": {"app": "quarantine"}})
    assert "ownerReferences" not in cluster.get("Pod", kept)["metadata"]
    assert images(cluster) == {"web:v1": 1}


def test_refused_pods_are_told_in_the_words_of_who_refused(cluster: InProcess) -> None:
    cluster.create({"kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "1"}}})
    cluster.create(workload("ReplicaSet", replicas=3))
    status, reason, message = conditions(cluster, "ReplicaSet")["ReplicaFailure"]
    assert (status, reason) == ("True", "FailedCreate")
    assert "is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1" in message
    assert ("FailedCreate", f"Error creating: {message}", 1) in cluster.events("web")
    cluster.change("ResourceQuota", "few", spec={"hard": {"pods": "5"}})
    cluster.step(60)
    assert images(cluster) == {"web:v1": 3}
    assert conditions(cluster, "ReplicaSet") == {}


def pod(name: str, *, node: str = "n", ready: bool = True, since: str = "2026-01-01T12:00:00Z", **more: Any) -> Json:
    condition = {"type": "Ready", "status": "True" if ready else "False", "lastTransitionTime": since}
    status = {"phase": more.get("phase", "Running"), "conditions": [condition]}
    cost = {"annotations": {DELETION_COST: more["cost"]}} if "cost" in more else {}
    meta = {"name": name, "creationTimestamp": "2026-01-01T12:00:00Z", **cost}
    return {"metadata": meta, "spec": {"nodeName": node} if node else {}, "status": status}


@pytest.mark.parametrize(
    ("going", "staying"),
    [
        (pod("a", node="", ready=False), pod("b", ready=False)),
        (pod("a", phase="Pending", ready=False), pod("b", ready=False)),
        (pod("a", ready=False), pod("b")),
        (pod("a", cost="-5"), pod("b")),
        (pod("a", cost="1"), pod("b", cost="2")),
        (pod("a", since="2026-01-01T12:05:00Z"), pod("b")),
        (pod("a", ready=False), pod("b", cost="-100")),
    ],
)
def test_pods_that_serve_least_go_first(going: Json, staying: Json) -> None:
    for listed in ([going, staying], [staying, going]):
        assert [one["metadata"]["name"] for one in to_delete(listed, listed, 1)] == ["a"]


def test_of_like_pods_one_on_the_crowded_node_goes() -> None:
    listed = [pod("a", node="empty"), pod("b", node="full"), pod("c", node="full")]
    assert to_delete(listed, listed, 1)[0]["spec"]["nodeName"] == "full"


def test_being_deleted_it_makes_no_pods(cluster: InProcess) -> None:
    made = workload("ReplicaSet", replicas=1)
    made["metadata"]["finalizers"] = ["example.com/wait"]
    cluster.create(made)
    cluster.delete("ReplicaSet", "web")
    cluster.delete("Pod", pods(cluster)[0]["metadata"]["name"])
    assert pods(cluster) == []
