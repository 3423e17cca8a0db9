"""Never silent: a cluster that cannot be reached is told, once, after some seconds, with how long it goes on being tried."""

from __future__ import annotations

from commands.operation import State
from tests.invariants.deck import Deck
from workers.jobs.context import UNREACHED

SILENT = "The API server of main does not answer."


def test_planning_tells_who_asked(deck: Deck):
    deck.cluster.gone = True
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    deck.publish()
    assert whispers(deck) == [], "it may pass"
    for _ in range(2):
        deck.pass_time(UNREACHED)
        assert deck.plan(id).state is State.PLANNING
        deck.publish()
    assert whispers(deck) == [f"{id}: {SILENT} I go on trying, for 1m in all."]
    deck.cluster.gone = False
    assert deck.plan(id).state is State.AWAITING
    deck.publish()
    assert SILENT not in deck.message().plain()


def test_acting_tells_it_in_the_message(deck: Deck):
    id = deck.approved()
    deck.cluster.gone = True
    deck.act(id)
    deck.publish()
    assert SILENT not in deck.message().plain()
    deck.pass_time(UNREACHED)
    assert deck.act(id).state is State.ACTING
    deck.publish()
    assert f"{SILENT} I go on trying, for 10m in all." in deck.message().plain()
    deck.cluster.gone = False
    assert deck.act(id).state is State.OBSERVING
    deck.publish()
    assert SILENT not in deck.message().plain()


def test_it_is_told_also_where_an_attempt_outlasts_the_hold(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    deck.cluster.gone = True
    lease = deck.store._wire.key("lease", f"operation-{id}")
    deck.cluster.slowness = lambda: deck.store._wire.client.delete(lease)
    deck.pass_time(UNREACHED)
    deck.plan(id)
    deck.publish()
    assert len(whispers(deck)) == 1


def whispers(deck: Deck) -> list[str]:
    return [m.text for m in deck.workspace.private(deck.dev, deck.channel) if SILENT in m.text]
