"""Never silent: a cluster that cannot be reached is told, once, after some seconds, with how long it goes on being tried."""

from __future__ import annotations

from commands.errors import Silent
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


AGAIN = 12.0


def falls_silent(deck: Deck) -> None:
    """The breaker is open: whoever asks is told at once (``workers.gate``)."""

    def silent() -> None:
        raise Silent("The cluster main has not answered since 10:00 UTC: it hangs.", deck.clock() + AGAIN)

    deck.cluster.slowness = silent


def dues(deck: Deck) -> dict[str, float]:
    """In how many seconds each is looked at again."""
    due = deck.store._wire.client.zrange(deck.store._wire.key("due"), 0, -1, withscores=True)
    return {id: at - deck.clock() for id, at in due}


def test_a_cluster_that_is_known_to_be_silent_is_told_at_once_and_left_alone_for_a_while(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    falls_silent(deck)
    assert deck.plan(id).state is State.PLANNING
    assert AGAIN - 6 < dues(deck)[id] <= AGAIN
    deck.publish()
    told = f"{id}: The cluster main has not answered since 10:00 UTC: it hangs. I go on trying, for 1m in all."
    assert told in [m.text for m in deck.workspace.private(deck.dev, deck.channel)]
    deck.pass_time(61)
    assert deck.plan(id).state is State.REJECTED
    deck.publish()
    assert deck.told(deck.dev, "since 10:00 UTC: it hangs. Nothing was changed.")


def test_acting_waits_for_a_silent_cluster_and_then_goes_on(deck: Deck):
    id = deck.approved()
    falls_silent(deck)
    assert deck.act(id).state is State.ACTING
    assert AGAIN - 6 < dues(deck)[id] <= AGAIN
    deck.publish()
    assert "since 10:00 UTC: it hangs. I go on trying, for 10m in all." in deck.message().plain()
    deck.cluster.slowness = lambda: None
    assert deck.act(id).state is State.OBSERVING
    assert len(deck.cluster.writes) == 1


def whispers(deck: Deck) -> list[str]:
    return [m.text for m in deck.workspace.private(deck.dev, deck.channel) if SILENT in m.text]
