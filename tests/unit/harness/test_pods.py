"""What becomes of pods, by the words in their images' tags."""

import pytest

from tests.harness.api import Json
from tests.harness.controlplane import ControlPlane
from tests.harness.workloads import daemon_set, deployment, job, stateful_set


@pytest.fixture
def namespace(control_plane: ControlPlane) -> str:
    return control_plane.namespace()


def pod_with(control_plane: ControlPlane, namespace: str, reason: str) -> Json:
    """Wait for a pod of whose containers one is waiting for this reason."""
    path = f"/api/v1/namespaces/{namespace}/pods"
    pods = control_plane.wait_items(path, lambda pods: any(reason in str(pod.get("status")) for pod in pods))
    return next(pod for pod in pods if reason in str(pod.get("status")))


@pytest.mark.parametrize(
    ("tag", "reason", "message"),
    [
        ("missing", "ErrImagePull", "not found"),
        ("missing", "ImagePullBackOff", "not found"),
        ("unauthorized", "ImagePullBackOff", "401 Unauthorized"),
        ("flaky", "ErrImagePull", "i/o timeout"),
        ("v2-crash", "CrashLoopBackOff", "back-off"),
        ("oom.1", "CrashLoopBackOff", "back-off"),
        ("configmissing", "CreateContainerConfigError", 'configmap "web-config" not found'),
    ],
)
def test_a_bad_tag_shows_its_reason(
    control_plane: ControlPlane, namespace: str, tag: str, reason: str, message: str
) -> None:
    control_plane.apply(deployment("web", namespace, f"registry.test/web:{tag}", replicas=1))
    [status] = pod_with(control_plane, namespace, reason)["status"]["containerStatuses"]
    assert status["state"]["waiting"]["reason"] == reason
    assert message in status["state"]["waiting"]["message"]
    assert not status["ready"]


@pytest.mark.parametrize(("tag", "reason", "code"), [("crash", "Error", 1), ("oom", "OOMKilled", 137)])
def test_a_crash_tells_how_the_last_run_ended(
    control_plane: ControlPlane, namespace: str, tag: str, reason: str, code: int
) -> None:
    control_plane.apply(deployment("web", namespace, f"registry.test/web:{tag}", replicas=1))
    [status] = pod_with(control_plane, namespace, "CrashLoopBackOff")["status"]["containerStatuses"]
    assert status["lastState"]["terminated"]["reason"] == reason
    assert status["lastState"]["terminated"]["exitCode"] == code
    assert status["restartCount"] == 3


def test_unready_runs_and_says_why_it_is_not_ready(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(deployment("web", namespace, "registry.test/web:unready", replicas=1))
    events = f"/api/v1/namespaces/{namespace}/events"
    control_plane.wait_items(events, lambda events: any(event["reason"] == "Unhealthy" for event in events))
    # The event and the status are two writes, in this order.
    pods = f"/api/v1/namespaces/{namespace}/pods"
    [pod] = control_plane.wait_items(pods, lambda pods: [p["status"]["phase"] for p in pods] == ["Running"])
    ready = next(condition for condition in pod["status"]["conditions"] if condition["type"] == "Ready")
    assert (ready["status"], ready["reason"]) == ("False", "ContainersNotReady")


@pytest.mark.parametrize("tag", ["v1", "nothingmissing", "slow", "flaky"])
def test_good_slow_and_flaky_images_become_available(control_plane: ControlPlane, namespace: str, tag: str) -> None:
    control_plane.apply(deployment("web", namespace, f"registry.test/web:{tag}"))
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    control_plane.wait(path, lambda web: web.get("status", {}).get("availableReplicas") == 3)


def test_only_the_container_with_the_tag_behaves_badly(control_plane: ControlPlane, namespace: str) -> None:
    containers = {"web": "registry.test/web:v1", "sidecar": "registry.test/proxy:crash"}
    control_plane.apply(deployment("web", namespace, replicas=1, containers=containers))
    web, sidecar = pod_with(control_plane, namespace, "CrashLoopBackOff")["status"]["containerStatuses"]
    assert (web["ready"], sidecar["ready"]) == (True, False)


def test_a_bad_init_container_holds_the_others_back(control_plane: ControlPlane, namespace: str) -> None:
    init = {"fetch": "registry.test/fetch:v1", "migrate": "registry.test/migrate:crash"}
    control_plane.apply(deployment("web", namespace, replicas=1, init_containers=init))
    status = pod_with(control_plane, namespace, "CrashLoopBackOff")["status"]
    fetch, migrate = status["initContainerStatuses"]
    assert fetch["state"]["terminated"]["reason"] == "Completed"
    assert migrate["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert status["containerStatuses"][0]["state"]["waiting"]["reason"] == "PodInitializing"
    assert status["phase"] == "Pending"


def test_stateful_and_daemon_sets_become_ready(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(stateful_set("db", namespace, replicas=2))
    control_plane.apply(daemon_set("agent", namespace))
    apps = f"/apis/apps/v1/namespaces/{namespace}"
    control_plane.wait(f"{apps}/statefulsets/db", lambda db: db.get("status", {}).get("readyReplicas") == 2)
    control_plane.wait(f"{apps}/daemonsets/agent", lambda agent: agent["status"].get("numberAvailable") == 3)


@pytest.mark.parametrize(("tag", "condition"), [("v1", "Complete"), ("crash", "Failed")])
def test_a_job_completes_or_fails(control_plane: ControlPlane, namespace: str, tag: str, condition: str) -> None:
    control_plane.apply(job("migrate", namespace, f"registry.test/migrate:{tag}"))
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs/migrate"
    control_plane.wait(path, lambda job: condition in [c["type"] for c in job["status"].get("conditions", [])])


def test_a_deleted_pod_goes_and_is_replaced(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(stateful_set("db", namespace, replicas=1))
    path = f"/api/v1/namespaces/{namespace}/pods/db-0"
    first = control_plane.wait(path, lambda pod: pod["status"]["phase"] == "Running")
    control_plane.delete(path)
    control_plane.wait(path, lambda pod: pod["metadata"]["uid"] != first["metadata"]["uid"])


def test_logs_of_this_and_the_previous_run_are_served(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(stateful_set("db", namespace, replicas=1))
    control_plane.wait(f"/api/v1/namespaces/{namespace}/pods/db-0", lambda pod: pod["status"]["phase"] == "Running")
    control_plane.logs.write("hello", "world")
    control_plane.logs.write("panic: no database", previous=True)
    assert control_plane.log(namespace, "db-0", "db") == "hello\nworld\n"
    assert control_plane.log(namespace, "db-0", "db", previous=True) == "panic: no database\n"
