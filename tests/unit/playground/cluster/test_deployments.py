"""Deployments: how a rollout goes, sticks, pauses and goes back, and what is said of it meanwhile."""

from __future__ import annotations

import pytest

from playground.cluster.controllers.deployment import DeploymentController
from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.replicaset import ReplicaSetController
from tests.unit.playground.cluster.in_process import InProcess
from tests.unit.playground.cluster.playing_pods import PodPlayer
from tests.unit.playground.cluster.workloads import conditions, image_of, images, pods, revisions, set_image, workload

AVAILABLE = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
UNAVAILABLE = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(DeploymentController(), ReplicaSetController(), GarbageCollector(), PodPlayer())


def newest(cluster: InProcess) -> str:
    return str(
        max(cluster.list("ReplicaSet"), key=lambda one: int(one["metadata"]["resourceVersion"]))["metadata"]["name"]
    )


def replica_set(cluster: InProcess, image: str) -> str:
    return str(next(one["metadata"]["name"] for one in cluster.list("ReplicaSet") if image_of(one) == image))


def test_new_one_gets_its_pods_and_says_so(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=3))
    name = newest(cluster)
    status = cluster.get("Deployment", "web")["status"]
    assert images(cluster) == {"web:v1": 3}
    assert {key: value for key, value in status.items() if key != "conditions"} == {
        "observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3,
        "terminatingReplicas": 0,
    }  # fmt: skip
    assert conditions(cluster, "Deployment") == {
        "Available": AVAILABLE,
        "Progressing": ("True", "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.'),
    }
    assert cluster.events("web") == [("ScalingReplicaSet", f"Scaled up replica set {name} from 0 to 3", 1)]
    annotations = cluster.get("ReplicaSet", name)["metadata"]["annotations"]
    assert annotations == {
        "deployment.kubernetes.io/revision": "1",
        "deployment.kubernetes.io/desired-replicas": "3",
        "deployment.kubernetes.io/max-replicas": "4",
    }


def test_broken_image_stops_the_rollout_and_misses_the_deadline(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=4, progressDeadlineSeconds=60))
    set_image(cluster, "Deployment", "web", "web:unready")
    name = replica_set(cluster, "web:unready")
    assert images(cluster) == {"web:v1": 3, "web:unready": 2}
    assert conditions(cluster, "Deployment")["Progressing"] == (
        "True", "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.'
    )  # fmt: skip
    cluster.step(60)
    assert conditions(cluster, "Deployment")["Progressing"][1] == "ReplicaSetUpdated"
    cluster.step(2)
    assert conditions(cluster, "Deployment")["Progressing"] == (
        "False", "ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.'
    )  # fmt: skip
    assert conditions(cluster, "Deployment")["Available"] == AVAILABLE
    assert images(cluster) == {"web:v1": 3, "web:unready": 2}


def test_going_back_takes_the_old_replica_set_again_under_a_new_revision(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=4, progressDeadlineSeconds=60))
    old = newest(cluster)
    set_image(cluster, "Deployment", "web", "web:unready")
    cluster.step(100)
    set_image(cluster, "Deployment", "web", "web:v1")
    assert images(cluster) == {"web:v1": 4}
    assert revisions(cluster) == {2: "web:unready", 3: "web:v1"}
    meta = cluster.get("ReplicaSet", old)["metadata"]
    assert meta["annotations"]["deployment.kubernetes.io/revision-history"] == "1"
    assert cluster.get("Deployment", "web")["metadata"]["annotations"] == {"deployment.kubernetes.io/revision": "3"}
    assert conditions(cluster, "Deployment")["Progressing"][1] == "NewReplicaSetAvailable"


def test_unhealthy_old_pods_go_first(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=4))
    set_image(cluster, "Deployment", "web", "web:unready")
    set_image(cluster, "Deployment", "web", "web:slow")
    assert images(cluster) == {"web:v1": 3, "web:slow": 2}, "those that served nobody made room"
    cluster.step(20)
    assert images(cluster) == {"web:slow": 4}


def test_too_few_ready_pods_are_told(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=4, image="web:slow"))
    assert conditions(cluster, "Deployment")["Available"] == UNAVAILABLE
    assert cluster.get("Deployment", "web")["status"]["unavailableReplicas"] == 4
    cluster.step(5)
    assert conditions(cluster, "Deployment")["Available"] == AVAILABLE


def test_min_ready_seconds_delay_every_step(cluster: InProcess) -> None:
    strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    cluster.create(workload("Deployment", replicas=2, minReadySeconds=10, strategy=strategy))
    cluster.step(11)
    set_image(cluster, "Deployment", "web", "web:v2")
    assert images(cluster) == {"web:v1": 2, "web:v2": 1}
    cluster.step(9)
    assert images(cluster) == {"web:v1": 2, "web:v2": 1}
    cluster.step(1)
    assert images(cluster) == {"web:v1": 1, "web:v2": 2}
    cluster.step(10)
    assert images(cluster) == {"web:v2": 2}


def test_recreate_starts_nothing_new_while_anything_old_is_left(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=3, strategy={"type": "Recreate"}))
    old = newest(cluster)
    set_image(cluster, "Deployment", "web", "web:v2")
    new = newest(cluster)
    assert images(cluster) == {"web:v2": 3}
    assert cluster.events("web")[1:] == [
        ("ScalingReplicaSet", f"Scaled down replica set {old} from 3 to 0", 1),
        ("ScalingReplicaSet", f"Scaled up replica set {new} from 0 to 3", 1),
    ]


