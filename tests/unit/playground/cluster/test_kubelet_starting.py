"""How containers come to run, or do not: pulling, creating, crashing, and how long the kubelet waits each time."""

from __future__ import annotations

import pytest

from tests.unit.playground.cluster.with_nodes import WithNodes, container

PULLED = 'Successfully pulled image "registry.test/web:v1" in 1ms (1ms including waiting)'


def test_a_good_pod_runs_and_is_ready():
    cluster = WithNodes()
    pod = cluster.pod()
    assert cluster.shown() == ("1/1", "Running", 0)
    assert cluster.reasons() == ["Scheduled", "Pulling", "Pulled", "Created", "Started"]
    assert cluster.events("web")[2][1].startswith(PULLED)
    status = pod["status"]
    [shown] = status["containerStatuses"]
    assert shown["containerID"].startswith("containerd://")
    assert shown["imageID"].startswith("registry.test/web@sha256:")
    assert (shown["started"], shown["lastState"]) == (True, {})
    assert status["podIP"].startswith("10.244.1.")
    assert status["podIPs"] == [{"ip": status["podIP"]}]
    assert (status["hostIP"], status["qosClass"]) == ("192.168.64.2", "BestEffort")
    assert {one["type"]: one["status"] for one in status["conditions"]} == dict.fromkeys(
        ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"), "True"
    )


def test_an_image_is_pulled_once_per_node_unless_always():
    cluster = WithNodes()
    cluster.pod("first")
    cluster.pod("second")
    cluster.pod("third", containers=[container("web", imagePullPolicy="Always")])
    assert "Pulling" not in cluster.reasons("second")
    assert cluster.events("second")[1][1] == (
        'Container image "registry.test/web:v1" already present on machine and can be accessed by the pod'
    )
    assert "Pulling" in cluster.reasons("third")


def test_a_missing_image_is_tried_again_after_ever_longer_pauses():
    cluster = WithNodes()
    cluster.pod(tag="missing")
    fault = (
        'rpc error: code = NotFound desc = failed to pull and unpack image "registry.test/web:missing": failed to resolve '
        'reference "registry.test/web:missing": registry.test/web:missing: not found'
    )
    assert (cluster.shown(), cluster.message()) == (("0/1", "ErrImagePull", 0), fault)
    cluster.step(1)
    assert cluster.shown() == ("0/1", "ImagePullBackOff", 0)
    assert cluster.message() == f'Back-off pulling image "registry.test/web:missing": ErrImagePull: {fault}'
    assert cluster.condition("web", "Ready") == ("False", "ContainersNotReady", "containers with unready status: [web]")
    assert cluster.get("Pod", "web")["status"]["phase"] == "Pending"
    tries = []
    for _ in range(60):
        cluster.step(10)
        tries.append(next(count for reason, _, count in cluster.events("web") if reason == "Pulling"))
    at = [10 * (tries.index(count) + 1) for count in range(2, tries[-1] + 1)]
    assert at == [10, 30, 70, 150, 310], "after 10, 20, 40, 80 and 160 s"
    assert ("Failed", "Error: ErrImagePull") in [event[:2] for event in cluster.events("web")]
    assert ("Failed", "Error: ImagePullBackOff") in [event[:2] for event in cluster.events("web")]


def test_a_registry_that_recovers_lets_the_pod_start():
    cluster = WithNodes()
    cluster.pod(tag="flaky")
    assert "i/o timeout" in cluster.message()
    cluster.step(2)
    assert cluster.shown() == ("0/1", "ImagePullBackOff", 0)
    cluster.step(1)
    assert cluster.shown() == ("1/1", "Running", 0)


def test_a_slow_image_is_waited_for():
    cluster = WithNodes()
    cluster.pod(tag="slow")
    assert cluster.condition("web", "PodReadyToStartContainers")[0] == "True", "the sandbox stands before the pull"
    assert cluster.shown() == ("0/1", "ContainerCreating", 0)
    cluster.step(2)
    assert cluster.shown() == ("1/1", "Running", 0)


@pytest.mark.parametrize(("image", "policy", "state", "message", "event"), [
    ("registry.test/Web:v1", "Always", "InvalidImageName", "couldn't parse image name", "InspectFailed"),
    ("registry.test/web:v1", "Never", "ErrImageNeverPull", "is not present with pull policy of Never", "ErrImageNeverPull"),
    ("registry.test/web:unauthorized", "Always", "ErrImagePull", "401 Unauthorized", "Failed"),
])  # fmt: skip
def test_other_images_that_cannot_be_had(image: str, policy: str, state: str, message: str, event: str):
    cluster = WithNodes()
    cluster.pod(containers=[{"name": "web", "image": image, "imagePullPolicy": policy}])
    assert cluster.states() == {"web": state}
    assert message in cluster.message()
    assert event in cluster.reasons()
    assert ("Failed", f"Error: {state}") in [found[:2] for found in cluster.events("web")]


