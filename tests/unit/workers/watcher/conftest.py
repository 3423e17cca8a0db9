"""A store and a queue on a real Redis, under names of the test's own, which are gone afterwards; a cluster that obeys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from redis import Redis

from commands.queue import Queue, bare, queue_name
from commands.store import Store, patient
from tests.harness.redis import RedisServer
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import ScriptedCluster
from workers.watcher import Watcher, duty, hearing

LEASE = 1.5
"""Seconds; shorter than in production, so that a takeover need not be waited for."""


@pytest.fixture
def prefix() -> str:
    return f"test-{uuid4().hex[:8]}:"


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with redis_server.client() as client:
        yield client


@pytest.fixture
def store(redis_server: RedisServer, redis: Redis, prefix: str) -> Iterator[Store]:
    with patient(redis_server.url) as client:
        yield Store(client, prefix)
    left = {*redis.scan_iter(f"{prefix}*"), *redis.scan_iter(f"rq:*{queue_name(prefix)}*")}
    jobs = redis.lrange(f"rq:queue:{queue_name(prefix)}", 0, -1)
    redis.delete("rq:queues", *left, *(b"rq:job:" + job for job in jobs))


@pytest.fixture
def queue(redis_server: RedisServer, prefix: str) -> Iterator[Queue]:
    client = bare(redis_server.url, 2)
    yield Queue(client, prefix)
    client.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bell's thread looks up more often, so that it ends sooner."""
    monkeypatch.setattr(hearing, "LISTEN", 0.05)
    monkeypatch.setattr(hearing, "PAUSE", 0.05)


Jobs = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def jobs(queue: Queue) -> Jobs:
    """What was enqueued: name and id."""
    return lambda: [(job.func_name, job.args[0]) for job in queue.jobs()]


@pytest.fixture
def cluster() -> ScriptedCluster:
    return ScriptedCluster()


class Clock:
    """Unix seconds, as the test says."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Run = Callable[..., Watcher]


@pytest.fixture
def run(
    store: Store, queue: Queue, cluster: ScriptedCluster, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Starts a watcher in a thread; all are stopped at the end of the test."""
    monkeypatch.setitem(duty.EVERY, duty.ROUND, 0.2)
    monkeypatch.setitem(duty.EVERY, duty.SWEEP, 0.1)
    with ExitStack() as stack:

        def start(using: Store = store, lease_seconds: float = LEASE, **given) -> Watcher:
            parts = {"clusters": {"main": cluster}.__getitem__, "deadline": {"prod": 600.0}.__getitem__, "now": clock}
            parts |= {"environment": lambda _: None, **given}
            watcher = Watcher(using, queue, **parts, lease_seconds=lease_seconds)
            thread = threading.Thread(target=watcher.run)
            thread.start()
            stack.callback(_end, watcher, thread)
            return watcher

        yield start


def _end(watcher: Watcher, thread: threading.Thread) -> None:
    watcher.stop()
    thread.join(45)
    assert not thread.is_alive(), "the watcher did not stop"
