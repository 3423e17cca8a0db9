"""Which node a pod gets, when it is tried again, and in what order. The words for why not are compared in tests/contract."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.unit.playground.cluster.with_nodes import WithNodes, container
from tests.unit.playground.cluster.workloads import workload

Json = dict[str, Any]
HOST = "kubernetes.io/hostname"


def node_of(cluster: WithNodes, name: str) -> str:
    return str(cluster.get("Pod", name)["spec"].get("nodeName", ""))


def asking(cpu: str) -> list[Json]:
    return [container("web", resources={"requests": {"cpu": cpu}})]


def test_pods_of_one_owner_are_spread():
    cluster = WithNodes(3)
    cluster.create(workload("Deployment", replicas=6))
    cluster.step(1)
    assert Counter(pod["spec"]["nodeName"] for pod in cluster.list("Pod")) == {"a": 2, "b": 2, "c": 2}


def test_the_emptier_node_is_chosen():
    cluster = WithNodes(2)
    cluster.pod("big", containers=asking("3"), nodeSelector={HOST: "a"})
    cluster.pod("next", containers=asking("1"))
    assert node_of(cluster, "next") == "b"


def test_only_what_fits_is_placed_and_the_rest_when_room_is_made():
    cluster = WithNodes(1)
    for name in ("one", "two", "three"):
        cluster.pod(name, containers=asking("1500m"))
    assert [node_of(cluster, name) for name in ("one", "two", "three")] == ["a", "a", ""]
    why = "0/1 nodes are available: 1 Insufficient cpu"
    no_help = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod"
    assert cluster.events("three") == [("FailedScheduling", f"{why}. {no_help}.", 1)]
    cluster.delete("Pod", "one")
    cluster.step(2)
    assert node_of(cluster, "three") == "a"


def test_a_pod_that_has_ended_takes_no_room():
    cluster = WithNodes(1)
    cluster.pod("job", containers=asking("3"), restartPolicy="Never")
    cluster.pod("next", containers=asking("3"))
    cluster.step(2)
    assert node_of(cluster, "next") == "a"


def test_init_containers_count_only_where_they_need_more():
    cluster = WithNodes(1)
    first = [container("first", resources={"requests": {"cpu": "3"}})]
    cluster.pod("one", initContainers=first, containers=asking("1"))
    cluster.pod("two", containers=asking("1"))
    cluster.pod("three", containers=asking("1"))
    assert [node_of(cluster, name) for name in ("one", "two", "three")] == ["a", "a", ""]


def test_a_new_node_is_used():
    cluster = WithNodes(1)
    cluster.pod(nodeSelector={HOST: "z"})
    assert node_of(cluster, "web") == ""
    cluster.create({"kind": "Node", "metadata": {"name": "z", "labels": {HOST: "z"}}})
    cluster.step(2)
    assert (node_of(cluster, "web"), cluster.shown()) == ("z", ("1/1", "Running", 0))


def test_the_more_important_pod_goes_first():
    cluster = WithNodes(1)
    cluster.change("Node", "a", spec={"unschedulable": True})
    cluster.pod("usual", containers=asking("3"))
    cluster.pod("critical", containers=asking("3"), priorityClassName="system-cluster-critical")
    cluster.step(60)
    cluster.change("Node", "a", spec={"unschedulable": False})
    cluster.step(11)
    assert (node_of(cluster, "critical"), node_of(cluster, "usual")) == ("a", "")


def test_wishes_are_heeded():
    cluster = WithNodes(2)
    cluster.change("Node", "a", spec={"taints": [{"key": "old", "effect": "PreferNoSchedule"}]})
    cluster.pod("one")
    cluster.pod("two")
    assert (node_of(cluster, "one"), node_of(cluster, "two")) == ("b", "b")
    prefer = {"weight": 5, "preference": {"matchExpressions": [{"key": HOST, "operator": "In", "values": ["a"]}]}}
    affinity = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [prefer]}}
    cluster.change("Node", "a", spec={"taints": []})
    cluster.pod("three", affinity=affinity)
    assert node_of(cluster, "three") == "a"


def test_a_pod_may_want_to_be_near_its_like():
    cluster = WithNodes(3)
    near = [{"topologyKey": HOST, "labelSelector": {"matchLabels": {"app": "near"}}}]
    affinity = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": near}}
    for number in range(3):
        cluster.create({
            "kind": "Pod", "metadata": {"name": f"near-{number}", "labels": {"app": "near"}},
            "spec": {"containers": [container("web")], "affinity": affinity},
        })  # fmt: skip
    assert len({node_of(cluster, f"near-{number}") for number in range(3)}) == 1


def test_what_cannot_be_placed_is_tried_again_now_and_then():
    cluster = WithNodes(1)
    cluster.pod(nodeSelector={HOST: "z"})
    cluster.step(301)
    assert [count for _, _, count in cluster.events("web")] == [1]
    event = next(one for one in cluster.list("Event") if one["involvedObject"]["name"] == "web")
    assert event["series"]["count"] == 2


def test_gates_hold_a_pod_back_until_they_are_gone():
    cluster = WithNodes(1)
    cluster.pod(schedulingGates=[{"name": "example.com/later"}])
    assert cluster.shown() == ("0/1", "SchedulingGated", 0)
    assert cluster.reasons() == []


@pytest.mark.parametrize("scheduler", ["mine", "nobody"])
def test_pods_of_other_schedulers_are_left_alone(scheduler: str):
    cluster = WithNodes(1)
    cluster.pod(schedulerName=scheduler)
    assert cluster.get("Pod", "web")["status"] == {"phase": "Pending", "qosClass": "BestEffort"}
