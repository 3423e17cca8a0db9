"""Deployments: done never early, broken on proof, superseded where it is no longer ours. Pure."""

from typing import Any

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.judgement import Verdict

CRASH = r.waiting("CrashLoopBackOff", "back-off 10s", last={"exitCode": 1, "reason": "Error"}, restarts=2)
HALFWAY: dict[str, Any] = {"counts": (4, 2, 3), "reason": "ReplicaSetUpdated"}


def judge(workload, children=None, pods=(), written=None, now=r.NOW, deadline=600.0) -> Verdict:
    children = [r.replica_set()] if children is None else children
    return verdict(workload, children, pods, written or r.written(), now, deadline=deadline)


def test_done():
    found = judge(r.deployment(), pods=[r.pod("web-1")])
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods ready")
    progress = found.progress
    assert (progress.desired, progress.updated, progress.ready, progress.old, progress.at) == (3, 3, 3, 0, r.NOW)


@pytest.mark.parametrize(
    ("workload", "children"),
    [
        pytest.param(r.deployment(generation=1, observed=1), None, id="our cache is behind our write"),
        pytest.param(r.deployment(observed=1), None, id="the controller has not seen it"),
        pytest.param(r.deployment(generation=3, observed=2), None, id="nor what came after it"),
        pytest.param(r.deployment(counts=(4, 3, 3)), None, id="an old pod still runs"),
        pytest.param(r.deployment(counts=(3, 2, 3)), None, id="a pod is not new"),
        pytest.param(r.deployment(counts=(3, 3, 2)), None, id="a pod is not available"),
        pytest.param(r.deployment(reason="ReplicaSetUpdated"), None, id="it does not say that it is complete"),
        pytest.param(r.deployment(available=False), None, id="it does not say that it is available"),
        pytest.param(r.deployment(), [], id="its ReplicaSet is not known yet"),
        pytest.param(r.deployment(), [r.replica_set(ready=2)], id="its ReplicaSet says otherwise"),
        pytest.param(
            r.deployment(), [r.replica_set(revision=2), r.replica_set("x", r.OLD, 3)], id="a newer one is not ours"
        ),
    ],
)
def test_not_done_yet(workload, children):
    assert judge(workload, children).outcome == "progressing"


def test_a_generation_that_only_annotations_moved_is_still_ours():
    assert judge(r.deployment(generation=5, observed=5)).outcome == "done"


def test_without_a_progress_deadline_there_is_no_condition_to_wait_for():
    workload = r.deployment()
    del workload["status"]["conditions"][1]
    assert judge(workload).outcome == "done"


def test_no_replicas_are_done_when_nothing_is_left():
    scaled = r.written(replicas=0)
    gone = r.deployment(replicas=0, counts=(0, 0, 0))
    left = r.deployment(replicas=0, counts=(1, 1, 1))
    assert judge(gone, [r.replica_set(count=0)], written=scaled).outcome == "done"
    assert judge(left, [r.replica_set(count=1)], written=scaled).outcome == "progressing"


def test_two_replica_sets_of_one_template_are_told_apart_by_revision():
    """After a hash collision: the lower one is empty, and its emptiness is no news."""
    children = [r.replica_set("rs-twin", revision=1, count=0), r.replica_set()]
    assert judge(r.deployment(), children).outcome == "done"


