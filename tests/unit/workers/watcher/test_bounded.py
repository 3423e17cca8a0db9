"""Whether an autoscaler's bounds hold: what is done, what waits for its controller, and who wrote over them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.bounds import Bounds
from commands.draft import Beside
from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.bake import settled, watched
from workers.kinds.judgement import Verdict
from workers.watcher.bounded import PATIENCE, within

BESIDE = Beside("HorizontalPodAutoscaler", "web-cpu", "uid-hpa")
WRITTEN = replace(r.written(), bounds=Bounds(2, 5))
NO_METRICS = {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"}
FINE = {"type": "AbleToScale", "status": "True", "reason": "SucceededGetScale", "message": "able"}


def scaler(
    least: int = 2, most: int = 5, uid: str = "uid-hpa", *conditions: Any, target: str = "Deployment/web"
) -> dict[str, Any]:
    kind, _, name = target.partition("/")
    spec = {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": {"kind": kind, "name": name}}
    return {"metadata": {"name": "web-cpu", "uid": uid}, "spec": spec, "status": {"conditions": conditions}}


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
    told = "the bounds of HPA web-cpu are 2-5; it does nothing while web has no replicas"
    assert (done.outcome, done.sentence) == ("done", told)


class TestPodsThatWereBrokenBefore:
    """They have their template from earlier: bounds that move have not broken them."""

    def judged(self, *made: float, hpa: Any = None, replicas: int = 3, available: int = 2, old: int = 0) -> Verdict:
        """web-0 crashes; ``made``: when each of the pods that crash was, in seconds since the write."""
        live = r.deployment(replicas=replicas, counts=(replicas + old, replicas, available), available=True)
        loop = r.waiting("CrashLoopBackOff", last={"exitCode": 3, "reason": "Error"}, restarts=6)
        pods = [pod(f"web-{number}", at, **loop) for number, at in enumerate(made)]
        pods += [pod(f"web-{number}", 5) for number in range(len(pods), replicas)]
        owned, now = [r.replica_set(count=replicas, ready=available)], WRITTEN.at + 30
        found = verdict(live, owned, pods, WRITTEN, now)
        return within(found, live, hpa or scaler(), BESIDE, WRITTEN, now)

    def test_they_are_told_and_the_bounds_are_done(self) -> None:
        found = self.judged(-900)
        assert found.outcome == "done"
        why = "container app exits with code 3 (CrashLoopBackOff)"
        assert found.sentence == f"HPA web-cpu keeps 2 to 5 replicas; 2 of 3 pods ready, 1 was broken before: {why}"
        assert found.warnings == (why,)

    def test_several_are_counted(self) -> None:
        found = self.judged(-900, -800, available=1)
        assert found.outcome == "done"
        assert "; 1 of 3 pods ready, 2 were broken before: " in found.sentence

    def test_one_that_the_bounds_brought_breaks_them(self) -> None:
        found = self.judged(-900, 5, available=1)
        assert found.outcome == "broken"
        assert found.fault
        assert found.fault.pod == "web-1"

    def test_the_controller_is_waited_for_all_the_same(self) -> None:
        found = self.judged(-900, hpa=scaler(), replicas=1, available=0)
        assert found.outcome == "progressing"
        assert found.sentence == "HPA web-cpu has not brought it from 1 replica into 2-5 yet"
        assert found.warnings

    def test_the_others_are_waited_for(self) -> None:
        assert self.judged(-900, available=1).outcome == "progressing"

    def test_one_that_only_starts_yet_is_waited_for(self) -> None:
        live = r.deployment(counts=(3, 3, 2))
        starts = {"phase": "Pending", "conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": []}
        found = verdict(live, [r.replica_set(ready=2)], [pod("web-0", -1, **starts)], WRITTEN, WRITTEN.at + 5)
        assert within(found, live, scaler(), BESIDE, WRITTEN, WRITTEN.at + 5).outcome == "progressing"

    def test_nor_do_they_break_what_is_watched_on(self) -> None:
        found = self.judged(-900)
        assert watched(found, settled(found, WRITTEN.at + 40), WRITTEN).outcome == "done"


def pod(name: str, at: float, **status: Any) -> Any:
    """Made so many seconds after our write."""
    made = r.pod(name, **status)
    made["metadata"]["creationTimestamp"] = r.stamp(WRITTEN.at + at)
    return made


@pytest.mark.parametrize(
    ("hpa", "told"),
    [
        (None, "HPA web-cpu was deleted meanwhile"),
        (scaler(uid="uid-later"), "HPA web-cpu was deleted and made anew meanwhile"),
        (scaler(target="Deployment/web-v2"), "HPA web-cpu scales web-v2 by now"),
        (scaler(target="StatefulSet/web"), "HPA web-cpu scales StatefulSet/web by now"),
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
