"""A pod's life on its node: init containers, sidecars, restart policies, how it ends, and what its phase says."""

from __future__ import annotations

import pytest

from playground.cluster.kubelet.images import Image, by_tag
from playground.cluster.request import DeleteOptions
from tests.unit.playground.cluster.with_nodes import WithNodes, container

FOR_A_WHILE = Image(task_seconds=5.0)


def tasks(reference: str) -> Image:
    """Tags called ``task`` run for five seconds, ``deaf`` ones do not stop when asked, ``polite`` ones take three seconds."""
    tag = reference.rpartition(":")[2]
    return {"task": FOR_A_WHILE, "deaf": Image(stops_after=None), "polite": Image(stops_after=3.0)}.get(tag) or by_tag(
        reference
    )


def test_init_containers_run_one_after_the_other():
    cluster = WithNodes(catalogue=tasks)
    cluster.pod(initContainers=[container("fetch", "task"), container("migrate", "task")])
    assert cluster.shown() == ("0/1", "Init:0/2", 0)
    assert cluster.states() == {"fetch": "running", "migrate": "PodInitializing", "web": "PodInitializing"}
    assert cluster.condition("web", "Initialized") == (
        "False", "ContainersNotInitialized", "containers with incomplete status: [fetch migrate]",
    )  # fmt: skip
    cluster.step(5)
    assert cluster.shown() == ("0/1", "Init:1/2", 0)
    cluster.step(5)
    assert cluster.shown() == ("1/1", "Running", 0)
    assert cluster.states() == {"fetch": "Completed", "migrate": "Completed", "web": "running"}


def test_an_init_container_that_crashes_holds_the_others_back():
    cluster = WithNodes()
    cluster.pod(initContainers=[container("migrate", "crash")])
    cluster.step(1)
    assert cluster.shown() == ("0/1", "Init:CrashLoopBackOff", 1)
    assert cluster.get("Pod", "web")["status"]["phase"] == "Pending"
    assert cluster.condition("web", "Ready") == ("False", "ContainersNotReady", "containers with unready status: [web]")


def test_an_init_container_that_fails_for_good_fails_the_pod():
    cluster = WithNodes()
    cluster.pod(initContainers=[container("migrate", "crash")], restartPolicy="Never")
    cluster.step(1)
    assert cluster.shown() == ("0/1", "Init:Error", 0)
    assert cluster.get("Pod", "web")["status"]["phase"] == "Failed"


def test_a_sidecar_starts_first_and_goes_on():
    cluster = WithNodes(catalogue=tasks)
    probe = {"startupProbe": {"exec": {"command": ["up"]}, "initialDelaySeconds": 4}}
    cluster.pod(
        initContainers=[container("proxy", restartPolicy="Always", **probe), container("migrate", "task")],
        restartPolicy="Never",
        containers=[container("web", "task")],
    )
    assert cluster.states() == {"proxy": "running", "migrate": "PodInitializing", "web": "PodInitializing"}
    cluster.step(4)
    assert cluster.states() == {"proxy": "running", "migrate": "running", "web": "PodInitializing"}
    cluster.step(5)
    assert cluster.shown() == ("2/2", "Running", 0)
    cluster.step(6)
    assert cluster.shown() == ("0/2", "Completed", 0)
    assert cluster.get("Pod", "web")["status"]["phase"] == "Succeeded"


@pytest.mark.parametrize(("policy", "tag", "phase", "state", "restarts"), [
    ("Never", "task", "Succeeded", "Completed", 0),
    ("OnFailure", "task", "Succeeded", "Completed", 0),
    ("Never", "crash", "Failed", "Error", 0),
    ("OnFailure", "crash", "Running", "CrashLoopBackOff", 1),
    ("Always", "crash", "Running", "CrashLoopBackOff", 1),
])  # fmt: skip
def test_the_restart_policy_decides(policy: str, tag: str, phase: str, state: str, restarts: int):
    cluster = WithNodes(catalogue=tasks)
    cluster.pod(tag=tag, restartPolicy=policy)
    cluster.step(6)
    assert cluster.shown() == ("0/1", state, restarts)
    assert cluster.get("Pod", "web")["status"]["phase"] == phase
    if phase != "Running":
        reason = "PodCompleted" if phase == "Succeeded" else "PodFailed"
        assert cluster.condition("web", "Ready")[:2] == ("False", reason)


def test_one_container_may_be_bad_and_the_other_good():
    cluster = WithNodes()
    cluster.pod(containers=[container("web"), container("proxy", "missing")])
    cluster.step(1)
    assert cluster.states() == {"web": "running", "proxy": "ImagePullBackOff"}
    assert cluster.shown() == ("1/2", "ImagePullBackOff", 0)
    assert cluster.get("Pod", "web")["status"]["phase"] == "Pending"
    assert cluster.condition("web", "ContainersReady")[2] == "containers with unready status: [proxy]"


