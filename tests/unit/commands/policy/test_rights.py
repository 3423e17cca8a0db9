"""Who may run what where. Each refusal names the rule that would allow it."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from commands import transitions
from commands.errors import MembershipUnknown, NotAllowed
from commands.operation import Ending, State
from commands.policy import Scope, authorise, environments_visible, may_cancel, may_see, verbs_allowed
from tests.unit.commands.policy.building import (
    FRESH,
    NOW,
    acting,
    aged,
    awaiting,
    config,
    membership,
    requested,
    who,
    with_approvals,
    without,
)

VERBS = ("deploy", "scale", "status", "logs")

KEEPER = "whoever keeps quarterdeck.yaml"
NO_GUESTS = ' ("*" is no guest, no bot and nobody from outside this workspace)'
REFUSED = [
    ("U0ANN", "deploy", "prod", f"`deploy` in prod needs the role sre or dba, which you do not hold. Ask <@U0SAM>, <@U0ROBIN> or <@U0BOT>, or {KEEPER}."),
    ("U0GUEST", "logs", "prod", f"`logs` in prod needs the role developer, which you do not hold{NO_GUESTS}. Ask {KEEPER}."),
    ("U0FAR", "status", "staging", f"`status` in staging needs the role developer, which you do not hold{NO_GUESTS}. Ask {KEEPER}."),
    ("U0ANN", "scale", None, f"`scale` needs the role sre or dba, which you do not hold. Ask <@U0SAM>, <@U0ROBIN> or <@U0BOT>, or {KEEPER}."),
    ("U0SAM", "scale", "staging", f"No rule lets anyone run `scale` in staging. Ask {KEEPER} to add one under permissions."),
    ("U0SAM", "restart", "prod", f"No rule lets anyone run `restart` in prod. Ask {KEEPER} to add one under permissions."),
    ("U0SAM", "status", "production", "quarterdeck.yaml has no such environment (any more). There are: staging, prod."),
    ("U0SAM", "status", "test", "quarterdeck.yaml has no such environment (any more). There are: staging, prod."),
]  # fmt: skip
ALLOWED = [
    ("U0ANN", "status", "prod"), ("U0ANN", "logs", "staging"), ("U0ANN", "deploy", "staging"), ("U0ANN", "status", None),
    ("U0BOT", "deploy", "staging"), ("U0SAM", "deploy", "prod"), ("U0OLGA", "scale", "prod"), ("U0DANA", "scale", "prod"),
    ("U0DANA", "scale", None),
]  # fmt: skip


@pytest.mark.parametrize(("user", "verb", "environment"), ALLOWED)
def test_what_a_rule_allows(user: str, verb: str, environment: str | None) -> None:
    authorise(config(), membership(), who(user), Scope(verb, environment), **FRESH)


@pytest.mark.parametrize(("user", "verb", "environment", "sentence"), REFUSED)
def test_what_no_rule_allows(user: str, verb: str, environment: str | None, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=f"^{re.escape(sentence)}$"):
        authorise(config(), membership(), who(user), Scope(verb, environment), **FRESH)


def test_without_rules_nobody_may_do_anything() -> None:
    with pytest.raises(NotAllowed, match="No rule lets anyone"):
        authorise(config(permissions=()), membership(), who("U0SAM"), Scope("status", "prod"), **FRESH)


def test_a_star_allows_every_command_everywhere() -> None:
    everything = ({"roles": ("sre",), "commands": ("*",), "environments": ("*",)},)
    authorise(config(permissions=everything), membership(), who("U0SAM"), Scope("rollback", "prod"), **FRESH)


def test_people_who_left_are_not_named_as_those_to_ask() -> None:
    roles = {"sre": {"members": ("U0GONE", "S0ONCALL")}}
    permissions = ({"roles": ("sre",), "commands": ("deploy",), "environments": ("prod",)},)
    with pytest.raises(NotAllowed, match=r"Ask <@U0OLGA> or <@U0SAM>, or whoever"):
        authorise(
            config(roles=roles, permissions=permissions), membership(), who("U0ANN"), Scope("deploy", "prod"), **FRESH
        )


UNREAD = [
    ("U0ROBIN", ["S0ONCALL"], None),
    ("U0ROBIN", ["U0ROBIN"], {"U0ROBIN"}),
    ("U0OLGA", ["S0ONCALL"], {"S0ONCALL"}),
    ("U0DANA", ["S0ONCALL"], None),
    ("U0ANN", ["U0ANN"], "refused"),
    ("U0NEW", [], "refused"),
]


@pytest.mark.parametrize(("user", "unread", "wanted"), UNREAD)
def test_only_facts_that_the_answer_depends_on_are_asked_for(
    user: str, unread: list[str], wanted: set[str] | str | None
) -> None:
    known = without(membership(), *unread)
    if wanted is None:
        authorise(config(), known, who(user), Scope("scale", "prod"), **FRESH)
    elif isinstance(wanted, str):
        with pytest.raises(NotAllowed):
            authorise(config(), known, who(user), Scope("scale", "prod"), **FRESH)
    else:
        with pytest.raises(MembershipUnknown) as unknown:
            authorise(config(), known, who(user), Scope("scale", "prod"), **FRESH)
        assert unknown.value.wanted == wanted


def test_old_facts_allow_nothing() -> None:
    with pytest.raises(MembershipUnknown):
        authorise(config(), aged(membership(), 61), who("U0SAM"), Scope("deploy", "prod"), **FRESH)


def test_nobody_whose_roles_are_unread_is_told_that_they_do_not_hold_one() -> None:
    """What is allowed elsewhere only is refused here without knowing them; whether they hold a role is not said."""
    rules = ({"roles": ("sre",), "commands": ("deploy",), "environments": ("prod",), "channels": ("C0OPS",)},)
    judged, here = config(permissions=rules), Scope("deploy", "prod", "web", {}, "C0DEPLOYS", exact=True)
    sentence = "No rule lets anyone run `deploy` of web in prod: the rules allow it only in <#C0OPS>."
    with pytest.raises(NotAllowed, match=f"^{re.escape(sentence)}"):
        authorise(judged, without(membership(), "S0ONCALL"), who("U0OLGA"), here, **FRESH)


@pytest.mark.parametrize(
    ("user", "environment", "verbs"),
    [
        ("U0ANN", None, {"deploy", "status", "logs"}),
        ("U0ANN", "prod", {"status", "logs"}),
        ("U0DANA", "prod", {"deploy", "scale", "status", "logs"}),
        ("U0BOT", "staging", {"deploy"}),
        ("U0GUEST", None, set()),
        ("U0ANN", "nowhere", set()),
    ],
)
def test_help_shows_only_what_the_person_may_run(user: str, environment: str | None, verbs: set[str]) -> None:
    found = verbs_allowed(config(), membership(), who(user), VERBS, environment=environment, **FRESH)
    assert found == verbs


@pytest.mark.parametrize(
    ("user", "verb", "names"),
    [
        ("U0ANN", None, ("staging", "prod")),
        ("U0ANN", "deploy", ("staging",)),
        ("U0DANA", "scale", ("prod",)),
        ("U0BOT", "status", ()),
        ("U0GUEST", None, ()),
    ],
)
def test_environments_that_a_person_sees(user: str, verb: str | None, names: tuple[str, ...]) -> None:
    assert environments_visible(config(), membership(), who(user), verb=verb, **FRESH) == names


@pytest.mark.parametrize(
    ("user", "sees"),
    [("U0GUEST", False), ("U0FAR", False), ("U0GONE", False), ("U0ANN", True), ("U0DANA", True), ("U0BOT", True)],
)
def test_who_sees_an_operation(user: str, sees: bool) -> None:
    assert may_see(config(), membership(), who(user), awaiting("U0SAM"), **FRESH) is sees


def test_a_requester_sees_what_they_asked_for_even_if_nothing_is_known() -> None:
    assert may_see(config(), without(membership(), "U0DANA"), who("U0DANA"), awaiting("U0DANA"), **FRESH)


@pytest.mark.parametrize("approvals", [None, {"required": 1, "approvers": ("dba",)}])
def test_approvers_of_then_and_of_now_see_it_without_any_right_of_their_own(
    approvals: dict[str, object] | None,
) -> None:
    rules = with_approvals(approvals, permissions=())
    assert may_see(rules, membership(), who("U0ROBIN"), awaiting("U0SAM"), **FRESH)
    assert may_see(rules, membership(), who("U0DANA"), awaiting("U0SAM"), **FRESH) is (approvals is not None)


def test_where_no_approval_was_asked_nobody_sees_it_as_an_approver() -> None:
    rules = with_approvals(None, permissions=())
    assert not may_see(rules, membership(), who("U0ROBIN"), requested("U0DANA"), **FRESH)


def test_an_operation_of_a_vanished_environment_is_its_requesters_alone() -> None:
    operation = requested("U0DANA", "test")
    assert may_see(config(), membership(), who("U0DANA"), operation, **FRESH)
    assert not may_see(config(), membership(), who("U0SAM"), operation, **FRESH)


@pytest.mark.parametrize("user", ["U0DANA", "U0SAM", "U0OLGA"])
def test_the_requester_cancels_and_whoever_may_run_the_command(user: str) -> None:
    may_cancel(config(), membership(), awaiting("U0DANA"), who(user), **FRESH)


def test_a_requester_who_lost_the_right_still_calls_off_what_they_asked_for() -> None:
    may_cancel(config(), membership(), awaiting("U0ANN"), who("U0ANN"), **FRESH)


def test_others_do_not_cancel() -> None:
    with pytest.raises(NotAllowed, match="`deploy` in prod needs the role sre or dba"):
        may_cancel(config(), membership(), awaiting("U0DANA"), who("U0ANN"), **FRESH)


ALLOWED: dict[str, Any] = {"roles": ("dba",), "commands": ("*",), "environments": ("prod",)}
MONEY = {"labels": {"tier": "money"}}


@pytest.mark.parametrize(
    ("rules", "labels", "may"),
    [
        ([ALLOWED], {"tier": "money"}, True),
        ([ALLOWED, {**ALLOWED, **MONEY, "deny": True}], {"tier": "money"}, False),
        ([ALLOWED, {**ALLOWED, **MONEY, "deny": True}], {"tier": "web"}, True),
        ([ALLOWED, {**ALLOWED, **MONEY, "deny": True}], None, True),
        ([{**ALLOWED, **MONEY}], {"tier": "money"}, True),
        ([{**ALLOWED, **MONEY}], {"tier": "web"}, False),
        ([{**ALLOWED, **MONEY}], None, True),
        ([{**ALLOWED, **MONEY, "channels": ("C0OPS",)}], {"tier": "money"}, True),
    ],
)
def test_rules_about_labels_judge_what_is_seen_and_cancelled_by_the_labels_of_its_plan(
    rules: list[dict[str, Any]], labels: dict[str, str] | None, may: bool
) -> None:
    """Without a plan, or with one that an earlier version made, they are not known: a worker has judged by them."""
    operation = awaiting("U0SAM")
    assert operation.plan
    operation = replace(operation, plan=replace(operation.plan, labels=labels))
    judged = config(permissions=tuple(rules))
    assert may_see(judged, membership(), who("U0DANA"), operation, **FRESH) is may
    with nullcontext() if may else pytest.raises(NotAllowed, match="`deploy` of web in prod"):
        may_cancel(judged, membership(), operation, who("U0DANA"), **FRESH)


def test_what_is_being_written_or_over_cannot_be_cancelled() -> None:
    operation = acting("U0SAM", "U0ROBIN")
    with pytest.raises(NotAllowed, match=r"was approved by <@U0SAM> and <@U0ROBIN> and is running \(acting\)"):
        may_cancel(config(), membership(), operation, who("U0DANA"), **FRESH)
    failed = transitions.fail(operation, Ending("broken"), NOW).after
    assert failed.state is State.FAILED
    with pytest.raises(NotAllowed, match="and has failed"):
        may_cancel(config(), membership(), failed, who("U0DANA"), **FRESH)
