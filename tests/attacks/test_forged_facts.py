"""Somebody writes into Redis who is in which group: it is not believed, and Slack is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.membership import GroupFacts, PersonFacts
from commands.operation import State
from commands.proof.signing import Key
from commands.store import Store
from tests.invariants.deck import Deck

THEIRS = Key(b"a key of their own, long enough to be taken for one")
KEYS = pytest.mark.parametrize("key", [None, THEIRS], ids=["unsigned", "signed with another key"])


def written(deck: Deck, key: Key | None, *facts: PersonFacts | GroupFacts) -> None:
    """Past the bot, as one who holds Redis can; ``at`` is ahead, so that nothing seems to have to be read anew."""
    people = [replace(f, at=deck.clock() + 20) for f in facts if isinstance(f, PersonFacts)]
    groups = [replace(f, at=deck.clock() + 20) for f in facts if isinstance(f, GroupFacts)]
    Store(deck.store._wire.client, deck.prefix, key).people.put(people, groups)


def known(deck: Deck, person: str) -> PersonFacts:
    return deck.store.people.membership([person]).people[person]


@KEYS
def test_who_wrote_themselves_into_a_group_is_no_approver(deck: Deck, key: Key | None):
    id = deck.awaiting(by=deck.robin)
    written(deck, key, GroupFacts(deck.oncall.id, (deck.dev.id,), 0), known(deck, deck.dev.id))
    deck.press(deck.dev, "Approve")
    deck.count()
    assert (deck.load(id).state, deck.load(id).approvals) == (State.AWAITING, ())


@KEYS
def test_a_worker_does_not_believe_it_either(deck: Deck, key: Key | None):
    """Robin approved, and is no longer on call; the fact that says so is replaced."""
    id = deck.awaiting()
    deck.press(deck.robin, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED
    deck.oncall.members = []
    deck.know()
    written(deck, key, GroupFacts(deck.oncall.id, (deck.robin.id,), 0))
    assert deck.act(id).state is State.ACTING, "who is in the group is not known, so it waits"
    assert deck.cluster.writes == []
    deck.know()
    assert deck.act(id).state is State.FAILED
    assert deck.cluster.writes == []


@KEYS
def test_a_guest_does_not_become_a_member(deck: Deck, key: Key | None):
    written(deck, key, replace(known(deck, deck.guest.id), guest=False))
    id = deck.asked(deck.guest, "/scale web 5 in staging")
    assert deck.plan(id).state is State.PLANNING, "who they are is not known, so Slack is asked"
    deck.know()
    assert deck.plan(id).state is State.REJECTED


def test_one_persons_facts_are_not_anothers(deck: Deck):
    client, key = deck.store._wire.client, deck.store._wire.key("people")
    client.hset(key, deck.guest.id, client.hget(key, deck.dev.id))
    assert deck.guest.id not in deck.store.people.membership([deck.guest.id]).people
