"""An autoscaler's bounds from the write to the end, where its controller does nothing, or it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands import transitions
from commands.bounds import Bounds
from commands.draft import Plan
from commands.operation import State
from tests.unit.workers import drafts
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import eventually

REFUSED = {"type": "AbleToScale", "status": "False", "reason": "FailedGetScale", "message": "no matches for kind"}


def scaler(least: int = 4) -> dict[str, Any]:
    meta = {"name": "web-cpu", "namespace": "prod", "uid": "uid-hpa"}
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": least, "maxReplicas": 9}
    return {"kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec, "status": {"conditions": [REFUSED]}}


@pytest.fixture
def written(store, cluster):
    """At least four, where three run, all ready."""
    cluster.put(r.deployment())
    cluster.put(r.replica_set())
    cluster.put(scaler())
    live = {**r.deployment(), "metadata": {"namespace": "prod", **r.deployment()["metadata"]}}
    plan = Plan.of("scale", drafts.bounds(live, scaler(2), 4, 9), NOW)
    op = store.operations.apply(transitions.planned(records.requested(store), plan, None, NOW))
    op = store.operations.apply(transitions.act(op, NOW))
    wrote = replace(r.written(), bounds=Bounds(4, 9))
    return store.operations.apply(transitions.wrote(op, wrote, r.WROTE))


def ended(store):
    return eventually(lambda: (op := store.operations.load("op-1")).state.final and op)


def test_a_controller_that_does_nothing_is_told_of_and_at_the_deadline_that_is_the_failure(written, store, run, clock):
    run()
    waits = "HPA web-cpu has not brought it from 3 replicas into 4-9 yet"
    why = "its AbleToScale is False: FailedGetScale, no matches for kind"
    told = eventually(lambda: store.operations.progress("op-1"))
    assert (told.sentence, told.warnings, told.still_since) == (waits, (why,), r.WROTE)
    clock.now = r.WROTE + 601
    failed = ended(store)
    assert failed.state is State.FAILED
    assert failed.ending.sentence == (f"Not finished within 600 s: {waits}; nothing has moved for 10m 1s; {why}.")


def test_its_end_supersedes_it(written, store, cluster, run):
    run()
    cluster.wait_for("watch HorizontalPodAutoscaler")
    cluster.delete(scaler())
    over = ended(store)
    assert (over.state, over.ending.sentence) == (State.SUPERSEDED, "HPA web-cpu was deleted meanwhile.")


def test_it_is_done_when_the_controller_has_acted(written, store, cluster, run):
    run()
    eventually(lambda: store.operations.progress("op-1"))
    cluster.put(r.replica_set(count=4))
    cluster.put(r.deployment(generation=3, observed=3, replicas=4, counts=(4, 4, 4)))
    over = ended(store)
    assert over.state is State.SUCCEEDED
    assert over.ending.sentence == "HPA web-cpu keeps 4 to 9 replicas; 4 of 4 pods ready."
