"""Somebody types the id of an operation that they may not see: the answer tells them nothing of its plan."""

from __future__ import annotations

from tests.invariants.deck import Deck


def test_who_is_not_known_yet_is_not_shown_the_plan(deck: Deck):
    """Their yes is taken, for Slack has still to be asked whether it counts."""
    deck.ask_for("prod", required=1, approvers=("developer",), expires="30m")
    id = deck.awaiting()
    deck.store._wire.client.hdel(deck.store._wire.key("people"), deck.guest.id)
    told = deck.say(deck.guest, f"/ops approve {id}")
    assert told.startswith(f"Approving {id}. It counts as soon as")
    assert "1.4.2" not in told
    deck.count()
    assert deck.load(id).votes == ()


def test_who_may_see_it_reads_what_they_have_approved(deck: Deck):
    assert "1.4.2" in deck.say(deck.sam, f"/ops approve {deck.awaiting()}")
