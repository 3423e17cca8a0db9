"""What Slack tells of people and user groups is kept only where a role could depend on it."""

from __future__ import annotations

import time

from tests.invariants.deck import Deck

SHE = {"id": "U0NEW", "name": "new", "team_id": "T0"}


def emit(deck: Deck, type_: str, **event: object) -> None:
    with deck.workspace.state.lock:
        deck.workspace.state.app.events |= {type_}
        deck.workspace.state.emit(type_, {"type": type_, "event_ts": str(time.time()), **event})


def test_a_group_that_a_role_names_is_read_again(deck: Deck):
    emit(deck, "subteam_members_changed", subteam_id=deck.oncall.id)
    deck.workspace.wait(lambda: deck.store.people.wanted() == {deck.oncall.id}, what="it is wanted")


def test_a_group_that_no_role_names_is_nobodys_business(deck: Deck):
    lunch = deck.workspace.add_group("lunch", [deck.dev])
    emit(deck, "subteam_members_changed", subteam_id=lunch.id)
    emit(deck, "subteam_updated", subteam={"id": lunch.id})
    emit(deck, "user_change", user=SHE)
    deck.workspace.wait(lambda: "U0NEW" in deck.store.people.membership(["U0NEW"]).people, what="all were heard")
    assert deck.store.people.wanted() == frozenset()
    assert lunch.id not in deck.store.people.membership([]).groups