def test_paused_one_keeps_its_pods_but_can_be_scaled(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=2))
    cluster.change("Deployment", "web", spec={"paused": True})
    assert conditions(cluster, "Deployment")["Progressing"] == ("Unknown", "DeploymentPaused", "Deployment is paused")
    set_image(cluster, "Deployment", "web", "web:v2")
    cluster.change("Deployment", "web", spec={"replicas": 3})
    assert images(cluster) == {"web:v1": 3}
    cluster.step(10_000)
    assert conditions(cluster, "Deployment")["Progressing"][1] == "DeploymentPaused", "it has no deadline"
    cluster.change("Deployment", "web", spec={"paused": False})
    assert images(cluster) == {"web:v2": 3}
    assert conditions(cluster, "Deployment")["Progressing"][1] == "NewReplicaSetAvailable"


def test_resumed_one_starts_its_deadline_anew(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", image="web:unready", progressDeadlineSeconds=60, paused=True))
    cluster.step(1000)
    cluster.change("Deployment", "web", spec={"paused": False})
    assert conditions(cluster, "Deployment")["Progressing"][1] != "ProgressDeadlineExceeded"
    cluster.step(62)
    assert conditions(cluster, "Deployment")["Progressing"][1] == "ProgressDeadlineExceeded"


def test_scaling_while_rolling_keeps_the_proportions(cluster: InProcess) -> None:
    cluster.create(
        workload("Deployment", replicas=10, strategy={"rollingUpdate": {"maxSurge": 3, "maxUnavailable": 2}})
    )
    set_image(cluster, "Deployment", "web", "web:unready")
    assert images(cluster) == {"web:v1": 8, "web:unready": 5}
    cluster.change("Deployment", "web", spec={"replicas": 15})
    assert images(cluster) == {"web:v1": 11, "web:unready": 7}, "the documentation's own example"


def test_scaling_is_not_a_rollout(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=2))
    name = newest(cluster)
    cluster.change("Deployment", "web", spec={"replicas": 5})
    assert images(cluster) == {"web:v1": 5}
    assert revisions(cluster) == {1: "web:v1"}
    assert cluster.events("web")[-1] == ("ScalingReplicaSet", f"Scaled up replica set {name} from 2 to 5", 1)
    cluster.change("Deployment", "web", spec={"replicas": 0})
    assert images(cluster) == {}
    assert cluster.get("Deployment", "web")["status"].get("replicas", 0) == 0


def test_history_keeps_as_many_as_the_limit_says(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", revisionHistoryLimit=2))
    for number in range(2, 7):
        set_image(cluster, "Deployment", "web", f"web:v{number}")
    assert revisions(cluster) == {4: "web:v4", 5: "web:v5", 6: "web:v6"}


def test_annotations_reach_the_newest_replica_set_only(cluster: InProcess) -> None:
    cluster.create(workload("Deployment"))
    old = newest(cluster)
    cluster.change("Deployment", "web", metadata={"annotations": {"kubernetes.io/change-cause": "first"}})
    set_image(cluster, "Deployment", "web", "web:v2")
    cluster.change("Deployment", "web", metadata={"annotations": {"kubernetes.io/change-cause": "second"}})
    causes = {
        image_of(one): one["metadata"]["annotations"]["kubernetes.io/change-cause"]
        for one in cluster.list("ReplicaSet")
    }
    assert causes == {"web:v1": "first", "web:v2": "second"}
    assert replica_set(cluster, "web:v1") == old


def test_replica_set_that_fits_is_adopted(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=2))
    name = newest(cluster)
    cluster.delete("Deployment", "web", propagation="Orphan")
    assert images(cluster) == {"web:v1": 2}
    cluster.create(workload("Deployment", replicas=2))
    assert [one["metadata"]["name"] for one in cluster.list("ReplicaSet")] == [name]
    assert conditions(cluster, "Deployment")["Progressing"][1] == "NewReplicaSetAvailable"


def test_name_that_is_taken_is_not_used(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=1))
    name = newest(cluster)
    cluster.delete("Deployment", "web")
    foreign = workload("ReplicaSet", name, "other:v1", replicas=0)
    cluster.create(foreign)
    cluster.create(workload("Deployment", replicas=1))
    assert cluster.get("Deployment", "web")["status"]["collisionCount"] == 1
    assert images(cluster) == {"web:v1": 1}


def test_generation_counts_annotations_and_what_was_observed_is_told(cluster: InProcess) -> None:
    cluster.create(workload("Deployment"))
    cluster.change("Deployment", "web", metadata={"annotations": {"note": "x"}})
    cluster.change("Deployment", "web", metadata={"labels": {"note": "x"}})
    live = cluster.get("Deployment", "web")
    assert (live["metadata"]["generation"], live["status"]["observedGeneration"]) == (2, 2)


def test_pods_of_a_deleted_one_go_too(cluster: InProcess) -> None:
    cluster.create(workload("Deployment", replicas=3))
    cluster.delete("Deployment", "web")
    assert (pods(cluster), cluster.list("ReplicaSet")) == ([], [])
