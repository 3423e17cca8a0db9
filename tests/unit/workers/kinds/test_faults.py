"""Each row of facts/rollouts.md's table of what is broken, and each of those that only look so. Pure."""

from typing import Any

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds.faults import cause_of, fault_of, first_fault, suspect, warnings

NOT_FOUND = 'failed to pull and unpack image "r/web:2": not found'
TIMEOUT = 'failed to pull image "r/web:2": dial tcp: i/o timeout'


def cause(status: dict[str, Any], now: float = r.NOW) -> str | None:
    fault = fault_of(r.pod("web-1", **status), now)
    return fault.cause if fault else None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            r.waiting("CrashLoopBackOff", last={"exitCode": 3, "reason": "Error"}),
            "container app exits with code 3 (CrashLoopBackOff)",
        ),
        (
            r.waiting("CrashLoopBackOff", last={"exitCode": 137, "reason": "OOMKilled"}),
            "container app runs out of memory (OOMKilled)",
        ),
        (
            r.waiting("CrashLoopBackOff", last={"exitCode": 0, "reason": "Completed"}),
            "container app ends with code 0 although it should keep running (CrashLoopBackOff)",
        ),
        (
            r.waiting(
                "CrashLoopBackOff", last={"exitCode": 128, "reason": "StartError", "message": "exec: no such file"}
            ),
            "container app cannot start: exec: no such file",
        ),
        (r.waiting("CrashLoopBackOff"), "container app keeps crashing (CrashLoopBackOff)"),
        (
            r.waiting("CrashLoopBackOff", last={"exitCode": 1, "reason": "Error"}, init=True),
            "init container setup exits with code 1 (CrashLoopBackOff)",
        ),
        (r.waiting("ErrImagePull", NOT_FOUND), "container app: image r/web:2 not found"),
        (
            r.waiting("ImagePullBackOff", f"Back-off pulling image: ErrImagePull: {NOT_FOUND}"),
            "container app: image r/web:2 not found",
        ),
        (
            r.waiting("ErrImagePull", "unexpected status from HEAD request: 401 Unauthorized"),
            "container app: image r/web:2 may not be pulled (unauthorized)",
        ),
        (
            r.waiting("ErrImagePull", "pull access denied, repository does not exist or may require authorization"),
            "container app: image r/web:2 may not be pulled (unauthorized)",
        ),
        (r.waiting("ErrImagePull", TIMEOUT), "container app: image r/web:2 cannot be pulled: dial tcp: i/o timeout"),
        (r.waiting("InvalidImageName", "couldn't parse"), "container app: r/web:2 is no valid image name"),
        (
            r.waiting("CreateContainerConfigError", 'secret "db" not found'),
            "container app needs the Secret db, which does not exist",
        ),
        (r.waiting("RunContainerError", "no such file: run"), "container app cannot be started: no such file: run"),
        (
            r.waiting("ErrImageNeverPull"),
            "container app: image r/web:2 is not on the node, and its pull policy is Never",
        ),
    ],
)
def test_proven(status, said):
    assert cause(status) == said


@pytest.mark.parametrize(
    "status",
    [
        pytest.param({}, id="runs"),
        pytest.param(r.waiting("ContainerCreating"), id="is being made"),
        pytest.param(r.waiting("PodInitializing"), id="waits for its init containers"),
        pytest.param(
            r.waiting("CreateContainerConfigError", "failed to sync secret cache: timed out"),
            id="the kubelet's cache is cold",
        ),
        pytest.param(
            {"phase": "Failed", "reason": "Evicted", **r.waiting("CrashLoopBackOff")} | {"phase": "Failed"},
            id="was evicted",
        ),
        pytest.param(
            r.waiting("CrashLoopBackOff") | {"conditions": [{"type": "DisruptionTarget", "status": "True"}]},
            id="is preempted",
        ),
    ],
)
def test_not_proven(status):
    assert cause(status) is None


def test_a_pull_that_failed_once_may_heal():
    status = r.waiting("ErrImagePull", TIMEOUT)
    assert cause(status, now=r.WROTE + 30) is None
    assert cause(status, now=r.WROTE + 31) is not None
    pod = r.pod("web-1", **status)
    assert warnings([pod], r.WROTE + 5) == ("container app: image r/web:2 cannot be pulled: dial tcp: i/o timeout",)


def test_patience_begins_when_the_pod_could_first_pull():
    """Pending for a node for minutes, or running its init containers, is no failing pull."""
    late = {"type": "Initialized", "status": "True", "lastTransitionTime": r.stamp(r.WROTE + 100)}
    status = r.waiting("ErrImagePull", TIMEOUT) | {"conditions": [late]}
    assert cause(status, now=r.WROTE + 129) is None
    assert cause(status, now=r.WROTE + 130) is not None


def test_a_deleted_pod_is_nobodys_fault():
    pod = r.pod("web-1", **r.waiting("CrashLoopBackOff"))
    pod["metadata"]["deletionTimestamp"] = r.stamp(r.NOW)
    assert fault_of(pod, r.NOW) is None


def test_secrets_in_the_kubelets_words_are_masked():
    status = r.waiting("RunContainerError", "exec: --password=hunter2: no such file")
    assert "hunter2" not in (cause(status) or "")


def test_the_first_pod_by_name_speaks_for_all():
    pods = [r.pod(name, **r.waiting("CrashLoopBackOff")) for name in ("web-b", "web-a")]
    fault = first_fault(pods, r.NOW)
    assert fault
    assert fault.pod == "web-a"


def test_running_unready_is_a_warning_after_a_while():
    status = r.pod("x")["status"]["containerStatuses"][0] | {"ready": False}
    pods = [r.pod(name, containerStatuses=[status]) for name in ("web-1", "web-2")]
    assert warnings(pods, r.WROTE + 10) == ()
    assert warnings(pods, r.NOW) == ("container app runs but is not ready",)
    found = suspect(pods)
    assert found
    assert (found.pod, found.previous) == ("web-1", False)


def test_a_pod_without_any_status_yet():
    assert fault_of({"metadata": {"name": "web-1"}, "spec": {"containers": []}}, r.NOW) is None


@pytest.mark.parametrize(
    ("policy", "code", "why"),
    [
        ("Never", 0, ""),
        ("Never", 3, "container app exits with code 3"),
        ("Always", 0, "container app ends with code 0 although it should keep running"),
    ],
)
def test_what_is_to_come_to_an_end_is_well_when_it_ends_well(policy: str, code: int, why: str):
    pod = r.pod("migrate-1", conditions=[], phase="Failed" if code else "Running")
    pod["spec"] = {**pod["spec"], "restartPolicy": policy}
    pod["status"]["containerStatuses"][0] |= {"ready": False, "state": {"terminated": {"exitCode": code}}}
    assert cause_of(pod) == why
