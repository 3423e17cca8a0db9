"""What falls over while a rollout is watched on after all was ready; and what is not its fault. Pure."""

from typing import Any

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.bake import settled, watched
from workers.kinds.judgement import Verdict

MADE = r.WROTE + 1
HALFWAY: dict[str, Any] = {"counts": (3, 3, 2)}


def pod(name: str = "web-1", made: float = MADE, **status: Any) -> dict[str, Any]:
    found = r.pod(name, **status)
    found["metadata"]["creationTimestamp"] = r.stamp(made)
    return found


def restarted(times: int, **last: Any) -> dict[str, Any]:
    """Ready again after it ended."""
    container = {"name": "app", "ready": True, "restartCount": times, "state": {"running": {}}}
    return {"containerStatuses": [{**container, "lastState": {"terminated": {"exitCode": 3, **last}}}]}


UNREADY: dict[str, Any] = {
    "conditions": [{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "False"}],
    "containerStatuses": [
        {"name": "app", "ready": False, "restartCount": 0, "state": {"running": {"startedAt": r.stamp(r.WROTE)}}}
    ],
}


def judge(*pods: dict[str, Any], workload=None, ready: int = 3) -> Verdict:
    return verdict(workload or r.deployment(), [r.replica_set(ready=ready)], pods, r.written(), r.NOW)


def bake(*pods: dict[str, Any], before: tuple[dict[str, Any], ...] = (), **later: Any) -> Verdict:
    """How it is judged when it looks like that, after ``before`` were all ready."""
    since = settled(judge(*(before or (pod(),))), r.NOW)
    return watched(judge(*pods, **later), since, r.written())


def test_it_stays_done_while_all_stay_ready():
    assert bake(pod()).outcome == "done"


def test_a_crash_is_its_failure():
    crash = r.waiting("CrashLoopBackOff", "", last={"exitCode": 1}, restarts=2)
    found = bake(pod(**crash), workload=r.deployment(**HALFWAY))
    assert found.outcome == "broken"
    assert (
        found.sentence == "all pods were ready, but did not stay so: container app exits with code 1 (CrashLoopBackOff)"
    )


def test_a_pod_that_is_unready_again_is_its_failure():
    found = bake(pod(**UNREADY), workload=r.deployment(**HALFWAY), ready=2)
    assert found.outcome == "broken"
    assert found.sentence.endswith("container app runs but is not ready")
    assert found.fault
    assert found.fault.pod == "web-1"


def test_a_restart_that_healed_before_anybody_looked_is_its_failure():
    found = bake(pod(**restarted(1)))
    assert found.outcome == "broken"
    assert found.sentence.endswith("container app ended with code 3 and was started again")
    assert found.fault
    assert (found.fault.previous, found.fault.exit_code) == (True, 3)


def test_a_restart_from_before_is_none():
    assert bake(pod(**restarted(2)), before=(pod(**restarted(2)),)).outcome == "done"
    assert bake(pod(**restarted(3)), before=(pod(**restarted(2)),)).outcome == "broken"


LOST = [{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "True"}]


@pytest.mark.parametrize(
    "innocent",
    [
        pytest.param(pod(phase="Failed", reason="Evicted", **UNREADY), id="evicted"),
        pytest.param(
            pod(**{**UNREADY, "conditions": [{"type": "DisruptionTarget", "status": "True"}]}), id="being evicted"
        ),
        pytest.param(pod(made=MADE + 30, **UNREADY), id="a substitute that starts"),
        pytest.param(pod(conditions=LOST), id="its node is not heard of"),
        pytest.param(pod(**restarted(1, reason="Unknown")), id="its node started again"),
    ],
)
def test_what_is_not_its_fault(innocent):
    halfway = bake(innocent, pod("web-2"), workload=r.deployment(**HALFWAY), ready=2)
    assert halfway.outcome == "progressing"
    assert bake(innocent, pod("web-2")).outcome == "done"


def test_who_writes_over_it_supersedes_it_all_the_same():
    assert bake(pod(**UNREADY), workload=r.deployment(r.OLD, generation=3)).outcome == "superseded"


def test_the_nodes_clock_is_not_asked():
    """Five minutes ahead: it would have been ready after the watching began."""
    ahead = pod(startTime=r.stamp(r.NOW + 300), conditions=[{"type": "Ready", "status": "True"}])
    assert bake(ahead, before=(ahead,)).outcome == "done"


def test_a_deployment_that_is_paused_when_it_was_done_stays_done():
    found = bake(pod(), workload=r.deployment(paused=True))
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods ready")
    halfway = bake(pod(), workload=r.deployment(paused=True, counts=(4, 3, 3)))
    assert halfway.outcome == "paused"
