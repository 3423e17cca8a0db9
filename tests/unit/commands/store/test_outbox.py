"""What must still reach Slack: finals first, one holder at a time, nothing lost."""

from __future__ import annotations

import pytest

from commands import transitions
from commands.demand import Demand, Vote
from commands.progress import Progress
from commands.store import Store
from commands.store.outbox import HOLD
from tests.unit.commands.test_transitions import plan, requested


def request(store: Store, id: str):
    """An operation whose message is up to date: planned, shown, and waiting."""
    op = store.operations.apply(transitions.request(id, requested().invocation, "prod", 1.0))
    return store.operations.apply(transitions.planned(op, plan(), Demand(1, ("sre",), 99.0), 1.0))


def test_finals_go_first_and_progress_last(store: Store):
    lease = store.leases.take("watcher", 30)
    slow, moving, over = (request(store, id) for id in ("op-slow", "op-move", "op-over"))
    while taken := store.outbox.take(1.0):
        store.outbox.done(taken)
    store.operations.note_progress(slow.id, Progress("x", 1, 0, 0, 1, 2.0), lease)
    store.operations.apply(transitions.drifted(moving, (), 3.0))
    store.operations.apply(transitions.expire(over, 4.0))
    assert [store.outbox.take(5.0).id for _ in range(3)] == [over.id, moving.id, slow.id]


def test_one_holder_at_a_time_and_a_newer_mark_is_not_lost(store: Store):
    op = request(store, "op-2345")
    taken = store.outbox.take(2.0)
    assert store.outbox.take(2.0) is None
    store.operations.apply(transitions.expire(op, 2.5))
    assert store.outbox.take(3.0) is None, "the first holder is still at it"
    store.outbox.done(taken)
    assert store.outbox.take(3.0).id == "op-2345"


def test_what_a_dead_publisher_held_is_handed_out_again(store: Store):
    request(store, "op-2345")
    dead = store.outbox.take(2.0)
    assert store.outbox.take(2.0 + HOLD - 0.1) is None
    again = store.outbox.take(2.0 + HOLD)
    assert again.id == "op-2345"
    store.outbox.done(dead)
    assert store.outbox.take(2.0 + HOLD) is None, "who lost the hold gives nothing back"


def test_a_rate_limit_puts_it_back_for_later(store: Store):
    request(store, "op-2345")
    taken = store.outbox.take(2.0)
    store.outbox.done(taken, again=9.0)
    assert store.outbox.take(8.9) is None
    assert store.outbox.take(9.0).id == "op-2345"


def test_a_passing_state_is_gathered_with_what_follows(store: Store):
    op = request(store, "op-2345")
    store.outbox.done(store.outbox.take(1.0))
    store.operations.apply(transitions.vote(op, Vote("U1", plan().digest, 2.0)))
    assert store.outbox.take(2.0) is None
    assert store.outbox.take(2.5).id == "op-2345"


def test_a_budget_is_shared_and_spares_what_matters_more(store: Store):
    take = store.budgets.take
    assert [take("chat.update", 1.0, per_minute=60, most=3) for _ in range(3)] == [0, 0, 0]
    assert take("chat.update", 1.0, per_minute=60, most=3) == 1
    assert take("chat.update", 2.0, per_minute=60, most=3, spare=1) == 1
    assert take("chat.update", 2.0, per_minute=60, most=3) == 0
    store.budgets.block("chat.update", 20.0, 10.0)
    assert take("chat.update", 20.0, per_minute=60, most=3) == 10


@pytest.mark.parametrize("spare", [0, 12])
def test_no_minute_sees_more_than_a_minutes_tokens(store: Store, spare: int):
    """Whoever takes all that they are given, as soon as they are given it."""
    now, taken = 1000.0, []
    while now < 1300:
        wait = store.budgets.take("chat.update", now, per_minute=50, most=25, spare=spare)
        taken += [] if wait else [now]
        now += wait
    busiest = max(sum(first <= at < first + 60 for at in taken) for first in taken)
    assert busiest == 50 - spare
    assert len(taken) >= 5 * (50 - spare)
