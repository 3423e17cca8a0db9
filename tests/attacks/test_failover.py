"""A Redis fails over to a replica that never heard the last second: what was approved in it was not approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from commands.errors import NotFound, Stale
from commands.operation import Operation, State
from commands.proof.verifying import verify
from tests.invariants.deck import Deck
from workers.jobs.act import act

Restore = Callable[[], None]


def remembered(deck: Deck) -> Restore:
    """What a replica has now; calling it makes that all there is. Jobs stay in the queue: the worst case."""
    client: Any = deck.parts.queue._client
    kept = {key: client.dump(key) for key in client.scan_iter(f"{deck.prefix}*")}

    def restore() -> None:
        client.delete(*client.scan_iter(f"{deck.prefix}*"))
        for key, value in kept.items():
            client.restore(key, 0, value)

    return restore


def approve(deck: Deck, id: str) -> None:
    deck.press(deck.sam, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED


def test_a_job_for_an_approval_that_is_gone_changes_nothing(deck: Deck):
    id = deck.awaiting()
    fail_over = remembered(deck)
    approve(deck, id)
    fail_over()
    assert ("act", id) in deck.jobs()
    assert deck.act(id).state is State.AWAITING
    assert deck.cluster.writes == []
    approve(deck, id)
    assert deck.act(id).state is State.OBSERVING


def test_a_worker_that_has_the_approval_in_its_hands_changes_nothing(deck: Deck, monkeypatch: pytest.MonkeyPatch):
    """It failed over between the worker's reading of the record and its taking it up."""
    id = deck.awaiting()
    fail_over = remembered(deck)
    approve(deck, id)
    load = deck.store.operations.load

    def loaded(wanted: str) -> Operation:
        found = load(wanted)
        fail_over()
        return found

    monkeypatch.setattr(deck.store.operations, "load", loaded)
    with pytest.raises(Stale):
        act(deck.context, id)
    monkeypatch.undo()
    assert deck.load(id).state is State.AWAITING
    assert deck.cluster.writes == []


def test_an_operation_that_is_gone_altogether_changes_nothing(deck: Deck):
    fail_over = remembered(deck)
    id = deck.awaiting()
    approve(deck, id)
    fail_over()
    with pytest.raises(NotFound):
        act(deck.context, id)
    assert deck.cluster.writes == []


def test_what_was_lost_of_the_audit_is_found_against_a_head_that_was_kept(deck: Deck):
    id = deck.awaiting()
    fail_over = remembered(deck)
    approve(deck, id)
    kept = deck.store.audit.head()
    fail_over()
    found = verify(deck.store.audit.rows(), deck.store.audit.head(), deck.store.key, kept)
    assert found.findings
