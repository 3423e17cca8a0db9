"""6. Every transition compares and sets in Redis, and writes the record, the audit entry and the outbox entry together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from commands import transitions
from commands.errors import Busy, LeaseLost, Stale
from commands.operation import Ending, Operation
from commands.store import IdTaken, Seen
from commands.transition import Transition
from tests.invariants.deck import Deck


def test_record_audit_and_outbox_stand_after_every_move(deck: Deck):
    """From the first word to the end; the ack alone is not repeated by a message."""
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    assert written(deck, id) == ("requested", "planning", False)
    deck.plan(id)
    assert written(deck, id) == ("planned", "awaiting approval", True)
    deck.publish()
    deck.press(deck.sam, "Approve")
    assert written(deck, id) == ("vote received", "awaiting approval", True)
    deck.count()
    assert written(deck, id) == ("approved", "queued", True)
    deck.publish()
    deck.act(id)
    assert written(deck, id) == ("written", "observing", True)
    deck.publish()
    deck.store.operations.apply(transitions.fail(deck.load(id), Ending("It broke."), deck.clock()))
    assert written(deck, id) == ("failed", "failed", True)
    assert deck.events(id) == ["requested", "planned", "vote received", "approved", "acting", "written", "failed"]


def written(deck: Deck, id: str) -> tuple[str, str, bool]:
    """The last audit entry's event, the record's state (which the entry must tell too), and whether Slack is to be told."""
    operation = deck.load(id)
    entries = [entry for entry in deck.store.audit.export() if entry["operation"] == id]
    assert entries, "nothing was audited"
    assert entries[-1]["to"] == operation.state.value
    assert entries[-1]["digest"] == (operation.plan.digest if operation.plan else None)
    client, key = deck.store._wire.client, deck.store._wire.key
    told = any(client.zscore(key("outbox", level), id) is not None for level in "012")
    return entries[-1]["event"], operation.state.value, told


def stale(deck: Deck, op: Operation) -> Callable[[], object]:
    old = replace(op, version=op.version - 1)
    return lambda: deck.store.operations.apply(transitions.cancel(old, "U1", "no", 2.0))


def busy(deck: Deck, op: Operation) -> Callable[[], object]:
    deck.planned(deck.dev, "/deploy web 1.4.3 to staging")
    assert op.plan
    second = deck.asked(deck.dev, "/deploy web 1.4.4 to staging")
    held = replace(op.plan.promise, ref=replace(op.plan.promise.ref, namespace="staging"))
    plan = replace(op.plan, promise=held)
    return lambda: deck.store.operations.apply(transitions.planned(deck.load(second), plan, None, 2.0))


def lost(deck: Deck, op: Operation) -> Callable[[], object]:
    lease = deck.store.leases.take("operation-x", 15)
    assert lease
    deck.store.leases.release(lease)
    return lambda: deck.store.operations.apply(transitions.expire(op, 2.0), lease=lease)


def beginning(op: Operation, id: str) -> Transition:
    return transitions.request(id, op.invocation, "prod", 2.0)


def taken(deck: Deck, op: Operation) -> Callable[[], object]:
    return lambda: deck.store.operations.apply(beginning(op, op.id))


def seen(deck: Deck, op: Operation) -> Callable[[], object]:
    deck.store.operations.apply(beginning(op, "op-2222"), seen="x")
    return lambda: deck.store.operations.apply(beginning(op, "op-3333"), seen="x")


@pytest.mark.parametrize(
    ("refused", "error"), [(stale, Stale), (busy, Busy), (lost, LeaseLost), (taken, IdTaken), (seen, Seen)]
)
def test_what_is_refused_leaves_no_trace(deck: Deck, refused, error):
    attempt = refused(deck, deck.load(deck.awaiting()))
    before = deck.everything()
    with pytest.raises(error):
        attempt()
    assert deck.everything() == before


def test_of_two_that_move_the_same_record_one_is_told(deck: Deck):
    """Sam cancels at the instant at which nobody has approved in time."""
    op = deck.load(deck.awaiting())
    deck.store.operations.apply(transitions.expire(op, deck.clock()))
    with pytest.raises(Stale):
        deck.store.operations.apply(transitions.cancel(op, "U0SAM", "no", deck.clock()))
    assert deck.events(op.id)[-1] == "expired"
