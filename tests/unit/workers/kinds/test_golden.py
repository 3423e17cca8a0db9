"""The verdict of each moment that was recorded from a real control plane (tests/golden; ``make golden``). Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from commands.config import Patience
from commands.operation import Written
from tests.golden import RECORDINGS
from tests.golden.states import STATES
from workers.kinds import verdict
from workers.kinds.faults import Circumstances
from workers.kinds.judgement import Verdict

VERDICTS = {
    "deployment-rolling": ("progressing", "of 3 new pods ready"),
    "deployment-done": ("done", "3 of 3 pods ready"),
    "deployment-not-observed": ("progressing", "waiting for the controller to take it up"),
    "deployment-image-missing": ("broken", "container web: image r/web:2-missing not found"),
    "deployment-quota-refused": ("progressing", "0 of 2 new pods ready"),
    "deployment-deadline-exceeded": ("broken", "no progress for 1 s (ProgressDeadlineExceeded)"),
    "deployment-undo-of-a-timed-out-one": ("progressing", "waiting for the controller to take it up"),
    "deployment-undone": ("done", "2 of 2 pods ready"),
    "deployment-paused": ("paused", "nothing rolls out until somebody resumes it"),
    "deployment-scaled-while-paused": ("done", "4 of 4 pods ready"),
    "deployment-scaled-during-a-rollout": ("progressing", "of 4 new pods ready"),
    "deployment-superseded": ("superseded", "it asks for web r/web:3 now"),
    "deployment-without-replicas": ("done", "no pods, as wanted"),
    "deployment-two-replica-sets-of-one-template": ("done", "2 of 2 pods ready"),
    "stateful-set-half-way": ("progressing", "of 3 new pods ready"),
    "stateful-set-partition": ("done", "1 of 3 pods is new and ready, 2 kept by the partition"),
    "stateful-set-on-delete": ("done", "2 of 2 pods change when they are deleted (OnDelete)"),
    "stateful-set-stuck-old-pod": ("progressing", "0 of 2 new pods ready"),
    "daemon-set-rolling": ("progressing", "of 3 new pods ready"),
    "daemon-set-on-delete": ("done", "3 of 3 pods change when they are deleted (OnDelete)"),
    "daemon-set-cordoned-node": ("done", "3 of 3 pods ready"),
}

MINUTES = 300.0


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return found


def judge(name: str, later: float = 0.0, ahead: float = 0.0, **changed: Any) -> Verdict:
    """``later`` (seconds) than it was recorded; ``ahead``: of the write's time, for a clock that went wrong in between."""
    found = recorded(name) | changed
    written = Written(**found["written"])
    written = replace(written, at=written.at + ahead)
    around = Circumstances.of(found["events"], Patience())
    now = found["now"] + later + ahead
    return verdict(found["workload"], found["children"], found["pods"], written, now, around=around)


def test_every_recording_is_judged_and_names_where_it_comes_from():
    names = {file.stem for file in RECORDINGS.glob("*.json")}
    assert names == set(VERDICTS) == set(STATES)
    for name in names:
        found = recorded(name)
        assert found["recorded_by"] == "tests/golden"
        assert found["control_plane"].startswith("v1.")


@pytest.mark.parametrize("name", VERDICTS)
def test_its_verdict(name):
    outcome, said = VERDICTS[name]
    found = judge(name)
    assert found.outcome == outcome
    assert said in found.sentence


@pytest.mark.parametrize("name", [name for name, (outcome, _) in VERDICTS.items() if outcome == "done"])
def test_success_is_found_by_who_comes_late(name):
    """A rollout that had succeeded before we looked, however long ago."""
    assert judge(name, later=86_400).outcome == "done"


@pytest.mark.parametrize("name", VERDICTS)
def test_an_object_older_than_our_write_proves_nothing(name):
    found = recorded(name)
    written = {**found["written"], "generation": found["workload"]["metadata"]["generation"] + 1}
    assert judge(name, written=written).outcome == "progressing"


PROVEN_BY_THEN = {"deployment-quota-refused"}
ON_ITS_WAY = {name for name, (outcome, _) in VERDICTS.items() if outcome == "progressing"}


@pytest.mark.parametrize("name", sorted(ON_ITS_WAY - PROVEN_BY_THEN))
def test_what_is_on_its_way_is_stuck_when_nothing_has_moved(name):
    found = judge(name, later=MINUTES)
    assert found.outcome == "stuck"
    assert "nothing has moved for " in found.sentence


def test_pods_that_are_refused_are_borne_for_a_while():
    assert "pods cannot be created: quota small leaves no room" in judge("deployment-quota-refused").warnings[0]
    assert judge("deployment-quota-refused", later=60).outcome == "broken"


def test_the_stuck_old_pod_is_named():
    assert judge("stateful-set-stuck-old-pod").warnings == (
        "pod db-1 of an earlier revision is broken and blocks the rollout until it is deleted",
    )


@pytest.mark.parametrize("ahead", [-MINUTES, MINUTES])
@pytest.mark.parametrize(
    "name", ["deployment-done", "deployment-rolling", "deployment-undone", "stateful-set-half-way"]
)
def test_clocks_five_minutes_apart(name, ahead):
    assert judge(name, ahead=ahead).outcome in {VERDICTS[name][0], "stuck"}
    assert judge(name, ahead=ahead).outcome != "broken"


def test_a_pod_evicted_during_a_good_rollout():
    pods = recorded("deployment-rolling")["pods"]
    newest = max(pods, key=lambda pod: pod["metadata"]["creationTimestamp"])
    newest["status"] = {**newest["status"], "phase": "Failed", "reason": "Evicted"}
    found = judge("deployment-rolling", pods=pods)
    assert found.outcome == "progressing"
    assert found.warnings == ()
