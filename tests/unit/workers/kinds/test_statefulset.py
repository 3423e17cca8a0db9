"""StatefulSets: ordered, partitioned, OnDelete. Pure."""

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.judgement import Verdict

CRASH = r.waiting("CrashLoopBackOff", last={"exitCode": 1, "reason": "Error"})


def pod(index: int, revision: str = "db-new", **status):
    return r.pod(f"db-{index}", owner="s1", labels={"controller-revision-hash": revision}, **status)


def judge(workload, pods=(), written=None, now=r.NOW, deadline=600.0) -> Verdict:
    return verdict(workload, [], pods, written or r.written(), now, deadline=deadline)


def test_done_when_all_are_new_and_ready():
    assert judge(r.stateful_set(), [pod(0), pod(1), pod(2)]).outcome == "done"


def test_not_done_yet():
    for counts in ((3, 2, 3), (3, 3, 2), (2, 2, 2), (4, 3, 3)):
        assert judge(r.stateful_set(counts=counts)).outcome == "progressing"
    assert judge(r.stateful_set(observed=1)).outcome == "progressing"


def test_available_counts_where_pods_have_to_be_ready_for_a_while():
    workload = r.stateful_set()
    workload["status"]["availableReplicas"] = 2
    assert judge(workload).outcome == "progressing"


def test_progress_counts_pods_by_revision():
    found = judge(r.stateful_set(counts=(3, 1, 3)), [pod(0, "db-old"), pod(1, "db-old"), pod(2)])
    assert found.sentence == "1 of 3 new pods ready, 2 old still running"


def test_a_partition_keeps_the_rest_as_it_is():
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    found = judge(r.stateful_set(counts=(3, 1, 3), strategy=strategy), [pod(0, "db-old"), pod(1, "db-old"), pod(2)])
    assert (found.outcome, found.sentence) == ("done", "1 of 3 pods is new and ready, 2 kept by the partition")
    old = [pod(0, "db-old"), pod(1, "db-old"), pod(2, "db-old")]
    assert judge(r.stateful_set(counts=(3, 0, 3), strategy=strategy), old).outcome == "progressing"


def test_going_back_to_what_the_partition_keeps_waits_for_the_pods_above_it():
    """The kept pods are of that revision already, and count as updated."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    above = [pod(0), pod(1), pod(2, "db-old")]
    for pods in (above, above[:2]):  # its status may still be of the moment before it was deleted
        assert judge(r.stateful_set(counts=(3, 2, 3), strategy=strategy), pods).outcome == "progressing"
    found = judge(r.stateful_set(counts=(3, 3, 3), strategy=strategy), [pod(0), pod(1), pod(2)])
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods ready")


def test_a_partition_counts_from_where_the_ordinals_start():
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    workload = r.stateful_set(counts=(3, 1, 3), strategy=strategy, ordinals={"start": 5})
    found = judge(workload, [pod(5, "db-old"), pod(6, "db-old"), pod(7)])
    assert (found.outcome, found.sentence) == ("done", "1 of 3 pods is new and ready, 2 kept by the partition")


def test_a_partition_above_the_replicas_changes_nothing():
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 9}}
    assert (
        judge(r.stateful_set(counts=(3, 0, 3), strategy=strategy), [pod(n, "db-old") for n in range(3)]).sentence
        == "0 of 3 pods are new and ready, 3 kept by the partition"
    )


def test_on_delete_is_said_and_not_waited_for():
    found = judge(r.stateful_set(counts=(3, 0, 3), strategy={"type": "OnDelete"}))
    assert (found.outcome, found.sentence) == ("done", "3 of 3 pods change when they are deleted (OnDelete)")


def test_a_broken_new_pod():
    found = judge(r.stateful_set(counts=(3, 1, 2)), [pod(0, "db-old"), pod(1, "db-old"), pod(2, **CRASH)])
    assert found.outcome == "broken"
    assert found.fault
    assert found.fault.pod == "db-2"


def test_a_broken_old_pod_blocks_and_is_named():
    """kubernetes#67250: the controller waits for it to become ready before it replaces it."""
    found = judge(r.stateful_set(counts=(3, 0, 2)), [pod(2, "db-old", **CRASH)])
    assert found.outcome == "progressing"
    assert "pod db-2 of an earlier revision is broken" in found.warnings[0]
    assert not judge(
        r.stateful_set(counts=(3, 0, 2), podManagementPolicy="Parallel"), [pod(2, "db-old", **CRASH)]
    ).warnings


def test_the_deadline_is_ours():
    slow = r.stateful_set(counts=(3, 1, 3))
    assert judge(slow, now=r.WROTE + 60, deadline=60).outcome == "progressing"
    assert judge(slow, now=r.WROTE + 61, deadline=60).outcome == "broken"


def test_scaled_down_when_nothing_is_left_over():
    assert judge(r.stateful_set(replicas=0, counts=(1, 1, 1)), written=r.written(replicas=0)).outcome == "progressing"
    found = judge(r.stateful_set(replicas=0, counts=(0, 0, 0)), written=r.written(replicas=0))
    assert (found.outcome, found.sentence) == ("done", "no pods, as wanted")
