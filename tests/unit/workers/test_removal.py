"""The one deletion of an operation, over the wire of the simulator: that very pod, as its plan says, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from commands.errors import Conflict, Missing, NotAllowed
from commands.operation import State, Written
from commands.policy import Permit
from tests.harness import workloads
from tests.harness.simulated import SimulatedCluster
from tests.unit.workers import drafts
from workers.cluster import Cluster, open_cluster
from workers.removal import remove

Object = dict[str, Any]


@pytest.fixture(scope="module")
def played() -> Iterator[SimulatedCluster]:
    """Without nodes: pods are made, found to fit nowhere, and left as they are."""
    with SimulatedCluster(nodes=0) as started:
        yield started


@pytest.fixture(scope="module")
def cluster(played: SimulatedCluster) -> Iterator[Cluster]:
    opened = open_cluster("main", played.kubeconfig)
    yield opened
    opened.close()


@pytest.fixture
def namespace(played: SimulatedCluster) -> str:
    """With the StatefulSets db and other, and the first pod of each."""
    name = played.namespace()
    for each in ("db", "other"):
        played.apply(workloads.stateful_set(each, name, replicas=1))
    played.wait_items(f"/api/v1/namespaces/{name}/pods", lambda pods: len(pods) == 2 and all(map(is_left_alone, pods)))
    return name


def is_left_alone(pod: Object) -> bool:
    return any(each["type"] == "PodScheduled" for each in pod["status"].get("conditions") or ())


def permitted(cluster: Cluster, namespace: str, *, frees: bool = True) -> Permit:
    """To change db; ``frees``: its plan says that broken pods in the way are deleted."""
    live = cluster.get("StatefulSet", namespace, "db")
    plan = drafts.seal(cluster, "rollback", replace(drafts.deploy(live, "r/db:1"), frees=frees), 1.0)
    written = Written(2, plan.promise.template, None, 1.0)
    return drafts.permit(replace(drafts.operation(plan), state=State.OBSERVING, written=written))


def is_there(cluster: Cluster, pod: Object) -> bool:
    try:
        found = cluster.get("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"])
    except Missing:
        return False
    return found["metadata"]["uid"] == pod["metadata"]["uid"] and "deletionTimestamp" not in found["metadata"]


def test_as_the_plan_says(cluster: Cluster, namespace: str) -> None:
    pod = cluster.get("Pod", namespace, "db-0")
    remove(cluster, permitted(cluster, namespace), pod, dry_run=False)
    assert not is_there(cluster, pod)


def test_not_where_the_plan_does_not_say_so(cluster: Cluster, namespace: str) -> None:
    pod = cluster.get("Pod", namespace, "db-0")
    with pytest.raises(NotAllowed, match="The approved plan of op-7k3f does not say that db-0 is deleted"):
        remove(cluster, permitted(cluster, namespace, frees=False), pod, dry_run=False)
    assert is_there(cluster, pod)


def test_no_pod_of_another_workload(cluster: Cluster, namespace: str) -> None:
    pod = cluster.get("Pod", namespace, "other-0")
    with pytest.raises(NotAllowed, match="The approved plan of op-7k3f does not say that other-0 is deleted"):
        remove(cluster, permitted(cluster, namespace), pod, dry_run=False)
    assert is_there(cluster, pod)


@pytest.mark.parametrize("field", ["uid", "resourceVersion"])
def test_nor_what_has_changed_since_it_was_read(cluster: Cluster, namespace: str, field: str) -> None:
    pod = cluster.get("Pod", namespace, "db-0")
    with pytest.raises(Conflict):
        remove(
            cluster, permitted(cluster, namespace), {**pod, "metadata": {**pod["metadata"], field: "1"}}, dry_run=False
        )
    assert is_there(cluster, pod)