def test_progress_in_counts():
    found = judge(r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated"), [r.replica_set(count=2, ready=1)])
    assert found.sentence == "1 of 3 new pods ready, 2 old still running"


def test_superseded_by_another_template():
    assert judge(r.deployment(r.OLD, generation=3, observed=3)).outcome == "superseded"


def test_superseded_by_other_replicas_only_where_we_set_them():
    workload = r.deployment(replicas=5, generation=3, observed=3)
    scaled = judge(workload, written=r.written(replicas=3))
    assert (scaled.outcome, scaled.sentence) == ("superseded", "somebody set the replicas to 5 meanwhile")
    assert judge(workload).outcome == "progressing"


def test_a_pod_that_broke_is_known_before_the_deadline():
    found = judge(r.deployment(**HALFWAY), [r.replica_set(ready=0)], [r.pod("web-1"), r.pod("web-2", **CRASH)])
    assert (found.outcome, found.sentence) == ("broken", "container app exits with code 1 (CrashLoopBackOff)")
    assert found.fault
    assert (found.fault.pod, found.fault.exit_code, found.fault.previous) == ("web-2", 1, True)


def test_a_broken_pod_of_another_revision_is_not_ours():
    pods = [r.pod("web-1"), r.pod("web-2", owner="rs-old", image=r.OLD, **CRASH)]
    children = [r.replica_set(), r.replica_set("rs-old", r.OLD, 1)]
    assert judge(r.deployment(**HALFWAY), children, pods).outcome == "progressing"
    assert judge(r.deployment(), children, pods).outcome == "done"


def test_superseded_comes_before_broken():
    pods = [r.pod("web-2", **CRASH)]
    assert judge(r.deployment(r.OLD, generation=3), pods=pods).outcome == "superseded"


def failed_create(at: float) -> dict[str, Any]:
    message = 'pods "web-x" is forbidden: exceeded quota: small'
    failure = {"type": "ReplicaFailure", "status": "True", "message": message, "lastTransitionTime": r.stamp(at)}
    return r.replica_set(count=0, conditions=[failure])


def test_pods_that_cannot_be_created_come_with_the_apis_words():
    found = judge(r.deployment(**HALFWAY), [failed_create(r.WROTE + 1)])
    assert found.outcome == "broken"
    assert found.sentence == "pods cannot be created: exceeded quota: small"


def test_a_failure_from_before_our_write_counts_only_if_it_stays():
    child = failed_create(r.WROTE - 100)
    assert judge(r.deployment(**HALFWAY), [child], now=r.WROTE + 5).outcome == "progressing"
    assert judge(r.deployment(**HALFWAY), [child], now=r.WROTE + 15).outcome == "broken"


def test_its_own_deadline():
    late = r.deployment(counts=(4, 2, 3), reason="ProgressDeadlineExceeded", updated_at=r.WROTE + 600)
    found = judge(late, [r.replica_set(ready=1, count=2)], now=r.WROTE + 601)
    assert found.outcome == "broken"
    assert "no progress for 600 s" in found.sentence


def test_a_deadline_that_was_missed_before_our_write_lingers_and_does_not_count():
    lingering = r.deployment(counts=(4, 2, 3), reason="ProgressDeadlineExceeded", updated_at=r.WROTE - 1)
    assert judge(lingering, [r.replica_set(ready=1)]).outcome == "progressing"


def test_our_deadline_where_it_has_none_that_runs():
    """Replicas that only change: Progressing keeps saying NewReplicaSetAvailable, for ever."""
    stuck = r.deployment(replicas=9, counts=(9, 9, 3))
    pods = [r.pod("web-1"), unschedulable("web-2")]
    found = judge(stuck, [r.replica_set(count=9, ready=3)], pods, r.written(replicas=9), r.WROTE + 61, deadline=60.0)
    assert found.outcome == "broken"
    assert "not finished within 60 s: 3 of 9 new pods ready; no node takes the pod" in found.sentence
    assert (
        judge(stuck, [r.replica_set(count=9, ready=3)], pods, r.written(replicas=9), deadline=60.0).outcome
        == "progressing"
    )


def unschedulable(name: str) -> dict[str, Any]:
    says = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/3 nodes are available: 3 Insufficient cpu.",
    }
    return r.pod(name, phase="Pending", conditions=[says], containerStatuses=[])


def test_a_pod_without_a_node_is_only_a_warning():
    found = judge(r.deployment(**HALFWAY), [r.replica_set(ready=1)], [unschedulable("web-1")])
    assert found.outcome == "progressing"
    assert found.warnings == ("no node takes the pod: 3 of 3 nodes have too little cpu",)


def test_paused_is_said_and_nothing_else_is_concluded():
    found = judge(r.deployment(paused=True, **HALFWAY))
    assert found.outcome == "paused"
    assert "paused" in found.sentence


def test_a_paused_one_is_scaled_all_the_same():
    """Its controller does so, whatever template waits meanwhile; no condition says that it is complete."""
    paused: dict[str, Any] = {"paused": True, "reason": "DeploymentPaused"}
    old, scaled = [r.replica_set("rs-old", r.OLD, 1)], r.written(replicas=3)
    found = judge(r.deployment(counts=(3, 0, 3), **paused), old, written=scaled)
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods ready")
    for counts in ((2, 0, 2), (3, 0, 2), (4, 0, 4)):
        assert judge(r.deployment(counts=counts, **paused), old, written=scaled).outcome == "progressing"
    late = judge(r.deployment(counts=(3, 0, 2), **paused), old, written=scaled, now=r.WROTE + 61, deadline=60.0)
    assert (late.outcome, late.sentence) == ("broken", "not finished within 60 s: 2 of 3 pods ready")


def test_what_was_complete_when_somebody_paused_it_is_done():
    assert judge(r.deployment(paused=True, reason="DeploymentPaused")).outcome == "done"
    assert judge(r.deployment(paused=True, reason="DeploymentPaused", counts=(3, 3, 2))).outcome == "paused"
