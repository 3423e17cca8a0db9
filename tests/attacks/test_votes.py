"""People who try to make their say count for more than it is, and many at the same instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.views.actions import Click, read
from commands.operation import State
from playground.workspace import User
from tests.invariants.deck import Deck

BOTH = {"each": {"sre": 1, "dba": 1}}


def test_who_is_in_two_groups_does_not_count_twice(deck: Deck):
    deck.ask_for(**BOTH)
    id = deck.awaiting()
    assert deck.message().plain().count("0 of 1") == 2
    for _ in range(2):
        deck.press(deck.sam, "Approve")
        deck.count()
        deck.publish()
        assert deck.load(id).state is State.AWAITING
    assert "1 of 2 approvals" in deck.message().plain()
    deck.press(deck.robin, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED
    assert deck.load(id).given == ((deck.robin.id,), (deck.sam.id,)), "sam made room: only sam is in both"
    assert deck.act(id).state is State.OBSERVING


def test_two_of_one_group_are_not_one_of_each(deck: Deck):
    """Robin is an SRE alone, and so is the guest, who is put on call."""
    deck.ask_for(**BOTH)
    deck.oncall.members = [deck.robin.id, deck.guest.id]
    deck.know()
    id = deck.awaiting()
    for person in (deck.robin, deck.guest):
        deck.press(person, "Approve")
        deck.count()
    assert deck.load(id).state is State.AWAITING


def test_an_approver_who_left_one_of_the_groups_a_second_ago_does_not_count_when_acting(deck: Deck):
    deck.ask_for(**BOTH)
    id = deck.awaiting()
    for person in (deck.robin, deck.sam):
        deck.press(person, "Approve")
        deck.count()
    assert deck.load(id).state is State.QUEUED
    deck.oncall.members = []
    deck.know()
    failed = deck.act(id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert failed.ending
    assert "has 1 of the 2 approvals" in failed.ending.sentence


def test_a_risk_asks_for_more_and_is_judged_again_before_the_write(deck: Deck):
    """There was a budget when it was approved; then somebody takes it away."""
    deck.cluster.put(budget())
    deck.ask_for(required=1, approvers=("sre",), rules=({"when": {"no_disruption_budget": True}, "each": {"dba": 1}},))
    id = deck.awaiting()
    deck.press(deck.robin, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED
    del deck.cluster._objects["PodDisruptionBudget", "prod", "calm"]
    failed = deck.act(id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert failed.ending
    assert "no PodDisruptionBudget covers it" in failed.ending.sentence


def budget() -> dict[str, Any]:
    selector = {"matchLabels": {"app": "web"}}
    return {
        "kind": "PodDisruptionBudget", "metadata": {"name": "calm", "namespace": "prod"}, "spec": {"selector": selector},
    }  # fmt: skip


def test_the_message_says_which_rule_asks_for_what(deck: Deck):
    deck.ask_for(required=1, approvers=("sre",), rules=({"when": {"to_zero": True}, "each": {"dba": 1}},))
    deck.awaiting("/scale web 0 in prod")
    shown = deck.message().plain()
    assert "sre: 0 of 1" in shown
    assert "dba: 0 of 1 · asked for by approvals.rules[0]: no replica would be left" in shown


def test_two_people_at_the_same_instant_with_one_vote_needed_are_one_act(deck: Deck):
    id = deck.awaiting()
    shown = deck.message()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person: deck.press(person, "Approve", shown), (deck.sam, deck.robin)))
    deck.count()
    assert deck.load(id).state is State.QUEUED
    for _ in range(len(deck.jobs()) + 1):
        deck.act(id)
    assert len(deck.cluster.writes) == 1


def test_fifty_people_at_once_are_each_counted_once_and_the_group_is_read_once(deck: Deck):
    crowd = [deck.workspace.add_user(f"p{number}") for number in range(50)]
    deck.channel.members |= {person.id for person in crowd}
    deck.oncall.members = [person.id for person in crowd]
    deck.know()
    deck.ask_for(required=20, approvers=("sre",))
    id = deck.awaiting()
    shown, before = deck.message(), len(deck.workspace.calls("usergroups.users.list"))
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(lambda person: deck.press(person, "Approve", shown), crowd))
    deck.count()
    op = deck.load(id)
    assert op.state is State.QUEUED
    assert len({vote.person for vote in op.approvals}) == len(op.approvals) == 20
    assert len(deck.workspace.calls("usergroups.users.list")) == before + 1
    assert deck.act(id).state is State.OBSERVING
    assert len(deck.cluster.writes) == 1


def pressed_with(deck: Deck, person: User, click: Click) -> None:
    """What Slack would send for a button whose value somebody has edited."""
    shown = deck.message()
    button = next(each for each in shown.buttons() if each.text == "Approve")
    genuine, button.element["value"] = button.value, click.value
    try:
        deck.press(person, "Approve", shown)
    finally:
        button.element["value"] = genuine


def test_a_press_with_another_operations_id_does_not_approve_it(deck: Deck):
    other = deck.awaiting("/scale web 5 in prod")
    id = deck.awaiting()
    seen = read(next(each for each in deck.message().buttons() if each.text == "Approve").value)
    pressed_with(deck, deck.sam, Click(other, seen.digest, seen.round))
    deck.count()
    assert [deck.load(each).votes for each in (id, other)] == [(), ()]
    deck.told(deck.sam, "has changed since that message was shown")


def test_a_press_with_an_edited_digest_approves_nothing(deck: Deck):
    id = deck.awaiting()
    pressed_with(deck, deck.sam, Click(id, "0" * 64, 1))
    deck.count()
    assert deck.load(id).votes == ()
    deck.told(deck.sam, "has changed since that message was shown")
