"""DaemonSets: a pod on each node that is wanted. Pure."""

import pytest

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.judgement import Verdict

CRASH = r.waiting("CrashLoopBackOff", last={"exitCode": 1, "reason": "Error"})


def pod(index: int, generation: str = "2", **status):
    return r.pod(f"agent-{index}", owner="a1", labels={"pod-template-generation": generation}, **status)


def judge(workload, pods=(), now=r.NOW, deadline=600.0) -> Verdict:
    return verdict(workload, [], pods, r.written(), now, deadline=deadline)


def test_done_on_every_node():
    assert judge(r.daemon_set()).outcome == "done"


@pytest.mark.parametrize("counts", [(3, 3, 2, 3), (3, 3, 3, 2), (3, 2, 2, 2)])
def test_not_done_yet(counts):
    assert judge(r.daemon_set(counts=counts)).outcome == "progressing"


def test_the_controller_has_not_seen_it():
    assert judge(r.daemon_set(observed=1)).outcome == "progressing"


def test_progress():
    assert judge(r.daemon_set(counts=(5, 5, 2, 4))).sentence == "1 of 5 new pods ready, 3 old still running"


def test_a_broken_pod_counts_if_it_is_of_our_template():
    assert judge(r.daemon_set(counts=(3, 3, 1, 2)), [pod(1, **CRASH)]).outcome == "broken"
    assert judge(r.daemon_set(counts=(3, 3, 1, 2)), [pod(1, "1", **CRASH)]).outcome == "progressing"


def test_on_delete_is_said_and_not_waited_for():
    found = judge(r.daemon_set(counts=(3, 3, 0, 3), strategy="OnDelete"))
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods change when they are deleted (OnDelete)")


def test_the_deadline_is_ours():
    assert judge(r.daemon_set(counts=(3, 3, 1, 3)), now=r.WROTE + 61, deadline=60).outcome == "broken"


LOST = {"conditions": [{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "True"}]}


def on(node: str, found):
    found["spec"] = {**found["spec"], "nodeName": node}
    return found


def test_a_node_that_is_not_heard_of_is_said_and_not_waited_for():
    """Its old pod cannot be ended, or its new one is not ready any more."""
    up = [pod(1), pod(2)]
    for left, counts in ((pod(3, "1", **LOST), (3, 3, 2, 2)), (pod(3, **LOST), (3, 3, 3, 2))):
        found = judge(r.daemon_set(counts=counts), [*up, on("worker-3", left)])
        assert (found.outcome, found.sentence) == ("done", "2 of 3 pods ready; node worker-3 is not heard of")
        assert found.progress.ready == 2


def test_a_node_that_the_status_leaves_out_already_is_not_left_out_twice():
    """Its taint is not tolerated; the pod that is left there counts as misscheduled."""
    lost = on("worker-3", pod(3, "1", **LOST))
    half, whole = (r.daemon_set(counts=(2, 2, updated, 2)) for updated in (1, 2))
    for workload in (half, whole):
        workload["status"]["numberMisscheduled"] = 1
    assert judge(half, [pod(1), pod(2, "1"), lost]).outcome == "progressing"
    found = judge(whole, [pod(1), pod(2), lost])
    assert (found.outcome, found.sentence) == ("done", "2 of 2 pods ready; node worker-3 is not heard of")
    assert (found.progress.ready, found.progress.old) == (2, 0)


def unheard():
    """Bound when we wrote, and its node has said nothing of it."""
    bound = {"type": "PodScheduled", "status": "True", "lastTransitionTime": r.stamp(r.WROTE)}
    return pod(3, phase="Pending", conditions=[bound], startTime=None, containerStatuses=[])


def test_a_pod_that_its_node_never_took_up_is_not_waited_for_for_ever():
    """The node's controller says nothing of those; a kubelet that is begun anew is silent for a minute."""
    pods = [pod(1), pod(2), on("worker-3", unheard())]
    early, late = (judge(r.daemon_set(counts=(3, 3, 3, 2)), pods, r.WROTE + seconds) for seconds in (299, 300))
    assert early.outcome != "done"
    assert (late.outcome, late.sentence) == ("done", "2 of 3 pods ready; node worker-3 has not taken its pod up")


def test_a_pod_where_none_should_be_stands_for_no_old_one():
    """Two are misscheduled: a lost node's, and one whose node was tainted after it got its new pod."""
    others = [*(on(f"worker-{index}", pod(index)) for index in (0, 1, 2, 3, 5)), on("worker-6", pod(6, **LOST))]
    half, whole = (r.daemon_set(counts=(5, 5, updated, 5)) for updated in (4, 5))
    for workload in (half, whole):
        workload["status"]["numberMisscheduled"] = 2
    assert judge(half, [*others, on("worker-4", pod(4, "1"))]).outcome == "progressing"
    assert judge(half, others).outcome == "progressing"  # the new one is not made yet
    found = judge(whole, [*others, on("worker-4", pod(4))])
    assert (found.outcome, found.sentence) == ("done", "5 of 5 pods ready; node worker-6 is not heard of")


def test_a_pod_where_none_should_be_is_none_of_a_lost_node():
    """The lost one's taint is tolerated: it is wanted still."""
    workload = r.daemon_set(counts=(3, 3, 2, 2))
    workload["status"]["numberMisscheduled"] = 1
    pods = [*(on(f"worker-{index}", pod(index)) for index in (1, 2, 4)), on("worker-3", pod(3, "1", **LOST))]
    found = judge(workload, pods)
    assert (found.outcome, found.sentence) == ("done", "2 of 3 pods ready; node worker-3 is not heard of")


def test_what_may_yet_come_elsewhere_is_waited_for():
    lost = on("worker-3", pod(3, "1", **LOST))
    unready = pod(2, conditions=[{"type": "Ready", "status": "False"}])
    for others, counts in (
        ([pod(1)], (3, 3, 1, 2)),
        ([pod(1), pod(2, "1")], (3, 3, 1, 2)),
        ([pod(1), unready], (3, 3, 2, 2)),  # its status is behind: it counts the lost one still
        ([pod(1), pod(2)], (3, 3, 2, 1)),
    ):
        assert judge(r.daemon_set(counts=counts), [*others, lost]).outcome == "progressing"


def test_on_no_node_that_is_heard_of_nothing_is_done():
    pods = [on(f"worker-{index}", pod(index, **LOST)) for index in (1, 2, 3)]
    assert judge(r.daemon_set(counts=(3, 3, 3, 0)), pods).outcome == "progressing"
