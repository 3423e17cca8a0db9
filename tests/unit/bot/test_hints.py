"""Hints give way to those who wait for an ack, but not for long."""

from __future__ import annotations

import threading
from uuid import uuid4

from bot.hints import Hints
from bot.rush import Rush
from commands.queue import Queue, bare
from tests.harness.redis import RedisServer


def test_a_hint_waits_for_a_calm_moment_only_so_long(redis_server: RedisServer):
    name = f"rushed-{uuid4().hex[:8]}:"
    rush, queue = Rush(), Queue(bare(redis_server.url, 5), name)
    hints = Hints(queue, rush)
    with rush.one():
        hints.enqueue("plan", "op-2345")
        hints.stop()
        assert queue.depth() == 1


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
