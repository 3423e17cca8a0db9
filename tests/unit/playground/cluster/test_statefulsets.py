"""StatefulSets: pods in the order of their numbers, with claims of their own, held back by partitions and by what is broken."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.statefulset import StatefulSetController
from tests.unit.playground.cluster.in_process import InProcess
from tests.unit.playground.cluster.playing_pods import PodPlayer
from tests.unit.playground.cluster.workloads import image_of, pods, set_image, workload

Json = dict[str, Any]
CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


@pytest.fixture
def kubelet() -> PodPlayer:
    return PodPlayer()


@pytest.fixture
def cluster(kubelet: PodPlayer) -> InProcess:
    return InProcess(StatefulSetController(), GarbageCollector(), kubelet)


def state(cluster: InProcess) -> dict[str, str]:
    """Tags by pod name."""
    return {pod["metadata"]["name"]: image_of(pod).removeprefix("web:") for pod in pods(cluster)}


def counts(cluster: InProcess) -> tuple[int, int, int, int]:
    """Replicas, ready, current, updated."""
    status = cluster.get("StatefulSet", "web")["status"]
    return (
        status["replicas"],
        status.get("readyReplicas", 0),
        status.get("currentReplicas", 0),
        status.get("updatedReplicas", 0),
    )


def unready(cluster: InProcess, pod: str) -> Json:
    """Returns the condition as it was."""
    ready: Json = cluster.get("Pod", pod)["status"]["conditions"][0]
    cluster.set_status("Pod", pod, conditions=[{**ready, "status": "False"}])
    return ready


def test_pods_come_one_after_the_other(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", image="web:slow", replicas=3, serviceName="web"))
    assert list(state(cluster)) == ["web-0"]
    cluster.step(5)
    assert list(state(cluster)) == ["web-0", "web-1"]
    cluster.step(10)
    assert list(state(cluster)) == ["web-0", "web-1", "web-2"]
    assert counts(cluster) == (3, 3, 3, 3)
    assert cluster.events("web")[0] == ("SuccessfulCreate", "Create Pod web-0 in StatefulSet web successful", 1)


def test_pods_know_their_names(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=1, serviceName="db", ordinals={"start": 4}))
    pod = cluster.get("Pod", "web-4")
    revision = cluster.list("ControllerRevision")[0]["metadata"]
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-4", "db")
    assert pod["metadata"]["labels"] == {
        "app": "web",
        "apps.kubernetes.io/pod-index": "4",
        "controller-revision-hash": revision["name"],
        "statefulset.kubernetes.io/pod-name": "web-4",
    }
    assert revision["name"] == f"web-{revision['labels']['controller.kubernetes.io/hash']}"


def test_parallel_pods_come_at_once(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", image="web:slow", replicas=3, podManagementPolicy="Parallel"))
    assert len(state(cluster)) == 3


def test_update_goes_from_the_highest_number_down(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=3))
    set_image(cluster, "StatefulSet", "web", "web:slow")
    assert state(cluster) == {"web-0": "v1", "web-1": "v1", "web-2": "slow"}
    cluster.step(5)
    assert state(cluster) == {"web-0": "v1", "web-1": "slow", "web-2": "slow"}
    assert counts(cluster) == (3, 2, 1, 2)
    cluster.step(10)
    status = cluster.get("StatefulSet", "web")["status"]
    assert counts(cluster) == (3, 3, 3, 3)
    assert status["currentRevision"] == status["updateRevision"]


def test_broken_pod_of_the_old_revision_stays_until_it_is_deleted(cluster: InProcess) -> None:
    """kubernetes#67250: in order, everything waits for the broken one, even what would mend it."""
    cluster.create(workload("StatefulSet", replicas=3))
    set_image(cluster, "StatefulSet", "web", "web:unready")
    set_image(cluster, "StatefulSet", "web", "web:v1")
    cluster.step(3600)
    assert state(cluster) == {"web-0": "v1", "web-1": "v1", "web-2": "unready"}
    assert counts(cluster) == (3, 2, 2, 2), "of the revision that is current and wanted alike"
    cluster.delete("Pod", "web-2")
    assert state(cluster) == {"web-0": "v1", "web-1": "v1", "web-2": "v1"}


def test_parallel_set_mends_itself(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=3, podManagementPolicy="Parallel"))
    set_image(cluster, "StatefulSet", "web", "web:unready")
    assert sorted(state(cluster).values()) == ["unready", "v1", "v1"]
    set_image(cluster, "StatefulSet", "web", "web:v1")
    assert set(state(cluster).values()) == {"v1"}


def test_parallel_update_takes_broken_pods_first(cluster: InProcess, kubelet: PodPlayer) -> None:
    cluster.create(workload("StatefulSet", replicas=3, podManagementPolicy="Parallel"))
    kubelet.asleep = True
    unready(cluster, "web-0")
    set_image(cluster, "StatefulSet", "web", "web:v2")
    assert state(cluster) == {"web-0": "v2", "web-1": "v1", "web-2": "v1"}


