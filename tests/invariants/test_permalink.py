"""What is written bears the link to the message in which it was asked for and approved."""

from __future__ import annotations

from playground.workspace import Message
from tests.invariants.deck import Deck

MESSAGE = "quarterdeck/message"


def annotations(deck: Deck, namespace: str = "prod") -> dict[str, str]:
    found: dict[str, str] = deck.cluster.get("Deployment", namespace, "web")["metadata"]["annotations"]
    return found


def slacks_own(deck: Deck, message: Message) -> str:
    answer = deck.parts.client.chat_getPermalink(channel=deck.channel.id, message_ts=message.ts)
    return str(answer["permalink"])


def test_it_is_slacks_own_link(deck: Deck):
    deck.act(deck.approved())
    assert annotations(deck)[MESSAGE] == slacks_own(deck, deck.message())


def test_where_nothing_is_posted_yet_there_is_none_and_an_earlier_one_goes(deck: Deck):
    """Nobody is asked for approval in staging, so it is written before the message is there."""
    deck.cluster.change(lambda web: web["metadata"]["annotations"].update({MESSAGE: "https://earlier.test"}), "staging")
    deck.planned(deck.dev, "/deploy web 1.4.2 to staging")
    assert deck.cluster.images("staging") == ["registry/web:1.4.2"]
    assert MESSAGE not in annotations(deck, "staging")


def test_what_is_no_address_makes_no_link(deck: Deck):
    deck.store.people.home(deck.dev.team_id, "javascript:alert(1)")
    deck.act(deck.approved())
    assert MESSAGE not in annotations(deck)
