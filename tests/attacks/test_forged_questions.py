"""A question that was written into Redis is answered to nobody: it would read logs as anyone, and post them anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.invocation import Invocation, Person, Place
from commands.proof.signing import Key
from commands.store import Question, Store
from tests.invariants.deck import Deck
from workers.jobs.report import report


@pytest.mark.parametrize(
    "key", [None, Key(b"a key of their own, long enough to be one")], ids=["unsigned", "another key"]
)
def test_it_is_not_answered(deck: Deck, key: Key | None):
    said = Invocation(
        "history", {"workload": "web"}, "prod", Person(deck.sam.id, deck.workspace.team_id), Place(deck.channel.id), "history web", deck.clock()
    )  # fmt: skip
    Store(deck.store._wire.client, deck.prefix, key).reports.ask(
        Question("re-9999", said, False, 600, deck.clock()), "forged"
    )
    report(deck.context, "re-9999")
    assert deck.store.reports.load("re-9999").answer is None


def test_one_that_was_put_is_not_answered_as_somebody_elses(deck: Deck):
    said = Invocation(
        "history",
        {"workload": "web"},
        "prod",
        Person(deck.dev.id, deck.workspace.team_id),
        Place(deck.channel.id),
        "history web",
        deck.clock(),
    )
    deck.store.reports.ask(Question("re-9999", said, False, 600, deck.clock()), "genuine")
    genuine = deck.store.reports.load("re-9999")
    report(deck.context, "re-9999")
    assert deck.store.reports.load("re-9999").answer is not None
    edited = replace(genuine, invocation=replace(said, person=Person(deck.sam.id, deck.workspace.team_id)))
    assert not deck.store.reports.was_asked(edited)


def test_one_that_is_put_back_long_afterwards_is_not_answered_again(deck: Deck):
    """An unlock of last week would take off today's lock, in the name of who said it then."""
    said = Invocation(
        "history", {"workload": "web"}, "prod", Person(deck.dev.id, deck.workspace.team_id), Place(deck.channel.id), "history web", deck.clock()
    )  # fmt: skip
    deck.store.reports.ask(Question("re-9999", said, False, 600, deck.clock()), "genuine")
    genuine = deck.store._wire.client.get(deck.store._wire.key("report", "re-9999"))
    deck.pass_time(3700)
    deck.know()
    deck.store._wire.client.set(deck.store._wire.key("report", "re-9999"), genuine, ex=600)
    report(deck.context, "re-9999")
    assert deck.store.reports.load("re-9999").answer is None