def test_up_to_max_unavailable_are_replaced_at_once(cluster: InProcess) -> None:
    strategy = {"rollingUpdate": {"maxUnavailable": 2}}
    cluster.create(workload("StatefulSet", replicas=4, podManagementPolicy="Parallel", updateStrategy=strategy))
    set_image(cluster, "StatefulSet", "web", "web:unready")
    assert state(cluster) == {"web-0": "v1", "web-1": "v1", "web-2": "unready", "web-3": "unready"}


def test_partition_holds_back_the_lower_numbers(cluster: InProcess) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2, "maxUnavailable": 1}}
    cluster.create(workload("StatefulSet", replicas=3, updateStrategy=strategy))
    set_image(cluster, "StatefulSet", "web", "web:v2")
    assert state(cluster) == {"web-0": "v1", "web-1": "v1", "web-2": "v2"}
    assert counts(cluster) == (3, 3, 2, 1)
    cluster.delete("Pod", "web-0")
    assert state(cluster)["web-0"] == "v1", "below the partition pods come back as they were"
    cluster.change("StatefulSet", "web", spec={"replicas": 4})
    assert state(cluster)["web-3"] == "v2"
    strategy["rollingUpdate"] = {"partition": 0, "maxUnavailable": 1}
    cluster.change("StatefulSet", "web", spec={"updateStrategy": strategy})
    assert set(state(cluster).values()) == {"v2"}
    assert counts(cluster) == (4, 4, 4, 4)


def test_on_delete_waits_for_people(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=2, updateStrategy={"type": "OnDelete"}))
    set_image(cluster, "StatefulSet", "web", "web:v2")
    assert state(cluster) == {"web-0": "v1", "web-1": "v1"}
    cluster.delete("Pod", "web-0")
    assert state(cluster) == {"web-0": "v2", "web-1": "v1"}
    assert counts(cluster) == (2, 2, 1, 1)


def test_shrinks_from_the_highest_number_while_all_below_are_well(cluster: InProcess, kubelet: PodPlayer) -> None:
    cluster.create(workload("StatefulSet", replicas=3))
    kubelet.asleep = True
    ready = unready(cluster, "web-0")
    cluster.change("StatefulSet", "web", spec={"replicas": 1})
    assert len(state(cluster)) == 3
    cluster.set_status("Pod", "web-0", conditions=[ready])
    assert list(state(cluster)) == ["web-0"]
    assert cluster.events("web")[-2:] == [
        ("SuccessfulDelete", "Delete Pod web-2 in StatefulSet web successful", 1),
        ("SuccessfulDelete", "Delete Pod web-1 in StatefulSet web successful", 1),
    ]


def test_claims_are_made_once_and_outlive_their_pods(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=2, volumeClaimTemplates=[CLAIM]))
    claims = {one["metadata"]["name"]: one["metadata"]["uid"] for one in cluster.list("PersistentVolumeClaim")}
    assert list(claims) == ["data-web-0", "data-web-1"]
    assert cluster.get("Pod", "web-1")["spec"]["volumes"][0] == {
        "name": "data", "persistentVolumeClaim": {"claimName": "data-web-1"},
    }  # fmt: skip
    assert cluster.events("web")[0] == (
        "SuccessfulCreate", "Create Claim data-web-0 Pod web-0 in StatefulSet web success", 1,
    )  # fmt: skip
    cluster.change("StatefulSet", "web", spec={"replicas": 0})
    cluster.change("StatefulSet", "web", spec={"replicas": 1})
    cluster.delete("StatefulSet", "web")
    assert pods(cluster) == []
    assert {one["metadata"]["name"]: one["metadata"]["uid"] for one in cluster.list("PersistentVolumeClaim")} == claims


def test_revision_that_comes_back_gets_a_new_number(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=1))
    for image in ("web:v2", "web:v3", "web:v1"):
        set_image(cluster, "StatefulSet", "web", image)
    history = {one["revision"]: image_of(one) for one in cluster.list("ControllerRevision")}
    assert history == {2: "web:v2", 3: "web:v3", 4: "web:v1"}


def test_history_keeps_as_many_as_the_limit_says(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=1, revisionHistoryLimit=1))
    for image in ("web:v2", "web:v3", "web:v4"):
        set_image(cluster, "StatefulSet", "web", image)
    assert sorted(one["revision"] for one in cluster.list("ControllerRevision")) == [3, 4]


def test_failed_pod_is_made_anew(cluster: InProcess) -> None:
    cluster.create(workload("StatefulSet", replicas=1))
    before = cluster.get("Pod", "web-0")["metadata"]["uid"]
    cluster.set_status("Pod", "web-0", phase="Failed")
    assert cluster.get("Pod", "web-0")["metadata"]["uid"] != before
