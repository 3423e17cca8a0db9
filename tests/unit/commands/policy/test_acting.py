"""The permit: given only when everything holds at that moment. U0DANA asks, prod wants two of sre."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from commands import canonical
from commands.config import Config
from commands.demand import Demand
from commands.errors import MembershipUnknown, NotAllowed
from commands.invocation import Person
from commands.membership import Membership
from commands.operation import (
    Operation,
    State,
)
from commands.policy import Circumstances, Permit, permit
from commands.policy.acting import FRESH as LIFETIME
from tests.unit.commands.policy.building import (
    ASKED,
    FRESH,
    NOW,
    SECTIONS,
    acting,
    aged,
    config,
    facts,
    membership,
    plan,
    who,
    with_approvals,
    without,
)

APPROVED = acting("U0SAM", "U0ROBIN")


def test_an_approved_operation_gets_its_permit() -> None:
    granted = permit(config(), membership(), APPROVED, {}, Circumstances(), now=NOW)
    assert (granted.operation, granted.plan, granted.at) == (APPROVED, APPROVED.plan, NOW)


def test_a_record_that_went_through_redis_gets_its_permit() -> None:
    again = canonical.load(canonical.dump(APPROVED), Operation)
    assert permit(config(), membership(), again, {}, Circumstances(), now=NOW).plan.digest == plan().digest


def test_where_nothing_is_asked_no_approval_is_needed() -> None:
    operation = replace(APPROVED, demand=None, votes=())
    assert permit(with_approvals(None), membership(), operation, {}, Circumstances(), now=NOW)


def test_a_worker_refuses_a_membership_older_than_a_minute() -> None:
    assert LIFETIME == 60
    assert permit(config(), aged(membership(), 60), APPROVED, {}, Circumstances(), now=NOW)
    with pytest.raises(MembershipUnknown):
        permit(config(), aged(membership(), 61), APPROVED, {}, Circumstances(), now=NOW)


def test_nobody_else_can_make_a_permit() -> None:
    granted = permit(config(), membership(), APPROVED, {}, Circumstances(), now=NOW)
    with pytest.raises(TypeError, match="made nowhere else"):
        Permit(APPROVED, plan(), NOW, object())
    with pytest.raises(TypeError):
        Permit(APPROVED, plan(), NOW)  # type: ignore[call-arg]
    with pytest.raises((TypeError, ValueError)):
        replace(granted, plan=plan("evil:1"))  # type: ignore[call-arg]
    with pytest.raises(FrozenInstanceError):
        granted.plan = plan("evil:1")  # type: ignore[misc]
    with pytest.raises(Exception, match=r"."):
        canonical.load(canonical.dump({"operation": {}, "plan": {}, "at": 1}), Permit)
    assert copy.copy(granted) == granted


def moved(**changes: Any) -> Operation:
    return replace(APPROVED, **changes)


def edited_plan(**changes: Any) -> Operation:
    assert APPROVED.plan
    return moved(plan=replace(APPROVED.plan, **changes))


def reinvoked(**changes: Any) -> Operation:
    return moved(invocation=replace(APPROVED.invocation, **changes))


def relocated(namespace: str) -> Config:
    environments = SECTIONS["environments"]
    return config(environments=environments | {"prod": environments["prod"] | {"namespace": namespace}})


ONE = {"required": 1, "approvers": ("sre",)}
VOTES = APPROVED.votes
REFUSED: list[tuple[str, Config, Operation, Membership, str]] = [
    ("not acting yet", config(), moved(state=State.QUEUED), membership(), "op-7k3f is queued, so there is nothing to carry out"),
    ("awaiting", config(), moved(state=State.AWAITING), membership(), "op-7k3f is awaiting approval"),
    ("over", config(), moved(state=State.SUCCEEDED), membership(), "op-7k3f is succeeded"),
    ("no plan", config(), moved(plan=None), membership(), "there is nothing to carry out"),
    ("the plan edited in Redis", config(), edited_plan(promise=plan("evil:1").promise), membership(), "its digest does not match"),
    ("the verb edited", config(), edited_plan(promise=replace(plan().promise, verb="scale")), membership(), "its digest does not match"),
    ("plan and digest edited, the votes not", config(), moved(plan=plan("evil:1")), membership(), "has 0 of the 2 approvals"),
    ("the invocation's verb edited", config(), reinvoked(verb="scale"), membership(), "not for what was asked"),
    ("another target claimed", config(), moved(target=plan(namespace="x").promise.ref), membership(), "not for what was asked"),
    ("the environment edited to one that asks less", config(), moved(environment="staging"), membership(), "staging is now main/staging in quarterdeck.yaml, but op-7k3f was planned for main/prod"),
    ("the environment moved", relocated("prod2"), APPROVED, membership(), "prod is now main/prod2"),
    ("the environment gone", config(), moved(environment="test"), membership(), "test is no longer an environment"),
    ("the requester lost the right", config(permissions=SECTIONS["permissions"][:2]), APPROVED, membership(), "<@U0DANA> may not run `deploy` in prod any more: no rule allows it to anyone"),
    ("the requester lost the role", config(roles=SECTIONS["roles"] | {"dba": {"members": ("U0ANN",)}}), APPROVED, membership(), "any more: it needs the role sre or dba"),
    ("the requester deactivated", config(), APPROVED, membership([facts("U0DANA", deleted=True), facts("U0SAM"), facts("U0ROBIN")]), "<@U0DANA> may not run"),
    ("the requester edited", config(), reinvoked(person=Person("U0ANN", "T0HOME")), membership(), "<@U0ANN> may not run"),
    ("no approvals", config(), moved(votes=()), membership(), "op-7k3f has 0 of the 2 approvals that prod asks for, from the role sre. Ask for it anew."),
    ("one of two", config(), moved(votes=VOTES[:1]), membership(), "has 1 of the 2"),
    ("one person twice", config(), moved(votes=(VOTES[0], VOTES[0])), membership(), "has 1 of the 2"),
    ("votes pending", config(), moved(votes=tuple(replace(v, counted=False) for v in VOTES)), membership(), "has 0 of the 2"),
    ("votes for another digest", config(), moved(votes=tuple(replace(v, digest="x") for v in VOTES)), membership(), "has 0 of the 2"),
    ("a no among the votes", config(), moved(votes=(VOTES[0], replace(VOTES[1], no="stop"))), membership(), "has 1 of the 2"),
    ("votes after the time", config(), moved(votes=tuple(replace(v, at=NOW + 1800) for v in VOTES)), membership(), "has 0 of the 2"),
    ("the requester's own vote", config(), reinvoked(person=who("U0SAM")), membership(), "has 1 of the 2"),
    ("a forged vote of a stranger", config(), moved(votes=(VOTES[0], replace(VOTES[1], person="U0ANN"))), membership(), "1 of the 2 approvals that prod asks for, from the role sre (<@U0ANN> approved it, but does not hold that role)"),
    ("an approver removed", config(roles=SECTIONS["roles"] | {"sre": {"members": ("S0ONCALL",)}}), APPROVED, membership(), "<@U0ROBIN> approved it, but does not hold that role"),
    ("both removed", config(roles=SECTIONS["roles"] | {"sre": {"members": ("S0ONCALL",)}}), APPROVED, membership(oncall=[]), "<@U0SAM> and <@U0ROBIN> approved it, but do not hold that role"),
    ("an approver deactivated", config(), APPROVED, membership([facts("U0SAM", deleted=True), facts("U0ROBIN"), facts("U0DANA")]), "<@U0SAM> approved it, but does not"),
    ("more asked now", with_approvals({"required": 3, "approvers": ("sre",)}), APPROVED, membership(), "has 2 of the 3"),
    ("others asked now", with_approvals({"required": 1, "approvers": ("dba",)}), APPROVED, membership(), "has 0 of the 1 approval that prod asks for, from the role dba"),
    ("the demand erased in Redis", config(), moved(demand=None, votes=()), membership(), "has 0 of the 2"),
    ("the demand lowered in Redis", config(), moved(demand=replace(ASKED, required=0), votes=()), membership(), "has 0 of the 2"),
    ("fewer asked now than then", with_approvals(ONE), moved(votes=VOTES[:1]), membership(), "has 1 of the 2"),
    ("nothing asked now, then it was", with_approvals(None), moved(votes=()), membership(), "has 0 of the 2"),
    ("asked now, then it was not", config(), moved(demand=None, votes=VOTES[:1]), membership(), "has 1 of the 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "operation", "known", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_no_permit(rules: Config, operation: Operation, known: Membership, sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        permit(rules, known, operation, {}, Circumstances(), now=NOW)
    assert sentence in str(refused.value)


def test_a_spare_approval_covers_one_that_fell() -> None:
    three = replace(APPROVED, votes=(*VOTES, replace(VOTES[0], person="U0OLGA")))
    roles = SECTIONS["roles"] | {"sre": {"members": ("U0SAM", "S0ONCALL")}}
    assert permit(config(roles=roles), membership(), three, {}, Circumstances(), now=NOW)


@pytest.mark.parametrize(("then", "now", "given"), [(True, True, True), (True, False, False), (False, True, False)])
def test_ones_own_vote_counts_only_where_it_did_then_and_does_now(then: bool, now: bool, given: bool) -> None:
    rules = with_approvals(ONE | {"self_approval": now})
    own = replace(acting("U0SAM", by="U0SAM", asked=Demand(1, ("sre",), NOW + 60, self_approval=True)))
    own = replace(own, demand=Demand(1, ("sre",), NOW + 60, then))
    if given:
        assert permit(rules, membership(), own, {}, Circumstances(), now=NOW)
    else:
        with pytest.raises(NotAllowed, match="has 0 of the 1"):
            permit(rules, membership(), own, {}, Circumstances(), now=NOW)


UNREAD = [
    ("the requester", without(membership(), "U0DANA"), {"U0DANA"}),
    ("an approver", without(membership(), "U0ROBIN"), {"U0ROBIN"}),
    ("all of them, too old", aged(membership(), 61), {"U0DANA", "S0ONCALL"}),
]


@pytest.mark.parametrize(("known", "wanted"), [row[1:] for row in UNREAD], ids=[row[0] for row in UNREAD])
def test_what_is_not_known_gives_no_permit(known: Membership, wanted: set[str]) -> None:
    with pytest.raises(MembershipUnknown) as unknown:
        permit(config(), known, APPROVED, {}, Circumstances(), **FRESH)
    assert unknown.value.wanted >= wanted - {"S0ONCALL"}


def test_what_is_not_known_does_not_hide_a_certain_no() -> None:
    alone = moved(votes=VOTES[:1])
    with pytest.raises(NotAllowed, match="has 0 of the 2"):
        permit(config(), without(membership(), "U0SAM"), alone, {}, Circumstances(), **FRESH)


def test_only_people_who_surely_lost_the_role_are_named() -> None:
    three = moved(demand=replace(ASKED, required=3), votes=(*VOTES, replace(VOTES[0], person="U0ANN")))
    with pytest.raises(NotAllowed, match=r"has 1 of the 3 .* \(<@U0ANN> approved it, but does not hold that role\)"):
        permit(config(), without(membership(), "U0ROBIN"), three, {}, Circumstances(), **FRESH)


def test_a_group_that_is_not_needed_is_not_asked_for() -> None:
    assert permit(config(), without(membership(), "S0ONCALL"), APPROVED, {}, Circumstances(), **FRESH)
