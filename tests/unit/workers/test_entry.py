"""The worker's entry beside what invariant 10 holds it to: what killed workers leave behind is cleared away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from rq import Queue as RqQueue
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from rq.utils import now

from commands.queue import Queue, bare, queue_name
from tests.harness.redis import RedisServer
from workers import cluster
from workers.entry import worker
from workers.jobs.context import Context

NAME = "test-entry:"


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[Any]:
    made = bare(redis_server.url, 2)
    yield made
    made.flushdb()
    made.close()


def test_a_job_whose_worker_was_killed_lies_about_for_a_minute_and_no_longer(client, monkeypatch):
    """The sweep has long enqueued what is due; RQ alone would keep the killed worker's job for ten minutes."""
    monkeypatch.setattr(cluster, "preload", lambda: None)
    lasting = worker(cast(Context, None), client, NAME)
    queue = RqQueue(queue_name(NAME), connection=client, serializer=JSONSerializer)
    Queue(client, NAME).enqueue("plan", "op-2345")
    [job] = queue.jobs
    queue.remove(job)
    job.set_status(JobStatus.STARTED)
    client.zadd(queue.started_job_registry.key, {f"{job.id}:execution": time.time() - 1})  # its heartbeats have ended
    lasting.last_cleaned_at = now() - timedelta(minutes=1)
    assert lasting.should_run_maintenance_tasks
    lasting.run_maintenance_tasks()
    assert not client.exists(queue.started_job_registry.key)
    assert client.ttl(job.key) > 0


def test_it_ends_also_while_it_waits_for_a_redis_that_is_gone_and_says_that_once(
    redis_server: RedisServer, monkeypatch, caplog
):
    connected, looks = bare(redis_server.url, 1), iter([None, None, None])
    lasting = worker(cast(Context, None), connected, NAME)
    connected.connection_pool.connection_kwargs["port"] = 1
    connected.connection_pool.reset()

    def told_to_end(seconds: float) -> None:
        if next(looks, lasting) is lasting:
            lasting.end_soon()

    monkeypatch.setattr("workers.entry.time.sleep", told_to_end)
    assert lasting.dequeue_job_and_maintain_ttl(1) is None
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told.getMessage().startswith("Redis cannot be reached, so the queue test-entry waits: ")


def test_a_redis_that_goes_as_it_begins_is_waited_for(redis_server: RedisServer, monkeypatch, caplog):
    caplog.set_level("INFO", "workers.entry")
    connected = bare(redis_server.url, 1)
    lasting = worker(cast(Context, None), connected, NAME)
    pool = connected.connection_pool
    pool.connection_kwargs["port"] = 1
    pool.reset()
    lasting.bootstrap("WARNING")
    back = bare(redis_server.url, 1)

    def returns(seconds: float) -> None:
        pool.connection_kwargs["port"] = redis_server.port
        pool.reset()

    monkeypatch.setattr("workers.entry.time.sleep", returns)
    Queue(back, NAME).enqueue("plan", "op-2345")
    taken = lasting.dequeue_job_and_maintain_ttl(1)
    back.close()
    assert taken
    assert list(taken[0].args) == ["op-2345"]
    assert "Redis answers again; the queue test-entry goes on" in caplog.text
    connected.flushdb()
    connected.close()
