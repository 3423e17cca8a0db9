"""Whether an autoscaler's bounds hold: what is done, what waits for its controller, and who wrote over them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.bounds import Bounds
from commands.draft import Beside
from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.judgement import Verdict
from workers.watcher.bounded import PATIENCE, within

BESIDE = Beside("HorizontalPodAutoscaler", "web-cpu", "uid-hpa")
WRITTEN = replace(r.written(), bounds=Bounds(2, 5))
NO_METRICS = {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"}
FINE = {"type": "AbleToScale", "status": "True", "reason": "SucceededGetScale", "message": "able"}


def scaler(least: int = 2, most: int = 5, uid: str = "uid-hpa", *conditions: Any) -> dict[str, Any]:
    meta = {"name": "web-cpu", "uid": uid}
    return {"metadata": meta, "spec": {"minReplicas": least, "maxReplicas": most}, "status": {"conditions": conditions}}


def judged(workload: Any, hpa: Any, age: float = 10.0, found: Verdict | None = None) -> Verdict:
    now = WRITTEN.at + age
    found = found or verdict(workload, [r.replica_set()], [], WRITTEN, now)
    return within(found, workload, hpa, BESIDE, WRITTEN, now)


def of(replicas: int) -> Any:
    """Complete and ready, with so many."""
    live = r.deployment(counts=(replicas,) * 3)
    live["spec"]["replicas"] = replicas
    return live


def test_done_where_the_bounds_stand_and_the_pods_within_them_are_ready() -> None:
    found = judged(of(3), scaler())
    assert (found.outcome, found.sentence) == ("done", "HPA web-cpu keeps 2 to 5 replicas; 3 of 3 pods ready")


@pytest.mark.parametrize("replicas", [1, 6])
def test_it_waits_for_the_controller_however_ready_the_pods_are(replicas: int) -> None:
    done = replace(judged(of(3), scaler()), outcome="done")
    found = judged(of(replicas), scaler(2, 5, "uid-hpa", FINE), found=done)
    words = "1 replica" if replicas == 1 else "6 replicas"
    assert found.outcome == "progressing"
    assert found.sentence == found.progress.sentence == f"HPA web-cpu has not brought it from {words} into 2-5 yet"
    assert found.warnings == ()


def test_after_some_looks_it_says_that_nothing_moves_and_what_the_autoscaler_says() -> None:
    now = WRITTEN.at + PATIENCE
    found = judged(of(1), scaler(2, 5, "uid-hpa", FINE, NO_METRICS), PATIENCE)
    assert found.outcome == "stuck"
    assert found.sentence.endswith("; nothing has moved for 1m")
    assert found.progress.still_since == pytest.approx(now - PATIENCE)
    assert found.warnings == ("its ScalingActive is False: FailedGetResourceMetric, no metrics",)


def test_of_no_replicas_the_bounds_are_all() -> None:
    done = judged(
        of(0), scaler(), found=replace(judged(of(3), scaler()), outcome="done", sentence="no pods, as wanted")
    )
    assert (done.outcome, done.sentence) == ("done", "HPA web-cpu keeps 2 to 5 replicas; no pods, as wanted")


@pytest.mark.parametrize(
    ("hpa", "told"),
    [
        (None, "HPA web-cpu was deleted meanwhile"),
        (scaler(uid="uid-later"), "HPA web-cpu was deleted and made anew meanwhile"),
        (scaler(2, 6), "somebody set the bounds of HPA web-cpu to 2-6 meanwhile"),
        (scaler(1, 5), "somebody set the bounds of HPA web-cpu to 1-5 meanwhile"),
    ],
)
def test_what_does_not_stand_any_more_is_superseded(hpa: Any, told: str) -> None:
    found = judged(of(3), hpa)
    assert (found.outcome, found.sentence) == ("superseded", told)


def test_who_set_others_is_named() -> None:
    hpa = scaler(2, 6)
    fields = {"f:spec": {"f:maxReplicas": {}}}
    hpa["metadata"]["managedFields"] = [
        {"manager": "quarterdeck", "operation": "Update", "time": "2026-07-28T10:00:00Z", "fieldsV1": fields},
        {"manager": "kubectl-edit", "operation": "Update", "time": "2026-07-28T10:00:05Z", "fieldsV1": fields},
    ]
    assert (
        judged(of(3), hpa).sentence == "the field manager kubectl-edit set the bounds of HPA web-cpu to 2-6 meanwhile"
    )


@pytest.mark.parametrize("outcome", ["broken", "superseded"])
def test_what_the_workload_is_goes_before(outcome: Any) -> None:
    """Broken pods stay broken, and whose template it is any more is told first."""
    found = replace(judged(of(3), scaler()), outcome=outcome, sentence="so it is")
    assert judged(of(1), scaler(), found=found) == found


def test_a_change_of_the_workload_itself_is_none_of_its_business() -> None:
    found = verdict(of(1), [r.replica_set()], [], r.written(), WRITTEN.at + 10)
    assert within(found, of(1), None, BESIDE, r.written(), WRITTEN.at + 10) == found
