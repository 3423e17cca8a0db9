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
