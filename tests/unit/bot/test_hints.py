"""Hints give way to those who wait for an ack, but not for long; what their job will want to know is asked with them."""

from __future__ import annotations

import threading
from uuid import uuid4

from bot.hints import Hints
from bot.rush import Rush
from commands.membership import ChannelFacts
from commands.queue import Queue, bare
from commands.store import Store, hurried
from tests.harness.redis import RedisServer


def test_a_hint_waits_for_a_calm_moment_only_so_long(redis_server: RedisServer):
    name = f"rushed-{uuid4().hex[:8]}:"
    rush, queue = Rush(), Queue(bare(redis_server.url, 5), name)
    hints = Hints(queue, rush, Store(hurried(redis_server.url), name))
    with rush.one():
        hints.enqueue("plan", "op-2345")
        hints.stop()
        assert queue.depth() == 1


def test_a_channel_that_nobody_knows_is_read_while_the_job_starts(redis_server: RedisServer):
    name = f"wondering-{uuid4().hex[:8]}:"
    store = Store(hurried(redis_server.url), name)
    store.people.put(channels=[ChannelFacts("C0KNOWN", postable=True, at=1.0)])
    hints = Hints(Queue(bare(redis_server.url, 5), name), Rush(), store)
    hints.enqueue("plan", "op-2345", "prod", "C0KNOWN")
    hints.enqueue("plan", "op-2346", "prod", "C0NEW")
    hints.stop()
    assert store.people.wanted() == {"C0NEW"}


def test_it_is_calm_when_the_last_one_is_answered():
    rush, calm = Rush(), threading.Event()
    first, second = rush.one(), rush.one()
    first.__enter__()
    second.__enter__()
    waiting = threading.Thread(target=lambda: (rush.outwait(60), calm.set()))
    waiting.start()
    first.__exit__(None, None, None)
    assert not calm.is_set()
    second.__exit__(None, None, None)
    waiting.join(30)
    assert calm.is_set()
