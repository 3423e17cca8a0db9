"""4. One operation per target, one process per operation; who lost the lease writes nothing."""

from __future__ import annotations

import pytest

from commands.errors import LeaseLost
from commands.operation import State
from tests.invariants.deck import Deck
from workers.jobs.act import act


def test_a_second_operation_on_a_busy_target_is_told_who_is_at_work(deck: Deck):
    first = deck.planned(deck.dev, "/deploy web 1.4.2 to staging")
    assert deck.load(first).state is State.OBSERVING
    second = deck.planned(deck.sam, "/scale web 5 in staging")
    assert deck.load(second).state is State.REJECTED
    assert first in deck.load(second).ending.sentence
    assert len(deck.cluster.writes) == 1


def test_two_that_waited_for_approval_do_not_both_go_on(deck: Deck):
    """Waiting claims nothing; the claim is taken by the transition into queued, whoever looked before."""
    first, second = deck.awaiting("/scale web 5 in prod"), deck.awaiting("/scale web 7 in prod")
    for message in deck.messages():
        deck.press(deck.sam, "Approve", message)
        deck.count()
    assert [deck.load(id).state for id in (first, second)] == [State.QUEUED, State.AWAITING]
    deck.told(deck.sam, f"{first} is at work on it: ")


def test_while_another_process_holds_the_operation_a_job_does_nothing(deck: Deck):
    id = deck.approved()
    held = deck.store.leases.take(f"operation-{id}", 15)
    assert held
    assert deck.act(id).state is State.QUEUED
    assert deck.cluster.writes == []
    deck.store.leases.release(held)
    assert deck.act(id).state is State.OBSERVING


def test_a_worker_that_was_paused_past_its_lease_writes_nothing_to_redis(deck: Deck):
    """It wakes up with the cluster's answer; by then another holds the operation, and goes by what the cluster shows."""
    id = deck.approved()
    deck.cluster.meanwhile = lambda: steal(deck, id)
    with pytest.raises(LeaseLost):
        act(deck.context, id)
    assert (deck.load(id).state, len(deck.cluster.writes)) == (State.ACTING, 1)
    assert deck.events(id)[-1] == "acting"


def steal(deck: Deck, id: str) -> None:
    """The lease ran out, and another took it."""
    deck.store._wire.client.delete(deck.store._wire.key("lease", f"operation-{id}"))
    assert deck.store.leases.take(f"operation-{id}", 15)


def test_a_job_whose_cluster_answered_only_after_its_lease_still_ends_what_it_began(deck: Deck):
    """Nobody took it meanwhile. Else a cluster that is always too slow would leave it planning for ever."""
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    deck.cluster.slowness = lambda: run_out(deck, id)
    assert deck.plan(id).state is State.AWAITING


def test_a_cluster_that_never_answers_does_not_leave_it_planning_for_ever(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    deck.cluster.gone = True
    deck.cluster.slowness = lambda: run_out(deck, id)
    assert deck.plan(id).state is State.PLANNING
    deck.pass_time(61)
    assert deck.plan(id).state is State.REJECTED


def run_out(deck: Deck, id: str) -> None:
    deck.store._wire.client.delete(deck.store._wire.key("lease", f"operation-{id}"))
