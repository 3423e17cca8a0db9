"""Budgets: what they count, and which evictions they allow."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.disruption import DisruptionController
from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.request import Asking
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import PERSON, InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), DisruptionController())


def budget(name: str = "web", **spec: Any) -> Json:
    return {"kind": "PodDisruptionBudget", "metadata": {"name": name},
            "spec": {"selector": {"matchLabels": {"app": "web"}}, **spec}}  # fmt: skip


def pods(cluster: InProcess, count: int, *, unready: int = 0) -> None:
    """Of a ReplicaSet that wants so many."""
    labels, container = {"app": "web"}, {"name": "web", "image": "web:1"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": count, "selector": {"matchLabels": labels}, "template": template}
    owner = cluster.create({"kind": "ReplicaSet", "metadata": {"name": "web"}, "spec": spec})
    reference = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "web",
        "uid": owner["metadata"]["uid"],
        "controller": True,
    }
    for number in range(count):
        meta = {"name": f"web-{number}", "labels": labels, "ownerReferences": [reference]}
        cluster.create({"kind": "Pod", "metadata": meta, "spec": {"containers": [container]}})
        ready = "False" if number < unready else "True"
        cluster.set_status("Pod", f"web-{number}", phase="Running", conditions=[{"type": "Ready", "status": ready}])


def counts(cluster: InProcess, name: str = "web") -> tuple[int, int, int, int]:
    """Healthy, desired, allowed, expected."""
    status = cluster.get("PodDisruptionBudget", name)["status"]
    return status["currentHealthy"], status["desiredHealthy"], status["disruptionsAllowed"], status["expectedPods"]


def evict(cluster: InProcess, name: str, asking: Asking = PERSON) -> None:
    DisruptionController().allow_eviction(cluster.verbs, cluster.get("Pod", name), asking)
    cluster.engine.settle()


def refusal(cluster: InProcess, name: str) -> StatusError:
    with pytest.raises(StatusError) as refused:
        evict(cluster, name)
    return refused.value


@pytest.mark.parametrize(
    ("spec", "counted"),
    [
        ({"minAvailable": 4}, (4, 4, 0, 5)),
        ({"minAvailable": 3}, (4, 3, 1, 5)),
        ({"minAvailable": "50%"}, (4, 3, 1, 5)),
        ({"maxUnavailable": 1}, (4, 4, 0, 5)),
        ({"maxUnavailable": "50%"}, (4, 2, 2, 5)),
        ({"maxUnavailable": 9}, (4, 0, 4, 5)),
    ],
)
def test_counts(cluster: InProcess, spec: Json, counted: tuple[int, int, int, int]):
    pods(cluster, 5, unready=1)
    cluster.create(budget(**spec))
    assert counts(cluster) == counted


def test_without_pods_it_says_so(cluster: InProcess):
    cluster.create(budget(minAvailable=1))
    assert counts(cluster) == (0, 1, 0, 0)
    assert ("NoPods", "No matching pods found") in {event[:2] for event in cluster.events("web")}
    [condition] = cluster.get("PodDisruptionBudget", "web")["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "InsufficientPods")


def test_an_eviction_counts_at_once(cluster: InProcess):
    pods(cluster, 3)
    cluster.create(budget(maxUnavailable=1))
    evict(cluster, "web-0")
    assert counts(cluster)[2] == 0
    error = refusal(cluster, "web-1")
    assert (error.code, error.reason) == (429, "TooManyRequests")
    assert error.message == "Cannot evict pod as it would violate the pod's disruption budget."
    why = "The disruption budget web needs 2 healthy pods and has 2 currently"
    assert error.details == {"causes": [{"reason": "DisruptionBudget", "message": why}]}


def test_a_pod_that_does_not_go_counts_again_after_two_minutes(cluster: InProcess):
    pods(cluster, 3)
    cluster.create(budget(maxUnavailable=1))
    evict(cluster, "web-0")
    cluster.step(121)
    assert counts(cluster)[2] == 1


def test_a_dry_run_counts_nothing(cluster: InProcess):
    pods(cluster, 3)
    cluster.create(budget(maxUnavailable=1))
    evict(cluster, "web-0", Asking(dry_run=True))
    assert counts(cluster)[2] == 1


def test_two_budgets_are_one_too_many(cluster: InProcess):
    pods(cluster, 1)
    cluster.create(budget("one", maxUnavailable=1))
    cluster.create(budget("two", maxUnavailable=1))
    error = refusal(cluster, "web-0")
    assert error.code == 500
    assert (
        error.message
        == "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
    )


def test_pods_that_are_not_ready(cluster: InProcess):
    """They may go while enough others are ready, or if the budget says so."""
    pods(cluster, 3, unready=1)
    cluster.create(budget(minAvailable=3))
    assert refusal(cluster, "web-0").code == 429
    cluster.change("PodDisruptionBudget", "web", spec={"unhealthyPodEvictionPolicy": "AlwaysAllow"})
    evict(cluster, "web-0")
    cluster.change(
        "PodDisruptionBudget", "web", spec={"minAvailable": 2, "unhealthyPodEvictionPolicy": "IfHealthyBudget"}
    )
    evict(cluster, "web-0")
    assert refusal(cluster, "web-1").code == 429


def test_what_has_ended_may_always_go(cluster: InProcess):
    pods(cluster, 1)
    cluster.create(budget(minAvailable=1))
    cluster.set_status("Pod", "web-0", phase="Failed")
    evict(cluster, "web-0")
