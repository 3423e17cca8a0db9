"""Approve and Deny: each refusal its own private sentence. U0DANA asks, prod wants two of sre."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from commands import transitions
from commands.demand import Demand, Vote
from commands.errors import MembershipUnknown, NotAllowed, NotFound
from commands.operation import (
    Drift,
    Ending,
    Operation,
    State,
    Written,
)
from commands.policy import demand, may_approve, may_count, may_deny
from tests.unit.commands.policy.building import (
    ASKED,
    FRESH,
    NOW,
    acting,
    aged,
    awaiting,
    config,
    counted,
    denied,
    facts,
    membership,
    plan,
    promising,
    requested,
    voted,
    who,
    with_approvals,
    without,
)

DIGEST = plan().digest
AGAIN = "Ask for it anew if it is still wanted."


def approve(operation: Operation, user: str, digest: str = DIGEST, rules: object = None, known: object = None) -> None:
    may_approve(
        rules or config(), known or membership(), operation, who(user), digest=digest, **FRESH,  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_environment_asks_for_what_its_configuration_says() -> None:
    assert demand(config(), "prod", NOW) == Demand(2, ("sre",), NOW + 1800, self_approval=False)
    assert demand(config(), "staging", NOW) is None
    with pytest.raises(NotFound):
        demand(config(), "production", NOW)


@pytest.mark.parametrize("user", ["U0SAM", "U0ROBIN", "U0OLGA"])
def test_who_holds_the_role_may_approve(user: str) -> None:
    approve(awaiting(), user)


def test_a_second_person_may_approve_after_the_first() -> None:
    approve(counted(awaiting(), "U0SAM"), "U0ROBIN")


OBSERVED = transitions.wrote(acting("U0SAM", "U0ROBIN"), Written(1, "t", 3, NOW), NOW).after
GOING_BACK = transitions.breaks(promising(OBSERVED), Ending("broken"), NOW).after
DRIFTED = transitions.drifted(awaiting(), (), NOW).after
ENDED = [
    ("denied", denied(awaiting(), "U0ROBIN"), f"op-7k3f was denied by <@U0ROBIN>: nothing was changed. {AGAIN}"),
    ("expired", transitions.expire(awaiting(), NOW).after, f"op-7k3f expired before enough people had approved it: nothing was changed. {AGAIN}"),
    ("cancelled", transitions.cancel(awaiting(), "U0DANA", "enough", NOW).after, f"op-7k3f was cancelled by <@U0DANA>: nothing was changed. {AGAIN}"),
    ("cancelled late", transitions.cancel(OBSERVED, "U0DANA", "enough", NOW).after, f"op-7k3f was cancelled by <@U0DANA>: its change had been made already. {AGAIN}"),
    ("queued", counted(awaiting(), "U0SAM", "U0ROBIN"), "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and is running (queued). Its message follows it."),
    ("acting", acting("U0SAM", "U0ROBIN"), "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and is running (acting). Its message follows it."),
    ("observing", OBSERVED, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and is running (observing). Its message follows it."),
    ("succeeded", transitions.succeed(OBSERVED, "done", NOW).after, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and has succeeded. Its message tells the rest."),
    ("failed", transitions.fail(OBSERVED, Ending("broken"), NOW).after, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and has failed. Its message tells the rest."),
    ("superseded", transitions.supersede(OBSERVED, "other", NOW).after, f"op-7k3f was superseded: somebody else changed its target meanwhile. {AGAIN}"),
    ("rolling back", GOING_BACK, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and is running (rolling back). Its message follows it."),
    ("rolled back", transitions.succeed(GOING_BACK, "done", NOW).after, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and broke: rolled back. Its message tells the rest."),
    ("rollback failed", transitions.fail(GOING_BACK, Ending("no"), NOW).after, "op-7k3f was approved by <@U0SAM> and <@U0ROBIN> and broke: rollback failed. Its message tells the rest."),
    ("rejected", transitions.reject(requested(), "nothing to change", NOW).after, f"op-7k3f was rejected when it was planned: nothing was changed. {AGAIN}"),
    ("planning", requested(), "op-7k3f is still being planned. Its message will tell whether it needs approval."),
    ("planning again", DRIFTED, "op-7k3f is being planned again, for what it was planned on has changed. Its message will ask again."),
    ("no approval asked", transitions.planned(requested(), plan(), None, NOW).after, "op-7k3f needed no approval and is running (queued). Its message follows it."),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "sentence"), [row[1:] for row in ENDED], ids=[row[0] for row in ENDED])
def test_too_late_or_too_early_tells_how_it_stands(operation: Operation, sentence: str) -> None:
    for answer in (may_approve, may_deny):
        with pytest.raises(NotAllowed, match=f"^{re.escape(sentence)}$"):
            answer(config(), membership(), operation, who("U0SAM"), digest=DIGEST, **FRESH)


def test_every_state_has_its_sentence() -> None:
    states = {operation.state for _, operation, _ in ENDED}
    assert states == set(State) - {State.AWAITING}


@pytest.mark.parametrize(("later", "open_"), [(1799.0, True), (1800.0, False), (1801.0, False)])
def test_the_time_runs_out_even_before_the_record_says_so(later: float, open_: bool) -> None:
    known = aged(membership(), -later)
    for answer in (may_approve, may_deny):
        if open_:
            answer(config(), known, awaiting(), who("U0SAM"), digest=DIGEST, now=NOW + later, max_age=60.0)
        else:
            with pytest.raises(NotAllowed, match=r"^op-7k3f expired before enough people"):
                answer(config(), known, awaiting(), who("U0SAM"), digest=DIGEST, now=NOW + later, max_age=60.0)


def test_another_plan_than_the_one_shown() -> None:
    for answer in (may_approve, may_deny):
        with pytest.raises(NotAllowed, match=r"^The plan of op-7k3f has changed since that message was shown"):
            answer(config(), membership(), awaiting(), who("U0SAM"), digest=plan("web:1.4.3").digest, **FRESH)


@pytest.mark.parametrize("lost", ["plan", "demand"])
def test_a_record_without_its_plan_or_its_demand_takes_no_answer(lost: str) -> None:
    broken: dict[str, Any] = {lost: None}
    with pytest.raises(NotAllowed, match=r"^op-7k3f is waiting for approval"):
        approve(replace(awaiting(), **broken), "U0SAM")


def test_a_role_that_left_the_configuration_is_nobodys() -> None:
    with pytest.raises(NotAllowed, match=r"needs the role oldies, which you do not hold\. Ask whoever keeps"):
        approve(awaiting(asked=Demand(1, ("oldies",), NOW + 60)), "U0SAM")


def test_the_requester_does_not_approve() -> None:
    sentence = (
        "You asked for op-7k3f yourself, and prod wants somebody else's approval. Ask somebody who holds the role sre."
    )
    with pytest.raises(NotAllowed, match=f"^{re.escape(sentence)}$"):
        approve(awaiting("U0SAM"), "U0SAM")


@pytest.mark.parametrize(("then", "now", "allowed"), [(True, True, True), (True, False, False), (False, True, False)])
def test_self_approval_must_have_been_allowed_then_and_still_be(then: bool, now: bool, allowed: bool) -> None:
    rules = with_approvals({"required": 1, "approvers": ("sre",), "self_approval": now})
    operation = awaiting("U0SAM", Demand(1, ("sre",), NOW + 60, then))
    if allowed:
        approve(operation, "U0SAM", rules=rules)
    else:
        with pytest.raises(NotAllowed, match=r"^You asked for op-7k3f yourself"):
            approve(operation, "U0SAM", rules=rules)


def test_who_presses_again_while_the_first_yes_is_being_counted_is_told_that() -> None:
    with pytest.raises(
        NotAllowed, match=r"^Your approval of op-7k3f is being counted already; its message will tell\.$"
    ):
        approve(voted(awaiting(), "U0SAM"), "U0SAM")


def test_nobody_approves_twice() -> None:
    with pytest.raises(
        NotAllowed, match=r"^You have approved op-7k3f already; one person counts once\. It has 1 of 2\.$"
    ):
        approve(counted(awaiting(), "U0SAM"), "U0SAM")


def test_a_vote_for_an_older_plan_is_no_vote_for_this_one() -> None:
    old = replace(voted(awaiting(), "U0SAM").votes[0], digest="older")
    approve(replace(awaiting(), votes=(old,)), "U0SAM")


@pytest.mark.parametrize("user", ["U0ANN", "U0GUEST", "U0GONE", "U0FAR", "U0NEW"])
def test_who_does_not_hold_the_role(user: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        approve(awaiting(), user)
    assert str(refused.value) == (
        "Approving op-7k3f in prod needs the role sre, which you do not hold. Ask <@U0SAM>, <@U0ROBIN> or <@U0BOT>."
    )


@pytest.mark.parametrize("user", ["U0DANA", "U0SAM"])
def test_rules_that_changed_while_it_waited_must_both_be_satisfied(user: str) -> None:
    rules = with_approvals({"required": 2, "approvers": ("dba",)})
    with pytest.raises(NotAllowed, match="needs the role"):
        approve(awaiting("U0OLGA"), user, rules=rules)


def test_rules_that_ask_for_nothing_any_more_leave_what_was_asked() -> None:
    approve(awaiting(), "U0SAM", rules=with_approvals(None))
    with pytest.raises(NotAllowed):
        approve(awaiting(), "U0ANN", rules=with_approvals(None))


def test_the_role_is_judged_last_so_that_an_unread_person_can_leave_a_pending_vote() -> None:
    with pytest.raises(MembershipUnknown):
        approve(awaiting(), "U0SAM", known=without(membership(), "U0SAM"))
    with pytest.raises(NotAllowed, match="already"):
        approve(voted(awaiting(), "U0SAM"), "U0SAM", known=without(membership(), "U0SAM"))


@pytest.mark.parametrize("user", ["U0SAM", "U0OLGA"])
def test_approvers_deny_also_after_they_approved(user: str) -> None:
    may_deny(config(), membership(), counted(awaiting(), "U0SAM"), who(user), digest=DIGEST, **FRESH)


def test_a_pending_no_is_no_yes() -> None:
    no = Vote("U0SAM", DIGEST, NOW, no="not on a Friday")
    operation = transitions.vote(awaiting(), no).after
    approve(operation, "U0SAM")
    with pytest.raises(NotAllowed, match="has no vote"):
        count(operation, "U0SAM")


def test_others_do_not_deny() -> None:
    with pytest.raises(NotAllowed, match=r"^Denying op-7k3f in prod needs the role sre, which you do not hold"):
        may_deny(config(), membership(), awaiting(), who("U0ANN"), digest=DIGEST, **FRESH)


def count(operation: Operation, user: str, known: object = None, now: float = NOW) -> None:
    may_count(config(), known or membership(), operation, user, now=now, max_age=60.0)  # type: ignore[arg-type]


def test_a_pending_vote_counts_once_the_membership_is_read() -> None:
    count(voted(awaiting(), "U0SAM"), "U0SAM")


def test_a_vote_of_any_full_member_counts_where_everyone_may_approve() -> None:
    rules = with_approvals({"required": 1, "approvers": ("developer",)})
    operation = voted(awaiting(asked=Demand(1, ("developer",), NOW + 60)), "U0ANN")
    may_count(rules, membership(), operation, "U0ANN", **FRESH)


def test_somebody_elses_pending_vote_is_not_mine_to_count() -> None:
    with pytest.raises(NotAllowed, match=r"^<@U0SAM> has no vote"):
        count(voted(awaiting(), "U0ROBIN"), "U0SAM")


def test_a_vote_given_in_time_counts_though_the_reading_took_longer() -> None:
    later = NOW + 1801
    count(voted(awaiting(), "U0SAM", at=NOW + 1799), "U0SAM", aged(membership(), -1801), later)
    with pytest.raises(NotAllowed, match="expired"):
        count(voted(awaiting(), "U0SAM", at=NOW + 1800), "U0SAM", aged(membership(), -1801), later)


def test_a_vote_of_somebody_removed_a_second_ago_does_not_count() -> None:
    with pytest.raises(NotAllowed, match=r"^Approving op-7k3f in prod needs the role sre"):
        count(voted(awaiting(), "U0OLGA"), "U0OLGA", membership(oncall=["U0SAM"]))


def test_a_vote_of_somebody_not_read_yet_stays_pending() -> None:
    with pytest.raises(MembershipUnknown):
        count(voted(awaiting(), "U0OLGA"), "U0OLGA", aged(membership(), 61))


@pytest.mark.parametrize("operation", [awaiting(), counted(awaiting(), "U0SAM")], ids=["none", "counted"])
def test_there_must_be_a_vote_to_count(operation: Operation) -> None:
    with pytest.raises(NotAllowed, match=r"^<@U0SAM> has no vote on op-7k3f that is still to be counted"):
        count(operation, "U0SAM")


def test_a_forged_vote_of_the_requester_or_for_another_plan_does_not_count() -> None:
    with pytest.raises(NotAllowed, match=r"^You asked for op-7k3f yourself"):
        count(voted(awaiting("U0SAM"), "U0SAM"), "U0SAM")
    stale = voted(awaiting(), "U0SAM")
    stale = replace(stale, votes=tuple(replace(v, digest="other") for v in stale.votes))
    with pytest.raises(NotAllowed, match="has changed since"):
        count(stale, "U0SAM")


def test_facts_used_here_are_what_they_seem() -> None:
    assert DRIFTED.drifts == (Drift((), NOW, 1),)
    assert ASKED.required == 2
    assert facts("U0SAM").team == "T0HOME"
