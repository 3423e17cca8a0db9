"""What follows by itself where a change breaks: only what its plan promised, with the evidence first, and once. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands import transitions as t
from commands.canonical import dump, load
from commands.draft import Failing, WayBack
from commands.errors import ImpossibleTransition
from commands.operation import Diagnosis, Ending, Freed, Operation, Origin, State, Written
from tests.unit.commands.policy.building import NOW, acting, promising

WHY = Ending("Container app: image web:2 not found.", diagnosis=Diagnosis("image web:2 not found"))
WROTE = Written(2, "a" * 64, None, NOW)
BACK = Written(3, "b" * 64, None, NOW + 9)


def observing(failing: Failing | None = None) -> Operation:
    return promising(t.wrote(acting("U0SAM", "U0ROBIN"), WROTE, NOW).after, failing)


def going_back() -> Operation:
    op = observing()
    assert op.plan
    way = WayBack("revision 6 (web:1)", NOW - 60)
    return t.breaks(replace(op, plan=replace(op.plan, way_back=way)), WHY, NOW + 5).after


def test_what_is_promised_begins_with_the_evidence_kept_and_the_target_claimed():
    move = t.breaks(observing(), WHY, NOW + 5)
    assert (move.after.state, move.after.broken, move.after.ending) == (State.ROLLING_BACK, WHY, None)
    assert move.claim == "main/prod/Deployment/web"
    assert move.due == NOW + 10
    assert move.hold is None


@pytest.mark.parametrize("failing", [None, Failing()], ids=["it is left to people", "it is only held"])
def test_what_is_not_promised_does_not(failing: Failing | None):
    op = t.wrote(acting("U0SAM", "U0ROBIN"), WROTE, NOW).after
    assert t.breaks(promising(op, failing) if failing else op, WHY, NOW + 5).after.state is State.FAILED


def test_nothing_goes_back_that_was_not_written():
    assert t.fail(promising(acting("U0SAM", "U0ROBIN")), WHY, NOW).after.state is State.FAILED
    with pytest.raises(ImpossibleTransition):
        t.undid(promising(acting("U0SAM", "U0ROBIN")), BACK, NOW)


@pytest.mark.parametrize(
    "without",
    [
        {"votes": ()},
        {"origin": Origin("op-2222", "rollback")},
        {"origin": Origin("op-3333", "retry", undoes="op-2222")},
    ],
    ids=["the approvals", "being a change: a Roll back", "being a change: a Retry of a Roll back"],
)
def test_nothing_goes_back_without(without: dict[str, Any]):
    with pytest.raises(ImpossibleTransition):
        t.breaks(replace(observing(), **without), WHY, NOW + 5)


def test_a_rollback_never_goes_back():
    op = observing()
    with pytest.raises(ImpossibleTransition):
        t.breaks(replace(op, invocation=replace(op.invocation, verb="rollback")), WHY, NOW + 5)


def test_it_goes_back_once():
    op = t.undid(going_back(), BACK, NOW + 9).after
    assert (op.followed, op.since) == (BACK, NOW + 9)
    with pytest.raises(ImpossibleTransition):
        t.undid(op, replace(BACK, generation=4), NOW + 10)


def test_where_it_went_is_said_with_why():
    done = t.succeed(t.undid(going_back(), BACK, NOW + 9).after, "3 of 3 pods ready.", NOW + 20)
    assert done.after.state is State.ROLLED_BACK
    assert done.after.ending == Ending(
        "Container app: image web:2 not found. It went back to revision 6 (web:1): 3 of 3 pods ready."
    )
    assert done.release == "main/prod/Deployment/web"


def test_what_cannot_go_back_says_both_and_keeps_both_diagnoses():
    why = Ending("No node has room.", diagnosis=Diagnosis("no node has room"))
    failed = t.breaks(t.undid(going_back(), BACK, NOW + 9).after, why, NOW + 20).after
    assert failed.state is State.ROLLBACK_FAILED
    assert failed.ending
    assert failed.ending.sentence == (
        "Container app: image web:2 not found. Going back to revision 6 (web:1) failed. No node has room."
    )
    assert (failed.broken, failed.ending.diagnosis) == (WHY, why.diagnosis)


def test_what_somebody_changed_meanwhile_is_left_to_them_and_not_held():
    over = t.supersede(going_back(), "The field manager kubectl changed the pod template meanwhile.", NOW + 8)
    assert over.after.state is State.SUPERSEDED
    assert over.after.ending
    assert over.after.ending.sentence.startswith("Container app: image web:2 not found. It was changed again. ")
    assert over.hold is None


def test_the_target_is_held_after_it_and_where_only_that_is_promised():
    ends = [
        t.succeed(t.undid(going_back(), BACK, NOW + 9).after, "Ready.", NOW + 20),
        t.fail(going_back(), Ending("It is gone."), NOW + 20),
        t.breaks(observing(Failing()), WHY, NOW + 20),
    ]
    for move in ends:
        assert move.hold
        assert (move.hold.target, move.hold.until) == ("prod/Deployment/web", None)
        assert move.hold.operation == "op-7k3f"
        assert "Container app: image web:2 not found." in move.hold.reason
        assert move.entry["held"]


def test_what_ended_well_or_was_not_written_is_not_held():
    assert t.succeed(observing(Failing()), "Ready.", NOW).hold is None
    assert t.fail(promising(acting("U0SAM", "U0ROBIN"), Failing()), WHY, NOW).hold is None
    assert t.cancel(observing(Failing()), "U0SAM", "enough", NOW).hold is None


def test_what_was_deleted_on_the_way_is_in_the_record_and_the_audit():
    move = t.frees(going_back(), Freed("db-2", "uid-db-2"), NOW + 9)
    assert move.after.freed == (Freed("db-2", "uid-db-2"),)
    assert (move.entry["event"], move.entry["detail"]) == ("pod deleted", "db-2")
    kept = t.frees(move.after, Freed("db-2", "uid-db-2", "I may not."), NOW + 10)
    assert kept.after.freed == (Freed("db-2", "uid-db-2", "I may not."),)
    assert (kept.entry["event"], kept.entry["detail"]) == ("pod kept", "db-2: I may not.")


def test_a_record_of_before_is_read():
    """Before plans said what follows, and operations kept what was undone."""
    said = load(dump(going_back()), dict)
    for name in ("broken", "undone", "freed", "settled"):
        del said[name]
    for name in ("failing", "frees"):
        del said["plan"]["promise"][name]
    del said["plan"]["way_back"]
    said["state"] = "observing"
    found = load(dump(said), Operation)
    assert found.plan
    assert (found.plan.promise.failing, found.broken, found.freed) == (None, None, ())
