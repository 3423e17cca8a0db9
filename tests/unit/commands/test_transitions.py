"""The life of an operation: no path skips approval, nothing leaves a final state, and each move says what it writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import transitions as t
from commands.canonical import dump
from commands.demand import Demand, Vote
from commands.draft import Draft, Edit, Failing, FieldChange, Patch, Plan, Ref
from commands.errors import ImpossibleTransition
from commands.invocation import Invocation, Person, Place
from commands.operation import (
    FINAL,
    Ending,
    Operation,
    State,
    Written,
)

DEV = Person("U0DEV", "T0")


BACK = Failing(template="b" * 64)


def plan(image: str = "web:2", failing: Failing | None = None) -> Plan:
    ref = Ref("main", "prod", "Deployment", "web", "uid-1")
    edits = (Edit("/spec/template/spec/containers/0/image", "web:1", image),)
    draft = Draft("web 1 → 2", {"images": {"web": image}}, Patch(ref, edits), "template-1", failing=failing)
    return Plan.of("deploy", draft, 1.0)


def requested() -> Operation:
    invocation = Invocation("deploy", {"workload": "web"}, "prod", DEV, Place("C0"), "/deploy web 2 to prod", 1.0)
    return t.request("op-2345", invocation, "prod", 1.0).after


def awaiting(required: int = 1) -> Operation:
    return t.planned(requested(), plan(), Demand(required, ("sre",), 100.0), 2.0).after


def moves(op: Operation, person: str, at: float):
    """Every move that could be tried now, as thunks: those the table forbids raise."""
    vote = Vote(person, op.plan.digest if op.plan else "", at)
    stale = Vote(person, "another digest", at)
    yield lambda: t.planned(op, plan(), Demand(2, ("sre",), 100.0), at)
    yield lambda: t.planned(op, plan("web:4", BACK), Demand(1, ("sre",), 100.0), at)
    yield lambda: t.planned(op, plan("web:3"), None, at) if op.demand is None else t.act(op, at)
    yield lambda: t.vote(op, vote)
    yield lambda: t.vote(op, stale)
    for cast in op.votes:
        yield lambda cast=cast: t.count(op, cast, at)
        yield lambda cast=cast: t.discount(op, cast, "no", at)
    yield lambda: t.act(op, at)
    yield lambda: t.wrote(op, Written(2, "template-2", None, at), at)
    yield lambda: t.drifted(op, (), at)
    yield lambda: t.succeed(op, "done", at)
    yield lambda: t.fail(op, Ending("broken"), at)
    yield lambda: t.breaks(op, Ending("broken"), at)
    yield lambda: t.undid(op, Written(3, "template-1", None, at), at)
    yield lambda: t.expire(op, at)
    yield lambda: t.cancel(op, person, "no", at)
    yield lambda: t.reject(op, "no", at)
    yield lambda: t.supersede(op, "no", at)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["U1", "U2", "U3"])), max_size=25))
def test_whatever_is_tried_nothing_acts_without_the_approvals_its_plan_asks_for(steps):
    op = requested()
    for at, (choice, person) in enumerate(steps, start=3):
        choices = list(moves(op, person, float(at)))
        try:
            move = choices[choice % len(choices)]()
        except ImpossibleTransition:
            continue
        op = move.after
        if op.state in {State.QUEUED, State.ACTING, State.OBSERVING, State.ROLLING_BACK}:
            assert op.plan is not None
            if op.demand:
                people = {v.person for v in op.votes if v.counted and v.digest == op.plan.digest}
                assert len(people) >= op.demand.required


@pytest.mark.parametrize("state", sorted(FINAL, key=lambda s: s.value))
def test_nothing_leaves_a_final_state(state: State):
    over = replace(requested(), state=state, plan=plan())
    for move in moves(over, "U1", 9.0):
        with pytest.raises(ImpossibleTransition):
            move()


def test_one_of_two_approvals_is_not_enough_and_one_person_counts_once():
    op = awaiting(required=2)
    for at in (3.0, 4.0):
        cast = Vote("U1", op.plan.digest, at)
        op = t.count(t.vote(op, cast).after, cast, at).after
    assert op.state is State.AWAITING
    cast = Vote("U2", op.plan.digest, 5.0)
    assert t.count(t.vote(op, cast).after, cast, 5.0).after.state is State.QUEUED


def test_a_pending_vote_does_not_count():
    assert not t.vote(awaiting(), Vote("U1", plan().digest, 3.0)).after.approved


def test_drift_voids_the_approvals_and_plans_anew():
    op = awaiting(required=2)
    cast = Vote("U1", op.plan.digest, 3.0)
    after = t.drifted(t.count(t.vote(op, cast).after, cast, 3.0).after, (), 4.0).after
    assert (after.state, after.votes, after.plan, after.round) == (State.PLANNING, (), None, 2)


def test_a_target_that_drifts_without_end_does_not_make_the_record_grow():
    """The first drift and the latest are kept, with the round that each ended, and how many there were."""
    op, sizes = awaiting(), []
    for at in range(3, 103):
        gone = t.drifted(op, (FieldChange("containers[web].image", "web:1", f"web:{at}"),), float(at)).after
        op = t.planned(gone, plan(), Demand(1, ("sre",), 1000.0), float(at)).after
        sizes.append(len(dump(op)))
    assert op.times_drifted == 100
    assert [drift.round for drift in op.drifts] == [1, 97, 98, 99, 100]
    assert [drift.changes[0].new for drift in op.drifts] == ["web:3", "web:99", "web:100", "web:101", "web:102"]
    assert (op.moments[0].state, op.moments[0].at) == (State.PLANNING, 1.0)
    assert [moment.at for moment in op.moments[-2:]] == [102.0, 102.0]
    assert sizes[-1] < sizes[19] * 1.1


def test_a_no_ends_it_with_its_reason():
    op = awaiting()
    cast = Vote("U1", op.plan.digest, 3.0, no="not on a Friday")
    after = t.count(t.vote(op, cast).after, cast, 3.0).after
    assert (after.state, after.ending) == (State.DENIED, Ending("not on a Friday", by="U1"))


def test_the_claim_is_held_from_queued_to_the_end_and_awaiting_does_not_claim():
    waits = t.planned(requested(), plan(), Demand(1, ("sre",), 100.0), 2.0)
    queued = t.planned(requested(), plan(), None, 2.0)
    acting = t.act(queued.after, 3.0)
    observing = t.wrote(acting.after, Written(2, "t", None, 3.5), 3.5)
    ended = t.succeed(observing.after, "done", 4.0)
    assert waits.claim is None
    assert [m.claim for m in (queued, acting, observing, ended)] == ["main/prod/Deployment/web"] * 3 + [None]
    assert [m.release for m in (queued, acting, observing, ended)] == [None] * 3 + ["main/prod/Deployment/web"]


def test_whatever_is_not_final_is_due_again():
    assert t.request("op-2345", requested().invocation, "prod", 1.0).due == 6.0
    waits = t.planned(requested(), plan(), Demand(1, ("sre",), 100.0), 2.0)
    assert waits.due == 51.0
    assert t.remind(waits.after, 51.0).due == 100.0
    assert t.reject(requested(), "no", 2.0).due is None
