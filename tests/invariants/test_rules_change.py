"""What was asked and approved under old rules is checked under the new ones, when it is planned and when it acts."""

from __future__ import annotations

from typing import Any

import pytest

from commands.operation import State
from tests.invariants.deck import Deck


def denied(deck: Deck) -> dict[str, Any]:
    rules = deck.written()["permissions"]
    no = {"roles": ["developer"], "commands": ["deploy"], "environments": ["prod"], "deny": True}
    return {"permissions": [*rules, no]}


def elsewhere(deck: Deck) -> dict[str, Any]:
    """Sam is no SRE any more."""
    roles = deck.written()["roles"]
    return {"roles": {**roles, "sre": {"members": [deck.oncall.id]}}}


def more(deck: Deck) -> dict[str, Any]:
    environments = deck.written()["environments"]
    asked = {**environments["prod"]["approvals"], "required": 2}
    return {"environments": {**environments, "prod": {**environments["prod"], "approvals": asked}}}


@pytest.mark.parametrize("change", [denied, elsewhere, more], ids=lambda change: change.__name__)
def test_what_was_approved_under_old_rules_does_not_act_against_the_new(deck: Deck, change: Any):
    id = deck.approved()
    deck.now_in_force(**change(deck))
    ended = deck.act(id)
    assert deck.cluster.writes == []
    assert ended.state is State.FAILED
    assert ended.ending
    assert "Nothing was changed" in ended.ending.sentence


def test_what_was_asked_under_old_rules_is_not_planned_against_the_new(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to staging")
    no = {"roles": ["developer"], "commands": ["deploy"], "environments": ["staging"], "deny": True}
    deck.now_in_force(permissions=[*denied(deck)["permissions"], no])
    assert deck.plan(id).state is State.REJECTED


def test_a_click_is_judged_by_the_rules_of_its_moment(deck: Deck):
    id = deck.awaiting()
    deck.now_in_force(**elsewhere(deck))
    deck.press(deck.sam, "Approve")
    deck.count()
    assert deck.load(id).state is State.AWAITING


def test_rules_that_ask_for_more_by_the_last_yes_have_it_planned_anew_by_them(deck: Deck):
    """And not queued, only to fail: who pressed and the message say what is asked for now."""
    id = deck.awaiting()
    deck.now_in_force(**more(deck))
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.told(deck.sam, f"Since {id} was planned, the rules have come to ask for more approvals: 2 from the role sre.")
    op = deck.load(id)
    assert (op.state, op.votes) == (State.PLANNING, ())
    assert ("plan", id) in [(name.rpartition(".")[2], job) for name, job in deck.jobs()]
    deck.publish()
    assert "`approvals`: `1 from the role sre` → `2 from the role sre`" in deck.message().plain()
    assert "approvals given before are void" in deck.workspace.thread(deck.channel, deck.message())[-1].plain()
    assert deck.plan(id).state is State.AWAITING
    deck.publish()
    for person in (deck.sam, deck.robin):
        deck.press(person, "Approve")
        deck.count()
    assert deck.act(id).state is State.OBSERVING


@pytest.mark.parametrize("asked", [{"required": 1}, {"required": 1, "each": {"dba": 1}}], ids=["less", "given already"])
def test_rules_that_ask_for_no_more_than_is_given_leave_it_as_it_is(deck: Deck, asked: dict[str, Any]):
    """Sam is SRE and DBA."""
    id = deck.awaiting("/deploy web 1.4.2 to vault")
    environments = deck.written()["environments"]
    asked = {"approvers": ["sre"], "expires": "30m", **asked}
    deck.now_in_force(environments={**environments, "vault": {**environments["vault"], "approvals": asked}})
    for person in (deck.robin, deck.sam):
        deck.press(person, "Approve")
        deck.count()
    assert deck.load(id).state is State.QUEUED


def test_an_environment_that_is_gone_ends_what_was_under_way_in_it(deck: Deck):
    id = deck.approved()
    environments = deck.written()["environments"]
    deck.now_in_force(environments={name: e for name, e in environments.items() if name != "prod"}, permissions=[])
    assert deck.act(id).state is State.FAILED
    assert deck.cluster.writes == []


def test_a_yes_where_the_environment_went_from_the_file_is_struck_out_and_told(deck: Deck):
    id = deck.awaiting()
    deck.press(deck.sam, "Approve")
    without = {name: settings for name, settings in deck.written()["environments"].items() if name != "prod"}
    everywhere = [{"roles": ["developer"], "commands": ["deploy"], "environments": ["*"]}]
    deck.now_in_force(environments=without, permissions=everywhere)
    deck.count()
    assert deck.load(id).votes == ()
    assert deck.told(deck.sam, "There is no environment prod")
