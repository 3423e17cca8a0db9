"""10. Nothing in Redis is executable: JSON only, and the worker runs our own functions alone."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from rq import Queue as RqQueue
from rq import SimpleWorker
from rq.job import Callback
from rq.serializers import JSONSerializer

from commands.queue import Queue, bare, only, queue_name
from tests.invariants.deck import Deck
from workers.entry import worker

NAME = "test-jobs:"
RAN: list[str] = []


def foreign(*_: object) -> None:
    """What nothing out of Redis may ever run."""
    RAN.append("a function that Redis named")


class Trap:
    """Unpickling it runs ``foreign``."""

    def __reduce__(self) -> Any:
        return foreign, ()


@pytest.fixture
def client(redis_server) -> Iterator[Any]:
    made = bare(redis_server.url, 2)
    RAN.clear()
    yield made
    made.flushdb()
    made.close()


def injected(client: Any) -> RqQueue:
    return RqQueue(queue_name(NAME), connection=client, serializer=JSONSerializer)


def work(client: Any) -> None:
    job_class = only({"plan": RAN.append})
    queue = RqQueue(queue_name(NAME), connection=client, serializer=JSONSerializer, job_class=job_class)
    SimpleWorker([queue], connection=client, serializer=JSONSerializer, job_class=job_class).work(burst=True)


def test_a_job_that_names_a_foreign_function_runs_nothing(client):
    injected(client).enqueue_call(f"{__name__}.foreign", args=("op-2345",))
    work(client)
    assert RAN == []


def test_a_job_of_ours_runs_without_the_callbacks_that_redis_names(client):
    callback = Callback(f"{__name__}.foreign")
    injected(client).enqueue_call("plan", args=("op-2345",), on_success=callback)
    injected(client).enqueue_call("nothing", args=("op-2345",), on_failure=callback)
    work(client)
    assert RAN == ["op-2345"]


def test_a_job_of_ours_is_json(client):
    Queue(client, NAME).enqueue("plan", "op-2345")
    (key,) = client.keys("rq:job:*")
    assert zlib.decompress(client.hget(key, "data")) == b'["plan", null, ["op-2345"], {}]'


def test_the_workers_entry_reads_json_and_runs_our_job_class(deck: Deck, client):
    """A pickled job lies in the queue that the entry listens to; the entry's own worker takes it."""
    built = worker(deck.context, client, NAME)
    job = injected(client).enqueue_call("plan", args=("op-2345",))
    client.hset(job.key, "data", zlib.compress(pickle.dumps(("plan", None, (Trap(),), {}))))
    work_without_forking(built)
    assert RAN == []


def work_without_forking(built: Any) -> None:
    """The entry's serializer and job class, in a worker that runs its jobs in this process."""
    queues = [
        RqQueue(q.name, connection=q.connection, serializer=built.serializer, job_class=built.job_class)
        for q in built.queues
    ]
    SimpleWorker(queues, connection=built.connection, serializer=built.serializer, job_class=built.job_class).work(
        burst=True
    )


def test_every_value_of_ours_in_redis_is_json_or_a_plain_word(deck: Deck):
    id = deck.approved()
    deck.publish()
    deck.act(id)
    deck.say(deck.dev, "/ops logs web in prod")
    every = json.loads(deck.everything())
    assert len(every) > 8
    for value in leaves(every):
        if value[:1] in {"{", "["}:
            json.loads(value)
        else:
            assert value.isprintable()
            assert len(value) < 100


def leaves(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)
        case _:
            yield str(value)
