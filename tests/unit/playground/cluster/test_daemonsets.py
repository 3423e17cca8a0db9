"""DaemonSets: a pod on each node that it belongs on, renewed node by node."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.daemonset import DaemonSetController
from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.kinds.daemonset import GENERATION
from playground.cluster.workloads.daemon_pods import node_of
from tests.unit.playground.cluster.in_process import InProcess
from tests.unit.playground.cluster.playing_pods import PodPlayer
from tests.unit.playground.cluster.workloads import image_of, images, pods, set_image, workload

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    made = InProcess(DaemonSetController(), GarbageCollector(), PodPlayer())
    for number in (1, 2, 3):
        node(made, f"node-{number}")
    return made


def node(cluster: InProcess, name: str, labels: dict[str, str] | None = None, **spec: Any) -> None:
    cluster.create({"kind": "Node", "metadata": {"name": name, "labels": labels or {}}, "spec": spec})


def places(cluster: InProcess) -> list[str]:
    return sorted(node_of(pod) for pod in pods(cluster))


def rolling(**limits: int | str) -> Json:
    return {"type": "RollingUpdate", "rollingUpdate": limits}


def test_each_node_gets_a_pod_that_is_meant_for_it(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    revision = cluster.list("ControllerRevision")[0]["metadata"]["labels"]["controller-revision-hash"]
    assert places(cluster) == ["node-1", "node-2", "node-3"]
    for pod in pods(cluster):
        assert pod["metadata"]["labels"] == {
            "app": "web", "controller-revision-hash": revision, "pod-template-generation": "1",
        }  # fmt: skip
    assert cluster.get("DaemonSet", "web")["status"] == {
        "currentNumberScheduled": 3, "numberMisscheduled": 0, "desiredNumberScheduled": 3, "numberReady": 3,
        "observedGeneration": 1, "updatedNumberScheduled": 3, "numberAvailable": 3,
    }  # fmt: skip


def test_nodes_that_come_and_go_are_followed(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    node(cluster, "node-4")
    cluster.delete("Node", "node-1")
    assert places(cluster) == ["node-2", "node-3", "node-4"]


def test_taints_keep_pods_off_unless_tolerated(cluster: InProcess) -> None:
    node(cluster, "tainted", taints=[{"key": "gpu", "value": "yes", "effect": "NoSchedule"}])
    node(
        cluster,
        "cordoned",
        unschedulable=True,
        taints=[{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}],
    )
    cluster.create(workload("DaemonSet"))
    assert places(cluster) == ["cordoned", "node-1", "node-2", "node-3"]
    tolerant = workload("DaemonSet", "tolerant")
    tolerant["spec"]["template"]["spec"]["tolerations"] = [{"key": "gpu", "operator": "Equal", "value": "yes"}]
    cluster.create(tolerant)
    assert "tainted" in [node_of(pod) for pod in pods(cluster, "tolerant")]


def test_pods_leave_a_node_that_they_no_longer_belong_on(cluster: InProcess) -> None:
    picky = workload("DaemonSet")
    picky["spec"]["template"]["spec"]["nodeSelector"] = {"disk": "fast"}
    node(cluster, "fast", {"disk": "fast"})
    cluster.create(picky)
    assert places(cluster) == ["fast"]
    cluster.change("Node", "fast", metadata={"labels": {"disk": "slow"}})
    assert places(cluster) == []


def test_new_taint_keeps_what_runs_unless_it_evicts(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    cluster.change("Node", "node-1", spec={"taints": [{"key": "gpu", "effect": "NoSchedule"}]})
    assert places(cluster) == ["node-1", "node-2", "node-3"]
    assert cluster.get("DaemonSet", "web")["status"]["numberMisscheduled"] == 1
    cluster.change("Node", "node-1", spec={"taints": [{"key": "gpu", "effect": "NoExecute"}]})
    assert places(cluster) == ["node-2", "node-3"]


def test_update_takes_one_node_at_a_time_and_stops_at_a_broken_one(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    set_image(cluster, "DaemonSet", "web", "web:unready")
    assert images(cluster) == {"web:v1": 2, "web:unready": 1}
    status = cluster.get("DaemonSet", "web")["status"]
    assert (status["updatedNumberScheduled"], status["numberUnavailable"], status["numberAvailable"]) == (1, 1, 2)
    set_image(cluster, "DaemonSet", "web", "web:v1")
    assert images(cluster) == {"web:v1": 3}


@pytest.mark.parametrize(("unavailable", "broken"), [(2, 2), ("50%", 2), ("100%", 3), ("1%", 1)])
def test_so_many_nodes_may_be_without_a_pod(cluster: InProcess, unavailable: int | str, broken: int) -> None:
    cluster.create(workload("DaemonSet", updateStrategy=rolling(maxUnavailable=unavailable)))
    set_image(cluster, "DaemonSet", "web", "web:unready")
    assert images(cluster)["web:unready"] == broken
    assert len(pods(cluster)) == 3


def test_surge_starts_the_new_pod_before_the_old_one_goes(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet", updateStrategy=rolling(maxSurge=1, maxUnavailable=0)))
    set_image(cluster, "DaemonSet", "web", "web:slow")
    assert images(cluster) == {"web:v1": 3, "web:slow": 1}
    cluster.step(5)
    assert images(cluster) == {"web:v1": 2, "web:slow": 2}
    cluster.step(20)
    assert images(cluster) == {"web:slow": 3}


def test_on_delete_waits_for_people(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet", updateStrategy={"type": "OnDelete"}))
    set_image(cluster, "DaemonSet", "web", "web:v2")
    assert images(cluster) == {"web:v1": 3}
    cluster.delete("Pod", pods(cluster)[0]["metadata"]["name"])
    assert images(cluster) == {"web:v1": 2, "web:v2": 1}
    assert cluster.get("DaemonSet", "web")["status"]["updatedNumberScheduled"] == 1


def test_failed_pod_is_replaced_and_told(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    victim = pods(cluster)[0]
    name = victim["metadata"]["name"]
    cluster.set_status("Pod", name, phase="Failed")
    assert places(cluster) == ["node-1", "node-2", "node-3"]
    said = f"Found failed daemon pod shop/{name} on node {node_of(victim)}, will try to kill it"
    assert ("FailedDaemonPod", said, 1) in cluster.events("web")


def test_template_generation_is_the_servers(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet"))
    cluster.change("DaemonSet", "web", metadata={"annotations": {GENERATION: "70"}})
    assert cluster.get("DaemonSet", "web")["metadata"]["annotations"] == {GENERATION: "1"}
    set_image(cluster, "DaemonSet", "web", "web:v2")
    assert cluster.get("DaemonSet", "web")["metadata"]["annotations"] == {GENERATION: "2"}
    assert {pod["metadata"]["labels"]["pod-template-generation"] for pod in pods(cluster)} == {"2"}


def test_history_is_kept_and_renumbered(cluster: InProcess) -> None:
    cluster.create(workload("DaemonSet", revisionHistoryLimit=2))
    for image in ("web:v2", "web:v3", "web:v4", "web:v3"):
        set_image(cluster, "DaemonSet", "web", image)
    assert {one["revision"]: image_of(one) for one in cluster.list("ControllerRevision")} == {
        2: "web:v2", 4: "web:v4", 5: "web:v3",
    }  # fmt: skip
