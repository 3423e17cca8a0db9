"""What a plan was made from is watched while it waits: when it drifts, approvals are void and it is planned again."""

import pytest

from commands import transitions
from commands.demand import Demand, Vote
from commands.draft import FieldChange, Plan
from commands.errors import Forbidden
from commands.operation import (
    State,
)
from tests.unit.workers import drafts
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import eventually, unreachable
from workers.watcher import drift, feed

OLD = r.deployment(r.OLD, generation=1, observed=1)


@pytest.fixture
def waits(store, cluster, run):
    """A plan that waits for approval, and a watcher that sees its target."""
    cluster.put(OLD)
    op = records.awaiting(store, OLD)
    watcher = run()
    cluster.wait_for("watch Deployment")
    return watcher, op


def planned_again(store):
    return eventually(lambda: (op := store.operations.load("op-1")).state is State.PLANNING and op)


def test_another_image_voids_the_approvals(waits, store, cluster, jobs):
    op = store.operations.load("op-1")
    store.operations.apply(transitions.vote(op, Vote("U0SAM", op.plan.digest, NOW)))
    cluster.put(r.deployment("r/web:9", generation=2, observed=2))
    after = planned_again(store)
    assert (after.votes, after.plan, after.round) == ((), None, 2)
    (drift,) = after.drifts
    assert [(change.old, change.new) for change in drift.changes] == [(r.OLD, "r/web:9")]
    assert eventually(jobs) == [("plan", "op-1")]


