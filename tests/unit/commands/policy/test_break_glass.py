"""Who may break the glass, and who may acknowledge that somebody did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.config import BreakGlass
from commands.errors import MembershipUnknown, NotAllowed
from commands.notices import reviewing
from commands.notices.notice import Notice
from commands.policy import check_acknowledges, check_break_glass
from tests.unit.commands.policy.building import FRESH, NOW, config, membership, plan, requested, who, without

RULE = {"roles": ("sre",), "channel": "C0ALARMS", "reviewers": ("dba",), "review_within": "24h"}
CONFIG = config(break_glass=RULE)
NO_REASON: dict[str, Any] = {"workload": "web", "break-glass": True}


def said(by: str = "U0SAM", arguments: dict[str, Any] | None = None):
    return replace(requested(by).invocation, arguments=arguments or {**NO_REASON, "reason": "the shop is down."})


def notice() -> Notice:
    operation = replace(requested("U0SAM"), invocation=said())
    return reviewing.opened(BreakGlass.model_validate(RULE), operation, plan(), NOW)


def test_who_holds_the_role_may():
    check_break_glass(CONFIG, membership(), said(), **FRESH)


def test_what_breaks_none_is_not_judged():
    check_break_glass(config(), membership(), requested("U0ANN").invocation, **FRESH)


@pytest.mark.parametrize(
    ("invocation", "rules", "told"),
    [
        (said("U0ANN"), CONFIG, "Break-glass needs the role sre, which <@U0ANN> does not hold. Ask <@U0SAM>"),
        (said("U0GONE"), CONFIG, "Break-glass needs the role sre"),
        (said(arguments=NO_REASON), CONFIG, "No reason, no break-glass"),
        (said(arguments={**NO_REASON, "reason": " "}), CONFIG, "No reason, no break-glass"),
        (said(), config(), "quarterdeck.yaml has no break_glass"),
    ],
    ids=["no role", "deactivated", "no reason", "a blank one", "no rule"],
)  # fmt: skip
def test_nobody_else_may(invocation: Any, rules: Any, told: str):
    with pytest.raises(NotAllowed, match=told):
        check_break_glass(rules, membership(), invocation, **FRESH)


def test_who_is_not_known_may_not_yet():
    with pytest.raises(MembershipUnknown):
        check_break_glass(CONFIG, without(membership(), "U0SAM"), said(), **FRESH)


def test_somebody_else_of_the_reviewers_acknowledges_once():
    check_acknowledges(CONFIG, membership(), notice(), who("U0DANA"), **FRESH)
    done = reviewing.acknowledge(notice(), "U0DANA", NOW).after
    with pytest.raises(NotAllowed, match="<@U0DANA> has acknowledged op-7k3f already"):
        check_acknowledges(CONFIG, membership(), done, who("U0DANA"), **FRESH)


@pytest.mark.parametrize(("person", "told"), [("U0SAM", "yourself"), ("U0ROBIN", "needs the role dba")])
def test_the_requester_and_who_holds_no_such_role_do_not(person: str, told: str):
    with pytest.raises(NotAllowed, match=told):
        check_acknowledges(config(break_glass={**RULE, "reviewers": ("sre", "dba")} if person == "U0SAM" else RULE),
                           membership(), notice(), who(person), **FRESH)  # fmt: skip


def test_without_reviewers_those_who_may_break_it_look_at_each_other_s():
    alone = {key: value for key, value in RULE.items() if key != "reviewers"}
    assert BreakGlass.model_validate(alone).acknowledged_by == ("sre",)


def test_an_overdue_one_can_still_be_acknowledged():
    late = reviewing.overdue(notice(), NOW + 86_400).after
    check_acknowledges(CONFIG, membership(), late, who("U0DANA"), **FRESH)
