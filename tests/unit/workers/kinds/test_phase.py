"""What a rollout waits for, in words, from the states of its pods. Pure."""

from typing import Any

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds.phase import phase

UNREADY = {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}
SCHEDULED = {"type": "PodScheduled", "status": "True", "lastTransitionTime": r.stamp(r.WROTE + 2)}


def pod(name: str = "web-1", *more: dict[str, Any], **container: Any) -> dict[str, Any]:
    """A pod with a node that is not ready; ``more`` conditions; ``container``: its status, none where nothing is said."""
    statuses = [{"name": "app", "ready": False, "restartCount": 0, **container}] if container else []
    return r.pod(name, conditions=[SCHEDULED, UNREADY, *more], containerStatuses=statuses)


def begun(status: str, reason: str = "") -> dict[str, Any]:
    """What the kubelet says of sandbox, network and volumes."""
    found = {"type": "PodReadyToStartContainers", "status": status, "lastTransitionTime": r.stamp(r.WROTE + 3)}
    return {**found, "reason": reason} if reason else found


def waiting(reason: str) -> dict[str, Any]:
    return {"state": {"waiting": {"reason": reason}}}


def running(at: float = 4, **more: Any) -> dict[str, Any]:
    return {"state": {"running": {"startedAt": r.stamp(r.WROTE + at)}}, "started": True, **more}


def probed(kind: str, **status: Any) -> dict[str, Any]:
    found = pod(**running(**status))
    found["spec"] = {"containers": [{"name": "app", "image": r.NEW, kind: {}}]}
    return found


def with_init(**status: Any) -> dict[str, Any]:
    found = pod(**waiting("PodInitializing"))
    found["spec"] = {**found["spec"], "initContainers": [{"name": "setup", "image": r.NEW}]}
    found["status"]["initContainerStatuses"] = [{"name": "setup", "ready": False, **status}]
    return found


PENDING = r.pod("web-1", phase="Pending", conditions=[], containerStatuses=[])
GATED = r.pod("web-1", conditions=[SCHEDULED, {**UNREADY, "reason": "ReadinessGatesNotReady"}])
GATED["spec"] = {**GATED["spec"], "readinessGates": [{"conditionType": "lb/ready"}]}
SILENT = r.pod("web-1", conditions=[SCHEDULED, {"type": "Ready", "status": "False"}])


@pytest.mark.parametrize(
    ("waits", "words", "since"),
    [
        (PENDING, "no node has taken it yet", None),
        (pod(), "containers are being created", 2),
        (
            pod("web-1", begun("False", "PodSandboxNotReady"), **waiting("ContainerCreating")),
            "its network and volumes are being prepared",
            2,
        ),
        pytest.param(
            pod("web-1", begun("False"), **waiting("ContainerCreating")),
            "containers are being created",
            2,
            id="a kubelet before 1.36, which may be pulling",
        ),
        (pod("web-1", begun("True"), **waiting("ContainerCreating")), "image is being pulled", 3),
        (pod(**waiting("ContainerCreating")), "containers are being created", 2),
        (pod(**waiting("ErrImagePull")), "the image could not be pulled and is tried again", None),
        (pod(**waiting("CrashLoopBackOff")), "it crashed and waits to be started again", None),
        (pod(**waiting("CreateContainerError")), "container app waits (CreateContainerError)", None),
        (
            pod(state={"terminated": {"exitCode": 1, "finishedAt": r.stamp(r.WROTE + 9)}}),
            "it ended and is to be started again",
            9,
        ),
        (with_init(**running(5)), "init container setup is running", 5),
        (pod(**running()), "container app runs, it is not ready yet", 4),
        (probed("readinessProbe"), "container app runs, its readiness probe has not passed yet", 4),
        (probed("startupProbe", started=False), "container app runs, its start-up probe has not passed yet", 4),
        (GATED, "its readiness gate lb/ready is not open", None),
        (SILENT, "its node has not said that it is ready", None),
    ],
)
def test_each_state_has_its_words(waits, words, since):
    found = phase([waits, r.pod("web-2")], 5, 3)
    assert found
    assert found.words == f"waiting for 1 of 5 new pods: {words}"
    assert found.since == (None if since is None else r.WROTE + since)


def test_an_init_container_that_is_done_keeps_nothing_waiting():
    done = with_init(state={"terminated": {"exitCode": 0}})
    found = phase([done], 1, 0)
    assert found
    assert found.words.endswith(": containers are being created")


def test_most_pods_decide_since_the_first_of_them():
    pods = [pod("a", **running(9)), pod("b", **running(5)), PENDING]
    found = phase(pods, 5, 0)
    assert found
    assert found.words == "waiting for 2 of 5 new pods: container app runs, it is not ready yet"
    assert found.since == r.WROTE + 5


def test_among_as_many_those_that_have_come_less_far():
    found = phase([pod("a", **running()), PENDING], 2, 0)
    assert found
    assert found.words.endswith("no node has taken it yet")


def test_where_all_that_exist_are_ready():
    ready = [r.pod("web-1"), r.pod("web-2")]
    said = [
        phase(ready, 5, 1),
        phase(ready, 2, 1),
        phase(ready, 2, 1, 30, 29.0),
        phase(ready, 2, 1, 30, 30.0),
        phase(ready, 2, 0),
    ]
    assert [each and each.words for each in said] == [
        "waiting for 3 of 5 new pods to be created",
        "waiting for 1 old pod to end",
        "all new pods are ready; waiting until they have been so for 30 s (minReadySeconds)",
        "waiting for 1 old pod to end",
        None,
    ]


def test_a_pod_on_its_way_out_is_not_waited_for():
    evicted = r.pod("web-1", phase="Failed", reason="Evicted", conditions=[UNREADY])
    found = phase([evicted], 1, 0)
    assert found
    assert found.words == "waiting for 1 of 1 new pod to be created"
