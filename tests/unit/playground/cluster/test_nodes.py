"""Nodes: how they report, how one that is lost is noticed, what becomes of its pods, and its return."""

from __future__ import annotations

from playground.cluster import nodes
from tests.unit.playground.cluster.with_nodes import WithNodes
from tests.unit.playground.cluster.workloads import workload

UNREACHABLE = "node.kubernetes.io/unreachable"


def places(cluster: WithNodes) -> dict[str, str]:
    """Node of each pod, those that are going left out."""
    return {pod["metadata"]["name"]: pod["spec"].get("nodeName", "") for pod in cluster.list("Pod")
            if "deletionTimestamp" not in pod["metadata"]}  # fmt: skip


def taints(cluster: WithNodes, name: str) -> list[tuple[str, str]]:
    return [(one["key"], one["effect"]) for one in cluster.get("Node", name)["spec"].get("taints", [])]


def test_a_node_says_what_it_is():
    cluster = WithNodes(1)
    status = cluster.get("Node", "a")["status"]
    assert status["capacity"] == {"cpu": "4", "memory": "8Gi", "pods": "10"}
    assert {one["type"]: one["status"] for one in status["conditions"]} == {
        "MemoryPressure": "False", "DiskPressure": "False", "PIDPressure": "False", "Ready": "True",
    }  # fmt: skip
    assert status["nodeInfo"]["kubeletVersion"] == "v1.37.2"


def test_a_node_without_capacity_is_given_some():
    cluster = WithNodes(1)
    cluster.create({"kind": "Node", "metadata": {"name": "bare"}})
    assert cluster.get("Node", "bare")["status"]["allocatable"] == {"cpu": "64", "memory": "256Gi", "pods": "1k"}


def test_it_renews_its_lease():
    cluster = WithNodes(1)
    lease = cluster.verbs.kind("Lease")
    times = []
    for _ in range(3):
        cluster.step(10)
        times.append(cluster.verbs.get(lease, "kube-node-lease", "a")["spec"]["renewTime"])
    assert len(set(times)) == 3


def test_a_cordoned_node_is_tainted_and_untainted():
    cluster = WithNodes(1)
    cluster.change("Node", "a", spec={"unschedulable": True})
    assert taints(cluster, "a") == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    cluster.change("Node", "a", spec={"unschedulable": False})
    assert taints(cluster, "a") == []


def test_a_lost_node_is_noticed_after_a_while():
    cluster = WithNodes(2)
    cluster.pod(nodeSelector={"kubernetes.io/hostname": "a"})
    nodes.lose(cluster.kubelet, "a")
    cluster.step(39)
    assert cluster.condition("a", "Ready", "Node")[0] == "True"
    cluster.step(21)
    assert cluster.condition("a", "Ready", "Node") == (
        "Unknown",
        "NodeStatusUnknown",
        "Kubelet stopped posting node status.",
    )
    assert taints(cluster, "a") == [(UNREACHABLE, "NoSchedule"), (UNREACHABLE, "NoExecute")]
    assert cluster.condition("web", "Ready")[0] == "False"
    assert ("NodeNotReady", "Node is not ready", 1) in cluster.events("web")
    assert cluster.condition("b", "Ready", "Node")[0] == "True"


def test_its_pods_move_when_their_patience_ends():
    cluster = WithNodes(2)
    cluster.create(workload("Deployment", replicas=4))
    cluster.step(1)
    assert sorted(places(cluster).values()) == ["a", "a", "b", "b"]
    nodes.lose(cluster.kubelet, "a")
    cluster.step(300)
    assert sorted(places(cluster).values()) == ["a", "a", "b", "b"], "pods tolerate it for five minutes"
    cluster.step(70)
    assert sorted(places(cluster).values()) == ["b", "b", "b", "b"]
    going = [pod for pod in cluster.list("Pod") if "deletionTimestamp" in pod["metadata"]]
    assert [pod["spec"]["nodeName"] for pod in going] == ["a", "a"], "nobody can end them"
    name = going[0]["metadata"]["name"]
    assert cluster.condition(name, "DisruptionTarget")[:2] == ("True", "DeletionByTaintManager")
    assert "TaintManagerEviction" in cluster.reasons(name)


def test_a_node_that_returns_ends_what_was_deleted_meanwhile():
    cluster = WithNodes(2)
    cluster.create(workload("Deployment", replicas=2))
    cluster.step(1)
    nodes.lose(cluster.kubelet, "a")
    cluster.step(400)
    nodes.bring_back(cluster.kubelet, "a")
    cluster.step(3)
    assert cluster.condition("a", "Ready", "Node")[0] == "True"
    assert taints(cluster, "a") == []
    assert len(cluster.list("Pod")) == 2


def test_a_node_that_returns_in_time_keeps_its_pods():
    cluster = WithNodes(2)
    cluster.create(workload("Deployment", replicas=2))
    cluster.step(1)
    before = places(cluster)
    nodes.lose(cluster.kubelet, "a")
    cluster.step(120)
    nodes.bring_back(cluster.kubelet, "a")
    cluster.step(400)
    assert places(cluster) == before
    assert all(cluster.condition(name, "Ready")[0] == "True" for name in before)


def test_pods_that_do_not_tolerate_a_taint_go_at_once():
    cluster = WithNodes(2)
    cluster.pod(
        "stays", nodeSelector={"kubernetes.io/hostname": "a"}, tolerations=[{"key": "broken", "operator": "Exists"}]
    )
    cluster.pod("goes", nodeSelector={"kubernetes.io/hostname": "a"})
    cluster.change("Node", "a", spec={"taints": [{"key": "broken", "effect": "NoExecute"}]})
    cluster.step(1)
    assert set(places(cluster)) == {"stays"}


def test_pods_of_a_node_that_is_no_more_are_forgotten():
    cluster = WithNodes(2)
    cluster.create(workload("Deployment", replicas=2))
    cluster.step(1)
    cluster.delete("Node", "a")
    cluster.step(60)
    assert sorted(places(cluster).values()) == ["b", "b"]


def test_the_busiest_node():
    cluster = WithNodes(2)
    cluster.pod(nodeSelector={"kubernetes.io/hostname": "b"})
    assert nodes.busiest(cluster.verbs) == "b"
    for name in ("a", "b"):
        nodes.lose(cluster.kubelet, name)
    cluster.step(60)
    assert nodes.busiest(cluster.verbs) is None