def test_a_deleted_pod_is_stopped_and_goes():
    cluster = WithNodes(catalogue=tasks)
    cluster.pod(tag="polite")
    cluster.delete("Pod", "web")
    assert cluster.shown() == ("1/1", "Terminating", 0)
    assert cluster.events("web")[-1][:2] == ("Killing", "Stopping container web")
    cluster.step(2)
    assert cluster.find("Pod", "web")
    cluster.step(1)
    assert cluster.find("Pod", "web") is None


def test_who_does_not_listen_is_killed_when_the_grace_period_ends():
    cluster = WithNodes(catalogue=tasks)
    cluster.pod(tag="deaf", terminationGracePeriodSeconds=7)
    run = cluster.log()
    cluster.delete("Pod", "web")
    cluster.step(6)
    assert cluster.shown() == ("1/1", "Terminating", 0)
    cluster.step(1)
    assert cluster.find("Pod", "web") is None
    assert run.ended


def test_a_second_deletion_may_leave_less_time():
    cluster = WithNodes(catalogue=tasks)
    cluster.pod(tag="deaf")
    run = cluster.log()
    cluster.delete("Pod", "web")
    cluster.step(2)
    cluster.verbs.delete(cluster.verbs.kind("Pod"), "shop", "web", DeleteOptions(grace_seconds=5))
    cluster.step(4)
    assert cluster.shown() == ("1/1", "Terminating", 0)
    cluster.step(2)
    assert cluster.find("Pod", "web") is None
    assert run.ended


def test_what_becomes_of_a_pod_is_seen_while_a_finalizer_holds_it():
    cluster = WithNodes(catalogue=tasks)
    pod = cluster.pod(tag="deaf", terminationGracePeriodSeconds=2)
    cluster.verbs.update(
        cluster.verbs.kind("Pod"), {**pod, "metadata": {**pod["metadata"], "finalizers": ["example.com/held"]}}
    )
    cluster.delete("Pod", "web")
    cluster.step(3)
    ended = cluster.get("Pod", "web")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert (ended["exitCode"], cluster.get("Pod", "web")["status"]["phase"]) == (137, "Failed")


def test_a_pod_that_is_forced_away_is_forgotten():
    cluster = WithNodes(catalogue=tasks)
    first = cluster.pod(tag="deaf")
    cluster.verbs.delete(cluster.verbs.kind("Pod"), "shop", "web", DeleteOptions(grace_seconds=0))
    cluster.step(0)
    second = cluster.pod()
    assert second["metadata"]["uid"] != first["metadata"]["uid"]
    assert cluster.shown() == ("1/1", "Running", 0)
    assert second["status"]["podIP"] == first["status"]["podIP"], "its address is free again"


def test_a_pod_may_not_run_longer_than_its_deadline():
    cluster = WithNodes()
    cluster.pod(activeDeadlineSeconds=20)
    cluster.step(21)
    status = cluster.get("Pod", "web")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert cluster.states() == {"web": "Completed"}


def test_a_changed_image_restarts_the_container():
    cluster = WithNodes()
    pod = cluster.pod()
    changed = {**pod["spec"], "containers": [{**pod["spec"]["containers"][0], "image": "registry.test/web:v2"}]}
    cluster.verbs.update(cluster.verbs.kind("Pod"), {**pod, "spec": changed})
    cluster.step(1)
    assert cluster.shown() == ("1/1", "Running", 1)
    assert cluster.get("Pod", "web")["status"]["containerStatuses"][0]["image"] == "registry.test/web:v2"
    assert "Container web definition changed, will be restarted" in [event[1] for event in cluster.events("web")]


def test_a_node_under_pressure_evicts():
    cluster = WithNodes()
    cluster.pod()
    cluster.kubelet.evict(cluster.verbs, "shop", "web")
    cluster.step(1)
    status = cluster.get("Pod", "web")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert status["message"].startswith("The node was low on resource: memory.")
    assert cluster.condition("web", "DisruptionTarget")[:2] == ("True", "TerminationByKubelet")
    assert cluster.shown()[1] == "Completed", "as the table shows a pod whose containers have ended"
    assert "Evicted" in cluster.reasons()


def test_readiness_gates_have_a_say():
    cluster = WithNodes()
    cluster.pod(readinessGates=[{"conditionType": "example.com/on"}])
    assert cluster.condition("web", "ContainersReady")[0] == "True"
    assert cluster.condition("web", "Ready") == (
        "False", "ReadinessGatesNotReady", 'corresponding condition of pod readiness gate "example.com/on" does not exist.',
    )  # fmt: skip
