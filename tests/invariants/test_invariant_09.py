"""9. People and groups are matched by immutable ids; ``*`` is every full member of the home workspace; no rule, no right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.operation import State
from tests.invariants.deck import Deck

EVERYONES = "/scale web 5 in staging"
"""What the role of ``*`` may run."""


def test_a_full_member_may_what_everyone_may(deck: Deck):
    assert deck.load(deck.planned(deck.dev, EVERYONES)).state is State.OBSERVING


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_everyone_is_no_guest_and_nobody_from_another_workspace(deck: Deck, who: str):
    told = deck.say(getattr(deck, who), EVERYONES)
    assert "needs the role developer, which you do not hold" in told
    assert deck.store.operations.in_flight() == []


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_bot": True}, {"is_ultra_restricted": True}])
def test_everyone_is_nobody_who_was_deactivated_or_is_a_bot(deck: Deck, change: dict[str, bool]):
    """Slack says so after the command was heard: the worker goes by what was read last."""
    id = deck.asked(deck.dev, EVERYONES)
    for name, value in change.items():
        setattr(deck.dev, name, value)
    deck.know()
    assert (deck.plan(id).state, deck.cluster.writes) == (State.REJECTED, [])


def test_what_no_rule_allows_is_refused_with_the_rule_that_would(deck: Deck):
    told = deck.say(deck.dev, "/ops restart web in prod")
    assert "`restart` in prod needs the role sre, which you do not hold" in told
    assert "No rule lets anyone run `restart` in staging" in deck.say(deck.sam, "/ops restart web in staging")
    refused = [entry for entry in deck.store.audit.export() if entry["event"] == "refused"]
    assert [entry["actor"] for entry in refused] == [deck.dev.id, deck.sam.id]
    assert deck.store.operations.in_flight() == []


def test_the_worker_too_refuses_what_no_rule_allows(deck: Deck):
    """It decides by itself: the bot let it pass, for it did not know yet who is on call."""
    deck.store._wire.client.hdel(deck.store._wire.key("groups"), deck.oncall.id)
    id = deck.asked(deck.dev, "/ops restart web in prod")
    deck.know()
    refused = deck.plan(id)
    assert (refused.state, deck.cluster.writes) == (State.REJECTED, [])
    assert refused.ending
    assert "needs the role sre" in refused.ending.sentence


def test_a_name_is_not_an_id(deck: Deck):
    """Anybody may call themselves what they like: here after an id that the rules name."""
    mallory = deck.workspace.add_user(deck.sam.id)
    deck.workspace.join(deck.channel, mallory)
    deck.know()
    assert "needs the role sre" in deck.say(mallory, "/ops restart web in prod")
    assert deck.store.people.membership([mallory.id]).people[mallory.id].name == deck.sam.id


def test_who_changes_their_name_keeps_their_rights(deck: Deck):
    deck.sam.name = deck.sam.real_name = "someone else"
    deck.know()
    assert deck.asked(deck.sam, "/ops restart web in prod")


def test_a_group_is_named_by_its_id(deck: Deck):
    """Another group of the same handle is another group."""
    twin = deck.workspace.add_group("oncall", [deck.dev])
    deck.bot._directory.read([twin.id])
    assert "needs the role sre" in deck.say(deck.dev, "/ops restart web in prod")
    assert deck.asked(deck.robin, "/ops restart web in prod")


def test_a_person_of_the_same_id_elsewhere_is_another(deck: Deck):
    """``*`` asks both what Slack says of the person and where the request says to come from."""
    facts = deck.store.people.membership([deck.dev.id]).people[deck.dev.id]
    deck.store.people.put(people=[replace(facts, team="T0ELSEWHERE")])
    assert "needs the role developer" in deck.say(deck.dev, EVERYONES)
