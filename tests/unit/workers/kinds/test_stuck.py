"""Nothing has moved for long, and nothing proves a fault: said, and never an end. Read off the objects' own times. Pure."""

from typing import Any

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.judgement import Verdict
from workers.kinds.movement import QUIET

HALFWAY: dict[str, Any] = {"counts": (4, 2, 3), "reason": "ReplicaSetUpdated", "updated_at": r.WROTE + 5}
LATE = r.WROTE + 5 + QUIET


def judge(pods=(), now=LATE, workload=None) -> Verdict:
    return verdict(workload or r.deployment(**HALFWAY), [r.replica_set(ready=1)], pods, r.written(), now)


def test_it_is_said_how_long_and_where_it_stands():
    found = judge()
    assert found.outcome == "stuck"
    assert found.sentence == "1 of 3 new pods ready, 1 old still running; nothing has moved for 3m"
    assert found.progress.still_since == r.WROTE + 5


def test_not_before_its_time():
    found = judge(now=LATE - 1)
    assert (found.outcome, found.progress.still_since) == ("progressing", None)


def pod(**status: Any) -> dict[str, Any]:
    return r.pod("web-1", **status)


LATER = r.stamp(r.WROTE + 60)
MOVED = {
    "made": {**pod(), "metadata": {**pod()["metadata"], "creationTimestamp": LATER}},
    "taken by its node": pod(startTime=LATER),
    "another condition": pod(conditions=[{"type": "Ready", "status": "True", "lastTransitionTime": LATER}]),
    "a run that began": pod(containerStatuses=[{"name": "app", "state": {"running": {"startedAt": LATER}}}]),
    "a run that ended": pod(
        containerStatuses=[{"name": "app", "lastState": {"terminated": {"finishedAt": LATER, "exitCode": 0}}}]
    ),
    "told to go": {
        **pod(),
        "metadata": {
            **pod()["metadata"],
            "deletionTimestamp": r.stamp(r.WROTE + 90),
            "deletionGracePeriodSeconds": 30,
        },
    },
}


@pytest.mark.parametrize("moved", MOVED.values(), ids=MOVED)
def test_a_pod_that_moved_is_movement(moved):
    assert judge([moved]).outcome == "progressing"
    later = judge([moved], now=r.WROTE + 60 + QUIET)
    assert (later.outcome, later.progress.still_since) == ("stuck", r.WROTE + 60)


def test_a_pull_that_is_tried_again_is_not():
    failing = pod(**r.waiting("ImagePullBackOff", "connection reset"))
    assert judge([failing], workload=r.deployment(**HALFWAY)).outcome != "progressing"


def test_what_waits_for_its_least_ready_time_is_meant_to_be_still():
    patient = r.deployment(minReadySeconds=300, **HALFWAY)
    assert judge(workload=patient).outcome == "progressing"
    assert judge(workload=patient, now=LATE + 300).outcome == "stuck"


def test_a_controller_that_does_not_take_it_up():
    found = judge(workload=r.deployment(observed=1))
    assert found.outcome == "stuck"
    assert found.sentence == "waiting for the controller to take it up; nothing has moved for 3m"


def test_our_write_is_movement_whatever_stood_still_before():
    old = r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated", updated_at=r.WROTE - 4000)
    assert judge(workload=old, now=r.WROTE + QUIET - 1).outcome == "progressing"


def test_what_is_proven_goes_first():
    crash = r.waiting("CrashLoopBackOff", "", last={"exitCode": 1}, restarts=2)
    assert judge([pod(**crash)]).outcome == "broken"


@pytest.mark.parametrize("kind", [r.stateful_set, r.daemon_set])
def test_of_every_kind(kind):
    counts = (3, 1, 1) if kind is r.stateful_set else (3, 3, 1, 1)
    found = verdict(kind(counts=counts), [], [], r.written(), r.WROTE + QUIET)
    assert found.outcome == "stuck"