def test_a_crash_is_restarted_at_once_and_then_after_ever_longer_pauses():
    cluster = WithNodes()
    pod = cluster.pod(tag="crash")
    assert cluster.shown() == ("0/1", "Error", 0)
    cluster.step(1)
    assert cluster.shown() == ("0/1", "CrashLoopBackOff", 1)
    where = f"web_shop({pod['metadata']['uid']})"
    assert cluster.message() == f"back-off 10s restarting failed container=web pod={where}"
    ended = cluster.get("Pod", "web")["status"]["containerStatuses"][0]["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (1, "Error")
    assert (f"Back-off restarting failed container web in pod {where}") in [event[1] for event in cluster.events("web")]
    cluster.step(15)
    assert (cluster.shown()[2], cluster.message()[:13]) == (2, "back-off 20s ")
    cluster.step(25)
    assert (cluster.shown()[2], cluster.message()[:13]) == (3, "back-off 40s ")
    cluster.step(41 + 81)
    assert (cluster.shown()[2], cluster.message()[:15]) == (5, "back-off 2m40s ")
    cluster.step(161)
    assert (cluster.shown()[2], cluster.message()[:14]) == (6, "back-off 5m0s ")
    assert cluster.get("Pod", "web")["status"]["phase"] == "Running"


def test_what_runs_out_of_memory_is_killed():
    cluster = WithNodes()
    cluster.pod(tag="oom")
    assert cluster.shown() == ("0/1", "OOMKilled", 0)
    ended = cluster.get("Pod", "web")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert ended["exitCode"] == 137


def test_the_last_words_are_kept_where_the_container_asks_for_it():
    cluster = WithNodes()
    cluster.pod(containers=[container("web", "crash", terminationMessagePolicy="FallbackToLogsOnError")])
    ended = cluster.get("Pod", "web")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert ended["message"] == "starting\npanic: cannot connect to database\n"


CONFIG = {"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"level": "info"}}
KEY = {"name": "LEVEL", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "level"}}}
PASSWORD = {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}


@pytest.mark.parametrize(("more", "message"), [
    ({"env": [KEY]}, 'configmap "settings" not found'),
    ({"envFrom": [{"configMapRef": {"name": "settings"}}]}, 'configmap "settings" not found'),
    ({"env": [PASSWORD]}, 'secret "db" not found'),
    ({"envFrom": [{"secretRef": {"name": "db"}}]}, 'secret "db" not found'),
])  # fmt: skip
def test_a_container_is_not_created_without_its_configuration(more: dict[str, object], message: str):
    cluster = WithNodes()
    cluster.pod(containers=[container("web", **more)])
    assert (cluster.shown(), cluster.message()) == (("0/1", "CreateContainerConfigError", 0), message)
    assert ("Failed", f"Error: {message}") in [event[:2] for event in cluster.events("web")]


def test_it_starts_once_the_configuration_is_there():
    cluster = WithNodes()
    cluster.pod(containers=[container("web", env=[KEY])])
    cluster.create({**CONFIG, "data": {"other": "x"}})
    cluster.step(10)
    assert cluster.message() == "couldn't find key level in ConfigMap shop/settings"
    cluster.change("ConfigMap", "settings", data={"level": "info"})
    cluster.step(10)
    assert cluster.shown() == ("1/1", "Running", 0)


def test_what_is_optional_is_not_missed():
    cluster = WithNodes()
    optional = {"name": "LEVEL", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "y", "optional": True}}}
    cluster.pod(containers=[container("web", env=[optional], envFrom=[{"secretRef": {"name": "x", "optional": True}}])],
                volumes=[{"name": "v", "secret": {"secretName": "x", "optional": True}}])  # fmt: skip
    assert cluster.shown() == ("1/1", "Running", 0)


def test_a_volume_that_cannot_be_mounted_holds_all_containers_back():
    cluster = WithNodes()
    cluster.pod(volumes=[{"name": "settings", "configMap": {"name": "settings"}}])
    assert cluster.shown() == ("0/1", "ContainerCreating", 0)
    assert cluster.events("web")[1][:2] == (
        "FailedMount", 'MountVolume.SetUp failed for volume "settings" : configmap "settings" not found',
    )  # fmt: skip
    cluster.create(CONFIG)
    cluster.step(5)
    assert cluster.shown() == ("1/1", "Running", 0)