def with_variable():
    """As ``kubectl set env`` leaves it: nothing that the plan writes."""
    live = r.deployment(r.OLD, generation=2, observed=2)
    live["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "LOG_LEVEL", "value": "debug"}]
    return live


def test_what_the_plan_does_not_write_is_told_by_the_revision_that_was_live(waits, store, cluster, jobs):
    cluster.put(r.replica_set("rs-old", r.OLD, revision=1))
    cluster.put(with_variable())
    (drift,) = planned_again(store).drifts
    assert drift.changes == (FieldChange("containers[app].env[LOG_LEVEL].value", None, "debug"),)
    assert eventually(jobs) == [("plan", "op-1")]


def test_it_is_told_as_a_whole_where_that_revision_cannot_be_read(waits, store, cluster, jobs):
    cluster.refusals["ReplicaSet"] = unreachable()
    cluster.put(with_variable())
    (drift,) = planned_again(store).drifts
    unread = "changed since; not compared: The API server of cluster main does not answer."
    assert drift.changes == (FieldChange("the pod template", "as it was planned", unread),)
    assert eventually(jobs) == [("plan", "op-1")]


def test_a_deleted_target_is_planned_again_which_will_say_so(waits, store, cluster, jobs):
    cluster.delete(OLD)
    (drift,) = planned_again(store).drifts
    assert [(change.path, change.new) for change in drift.changes] == [("Deployment/web", None)]
    assert eventually(jobs) == [("plan", "op-1")]


def test_a_replaced_target_too(waits, store, cluster):
    again = r.deployment(r.OLD)
    again["metadata"]["uid"] = "d2"
    cluster.delete(OLD)
    cluster.put(again)
    assert planned_again(store).drifts


def test_what_moves_by_itself_is_no_drift(waits, store, cluster, jobs):
    watcher, _ = waits
    cluster.put(r.deployment(r.OLD, generation=4, observed=4, counts=(3, 3, 2), available=False))
    feed = watcher._duty._feeds.of("main", "prod", "Deployment")
    eventually(lambda: feed.cache.by_name("web")["metadata"]["generation"] == 4)
    rounds = cluster.bookmark("Deployment")
    eventually(lambda: feed._version == rounds)
    eventually(lambda: not watcher._duty._changed and not watcher._duty._waiting)
    assert store.operations.load("op-1").state is State.AWAITING
    assert "get Deployment" not in cluster.calls
    assert jobs() == []


def test_a_cache_behind_the_plan_does_not_void_it(store, cluster, run, jobs):
    """The plan was made from what the feed has not heard of; the second look shows that all is as planned."""
    cluster.put(r.deployment("r/web:0", generation=1, observed=1))
    other = r.deployment("r/web:0", generation=1)
    other["metadata"] |= {"name": "other", "uid": "d0"}
    cluster.put(other)
    records.awaiting(store, other, "op-0")
    run()
    cluster.wait_for("watch Deployment")
    cluster.silent = True
    cluster.put(r.deployment(r.OLD, generation=2, observed=2))
    records.awaiting(store, OLD)
    cluster.wait_for("get Deployment", 2)
    assert store.operations.load("op-1").state is State.AWAITING
    assert jobs() == []


def test_out_of_sight_is_no_drift(store, cluster, run, jobs):
    cluster.refusals["Deployment"] = unreachable()
    records.awaiting(store, OLD)
    run()
    cluster.wait_for("list Deployment", 3)
    assert store.operations.load("op-1").state is State.AWAITING
    assert jobs() == []


def test_only_the_workload_is_watched_until_somebody_approves(waits, store, cluster):
    assert {call.split()[1] for call in cluster.calls} == {"Deployment"}
    op = store.operations.load("op-1")
    yes = Vote("U0SAM", op.plan.digest, NOW)
    voted = store.operations.apply(transitions.vote(op, yes))
    store.operations.apply(transitions.count(voted, yes, NOW))
    for kind in ("ReplicaSet", "Pod"):
        cluster.wait_for(f"watch {kind}")


class TestAnAutoscaler:
    """It is watched beside the workload, of which the plan writes nothing."""

    def scaler(self, most: int = 5):
        meta = {"name": "web-cpu", "namespace": "prod", "uid": "uid-hpa"}
        spec = {"scaleTargetRef": {"name": "web"}, "minReplicas": 1, "maxReplicas": most}
        return {"kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec}

    @pytest.fixture
    def waits(self, store, cluster, run):
        cluster.put(OLD)
        cluster.put(self.scaler())
        live = {**OLD, "metadata": {"namespace": "prod", **OLD["metadata"]}}
        plan = Plan.of("scale", drafts.bounds(live, self.scaler(), 2, 5), NOW)
        op = records.requested(store)
        return store.operations.apply(transitions.planned(op, plan, Demand(1, ("sre",), NOW + 600), NOW))

    def test_a_bound_that_moves_voids_the_approvals(self, waits, store, cluster, run):
        run()
        cluster.wait_for("watch HorizontalPodAutoscaler")
        cluster.put(self.scaler(6))
        (drifted,) = planned_again(store).drifts
        assert drifted.changes == (FieldChange("spec.maxReplicas", "5", "6"),)

    def test_so_does_its_end(self, waits, store, cluster, run):
        run()
        cluster.wait_for("watch HorizontalPodAutoscaler")
        cluster.delete(self.scaler())
        (drifted,) = planned_again(store).drifts
        assert drifted.changes == (FieldChange("HorizontalPodAutoscaler/web-cpu", "as it was planned", None),)

    def test_that_it_may_not_be_watched_is_told_on_the_message_and_taken_back(
        self, waits, store, cluster, run, monkeypatch
    ):
        monkeypatch.setattr(drift, "BLINK", 0.0)
        monkeypatch.setattr(feed, "FORBIDDEN_SECONDS", 0.05)
        may_not = "Quarterdeck's account may not watch horizontalpodautoscalers in namespace prod."
        kind = "HorizontalPodAutoscaler"
        cluster.refusals[kind] = Forbidden(may_not, verb="watch", resource=kind, namespace="prod")
        run()
        told = "I can't see whether it changes while it waits; before anything is written I look. "
        eventually(lambda: (at := store.operations.progress("op-1")) and at.sentence == told + may_not)
        del cluster.refusals[kind]
        eventually(lambda: not store.operations.progress("op-1").sentence)
        assert store.operations.load("op-1").state is State.AWAITING
