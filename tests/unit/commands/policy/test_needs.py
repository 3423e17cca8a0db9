"""What rules ask for, by what a change is like; and several groups that each must say yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from commands import transitions
from commands.config import Config
from commands.demand import Demand, Need
from commands.draft import Exposure
from commands.errors import MembershipUnknown, NotAllowed
from commands.objects import image_of
from commands.operation import (
    Operation,
    State,
)
from commands.policy import Circumstances, demand, may_count, permit
from commands.policy.registries import in_full, is_from
from tests.unit.commands.policy.building import (
    FRESH,
    NOW,
    SECTIONS,
    acting,
    awaiting,
    counted,
    membership,
    voted,
    with_approvals,
    without,
)

BASE = {"required": 1, "approvers": ("sre",)}
SAFE = Exposure(pods=4, at_once=25, images=("registry.example/web:2",), budgets=("web",))
EACH = Demand(1, ("sre",), NOW + 1800, also=(Need(1, ("dba",)),))


def ruled(*rules: dict[str, Any], **base: Any) -> Config:
    return with_approvals({**(base or BASE), "rules": rules})


def asked(rules: Config, exposure: Exposure | None, verb: str = "deploy") -> list[tuple[int, tuple[str, ...]]]:
    found = demand(rules, "prod", NOW, verb, exposure)
    return [(need.required, need.roles) for need in found.needs] if found else []


CASES = [
    ({"to_zero": True}, replace(SAFE, to_zero=True), "no replica would be left"),
    ({"to_zero": False}, SAFE, "some replicas would be left"),
    ({"more_than": "24%"}, SAFE, "25 % of the pods at once"),
    ({"registries_outside": ("registry.example/team", "docker.io")}, SAFE, "registry.example/web:2 comes from elsewhere"),
    ({"no_disruption_budget": True}, replace(SAFE, budgets=()), "no PodDisruptionBudget covers it"),
    ({"no_disruption_budget": False}, SAFE, "a PodDisruptionBudget covers it"),
    ({"one_replica": True}, replace(SAFE, pods=1), "it has 1 replica"),
    ({"one_replica": True}, replace(SAFE, pods=0), "it has 0 replicas"),
    ({"one_replica": False}, SAFE, "it has 4 replicas"),
    ({"to_zero": False, "one_replica": False}, SAFE, "some replicas would be left; it has 4 replicas"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "exposure", "why"), CASES)
def test_a_rule_asks_for_more_where_a_change_is_as_it_says_and_says_why(
    when: dict[str, Any], exposure: Exposure, why: str
):
    found = demand(ruled({"when": when, "required": 2}), "prod", NOW, "deploy", exposure)
    assert found
    assert found.needs == (Need(2, ("sre",), (f"approvals.rules[0]: {found.because[0].partition(': ')[2]}",)),)
    assert why in found.because[0]


@pytest.mark.parametrize("when", [
    {"to_zero": True}, {"more_than": "25%"}, {"registries_outside": ("registry.example",)}, {"no_disruption_budget": True},
    {"one_replica": True}, {"one_replica": False, "to_zero": True},
])  # fmt: skip
def test_a_rule_asks_for_nothing_where_a_change_is_not_as_it_says(when: dict[str, Any]):
    assert asked(ruled({"when": when, "required": 2}), SAFE) == [(1, ("sre",))]


@pytest.mark.parametrize("when", [
    {"to_zero": True}, {"to_zero": False}, {"more_than": "100%"}, {"registries_outside": ("docker.io",)},
    {"no_disruption_budget": True}, {"no_disruption_budget": False}, {"one_replica": True}, {"one_replica": False},
])  # fmt: skip
def test_what_is_not_known_is_as_risky_as_can_be(when: dict[str, Any]):
    assert asked(ruled({"when": when, "required": 2}), None) == [(2, ("sre",))]


@pytest.mark.parametrize("when", [{"more_than": "99%"}, {"no_disruption_budget": True}, {"one_replica": True}])
def test_a_fact_that_could_not_be_read_is_as_risky_as_can_be(when: dict[str, Any]):
    unread = replace(SAFE, at_once=None, budgets=None, pods=None)
    assert asked(ruled({"when": when, "required": 2}), unread) == [(2, ("sre",))]


@pytest.mark.parametrize(("at", "more"), [
    ("2026-11-27T14:59:00+00:00", False),
    ("2026-11-27T15:00:00+00:00", True),
    ("2026-11-28T06:59:00+00:00", True),
    ("2026-11-28T07:00:00+00:00", False),
    ("2026-07-31T14:00:00+00:00", True),
])  # fmt: skip
def test_a_rule_for_friday_evening_goes_by_the_clock_on_the_wall(at: str, more: bool):
    """From four in the afternoon to eight the next morning in Berlin, in winter and in summer."""
    when = {"weekly": ({"days": ("fri",), "from": "16:00", "to": "08:00"},), "timezone": "Europe/Berlin"}
    rules = ruled({"when": when, "required": 2})
    found = demand(rules, "prod", datetime.fromisoformat(at).timestamp(), "deploy", SAFE)
    assert found
    assert found.required == (2 if more else 1)
    assert (found.because == ("approvals.rules[0]: it is in the rule's hours",)) is more


def test_of_one_group_the_largest_number_counts_and_groups_add_up():
    rules = ruled(
        {"required": 3}, {"required": 2}, {"each": {"dba": 1, "sre": 2}}, {"required": 1, "approvers": ("dba",)}
    )
    assert asked(rules, SAFE) == [(3, ("sre",)), (1, ("dba",))]


def test_rules_for_the_same_number_are_both_named_and_none_where_it_is_asked_anyway():
    found = demand(ruled({"each": {"dba": 1}}, {"each": {"dba": 1}}, {"required": 1}), "prod", NOW, "deploy", SAFE)
    assert found
    assert found.because == ()
    assert found.also[0].because == ("approvals.rules[0]: it is a deploy", "approvals.rules[1]: it is a deploy")


def test_a_rule_for_some_commands_asks_nothing_of_others():
    rules = with_approvals({"rules": ({"commands": ("deploy",), "each": {"sre": 1}},)})
    assert asked(rules, SAFE) == [(1, ("sre",))]
    assert demand(rules, "prod", NOW, "scale", SAFE) is None


def each(*approvers: str) -> Operation:
    return acting(*approvers, asked=EACH)


GROUPS = with_approvals(
    {"each": {"sre": 1, "dba": 1}}, roles={**SECTIONS["roles"], "dba": {"members": ("U0SAM", "U0ANN", "U0DANA")}}
)


def given(operation: Operation, *people: str) -> Operation:
    """Each has voted and was counted for the roles that they hold."""
    for person in people:
        operation = voted(operation, person)
        roles = may_count(GROUPS, membership(), operation, person, **FRESH)
        operation = transitions.count(operation, operation.votes[-1], NOW, roles).after
    return operation


@pytest.mark.parametrize(("people", "state"), [
    (("U0SAM",), State.AWAITING),
    (("U0ROBIN", "U0OLGA"), State.AWAITING),
    (("U0ROBIN", "U0ANN"), State.QUEUED),
    (("U0SAM", "U0ROBIN"), State.QUEUED),
    (("U0ROBIN", "U0SAM"), State.QUEUED),
    (("U0SAM", "U0ANN"), State.QUEUED),
])  # fmt: skip
def test_each_group_says_yes_by_somebody_else(people: tuple[str, ...], state: State):
    """Sam is in both, robin and olga in sre, ann in dba."""
    assert given(awaiting(asked=EACH), *people).state is state


def test_who_is_in_two_groups_counts_once_also_when_acting():
    forged = each("U0SAM", "U0ROBIN")
    twice = replace(forged, votes=(forged.votes[0], replace(forged.votes[0], at=NOW - 1)))
    with pytest.raises(NotAllowed, match=r"has 1 of the 2 .* 1 of 1 from the role sre and 0 of 1 from the role dba"):
        permit(GROUPS, membership(), twice, {}, Circumstances(), now=NOW)


@pytest.mark.parametrize("people", [("U0SAM", "U0ROBIN"), ("U0ROBIN", "U0ANN")])
def test_a_permit_is_given_where_each_group_has_said_yes(people: tuple[str, ...]):
    assert permit(GROUPS, membership(), each(*people), {}, Circumstances(), now=NOW)


def test_a_permit_needs_each_group_by_who_is_in_them_now():
    with pytest.raises(NotAllowed, match="1 of the 2"):
        permit(GROUPS, membership(), each("U0ROBIN", "U0OLGA"), {}, Circumstances(), now=NOW)
    with pytest.raises(MembershipUnknown):
        permit(GROUPS, without(membership(), "S0ONCALL"), each("U0ANN", "U0OLGA"), {}, Circumstances(), now=NOW)


def test_what_is_at_stake_now_is_asked_too_when_acting():
    rules = ruled({"when": {"no_disruption_budget": True}, "required": 2})
    operation = acting("U0SAM", asked=Demand(1, ("sre",), NOW + 1800))
    assert operation.plan
    operation = replace(operation, plan=replace(operation.plan, exposure=SAFE))
    assert permit(rules, membership(), operation, {}, Circumstances(), now=NOW)
    assert permit(rules, membership(), operation, {}, Circumstances(), now=NOW, exposure=SAFE)
    with pytest.raises(
        NotAllowed, match=r"has 1 of the 2 .* \(as approvals.rules\[0\]: no PodDisruptionBudget covers it\)"
    ):
        permit(rules, membership(), operation, {}, Circumstances(), now=NOW, exposure=replace(SAFE, budgets=()))


@pytest.mark.parametrize(("image", "whole"), [
    ("web:1", "docker.io/library/web"), ("team/web", "docker.io/team/web"), ("index.docker.io/team/web", "docker.io/team/web"),
    ("localhost/web", "localhost/web"), ("localhost:5000/web:1", "localhost:5000/web"), ("r.example/web@sha256:0", "r.example/web"),
])  # fmt: skip
def test_an_image_lies_where_container_runtimes_look_for_it(image: str, whole: str):
    assert in_full(image_of(image).repository) == whole


@pytest.mark.parametrize(("registry", "inside"), [
    ("registry.example", True), ("registry.example/team", True), ("registry.example/te", False), ("example", False),
    ("registry.example/team/web", False),
])  # fmt: skip
def test_a_registry_is_a_beginning_of_whole_parts(registry: str, inside: bool):
    assert is_from("registry.example/team/web:1", [registry]) is inside


def test_who_is_on_call_now_holds_the_role_and_is_asked_first():
    roles = {**SECTIONS["roles"], "sre": {"members": ("U0ROBIN",), "on_call": "S0ONCALL"}}
    rules = with_approvals(BASE, roles=roles)
    operation = awaiting(asked=Demand(1, ("sre",), NOW + 1800))
    for person in ("U0ROBIN", "U0OLGA"):
        may_count(rules, membership(), voted(operation, person), person, **FRESH)
    with pytest.raises(
        NotAllowed, match=r"needs the role sre, which you do not hold. Ask <@U0OLGA>, <@U0SAM> or <@U0ROBIN>"
    ):
        may_count(rules, membership(), voted(operation, "U0ANN"), "U0ANN", **FRESH)
    with pytest.raises(NotAllowed):
        may_count(rules, membership(oncall=()), voted(operation, "U0OLGA"), "U0OLGA", **FRESH)
    assert rules.group_ids == {"S0ONCALL"}


def test_a_counted_vote_is_read_from_redis_as_it_was():
    operation = counted(awaiting(asked=EACH), "U0SAM")
    assert operation.given == (("U0SAM",), ())
