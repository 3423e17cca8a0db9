"""Somebody puts jobs into the queue: a job only hints at a record, and the record alone says what may be done."""

from __future__ import annotations

import os
from typing import Any

import pytest
from rq import Queue as RqQueue
from rq.serializers import JSONSerializer

from commands import transitions
from commands.queue import bare, queue_name
from tests.invariants.deck import Deck
from tests.invariants.test_invariant_10 import work_without_forking
from workers.entry import worker


def called_off(deck: Deck) -> str:
    id = deck.awaiting()
    deck.store.operations.apply(transitions.cancel(deck.load(id), deck.dev.id, "", deck.clock()))
    return id


@pytest.mark.parametrize(
    "reached",
    [lambda deck: deck.asked(deck.dev, "/deploy web 1.4.2 to prod"), lambda deck: deck.awaiting(), called_off],
    ids=["planning", "awaiting approval", "cancelled"],
)
def test_a_job_to_act_on_what_nobody_approved_does_nothing(deck: Deck, reached: Any):
    id = reached(deck)
    before = deck.load(id)
    assert deck.act(id) == before
    assert deck.cluster.writes == []


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("os.system", ["touch {}"]),
        ("subprocess.run", [["touch", "{}"]]),
        ("workers.jobs.act.act", ["op-2345"]),
        ("builtins.exec", ["open('{}', 'w')"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_job_that_names_another_function_is_not_run(deck: Deck, function: str, words: list[Any], tmp_path: Any):
    """It lies in the very queue that the worker's entry listens to, and the entry's own worker takes it."""
    client = bare(deck.redis_url, 2)
    mark = tmp_path / "ran"
    args = [[part.format(mark) for part in word] if isinstance(word, list) else word.format(mark) for word in words]
    queue = RqQueue(queue_name(deck.prefix), connection=client, serializer=JSONSerializer)
    job = queue.enqueue_call(function, args=tuple(args))
    work_without_forking(worker(deck.context, client, deck.prefix))
    assert not os.path.lexists(mark)
    assert deck.cluster.writes == []
    assert queue.count == 0, "it was taken"
    assert job.is_failed
    client.close()
