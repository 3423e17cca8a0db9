"""While something goes back: asks a worker to delete the broken pod that is in its way, where its plan promises that."""

from __future__ import annotations

from collections.abc import Callable

from commands.operation import Operation
from commands.queue import Queue
from workers.stuck import in_the_way, promised
from workers.watcher.feeds import Feeds
from workers.watcher.sight import Blind, look

AGAIN = 10.0
"""Seconds after which it is asked for again where the same pod is still in the way: jobs are hints, and may be lost."""


class Freeing:
    """Called by the loop's thread only."""

    def __init__(self, feeds: Feeds, queue: Queue, now: Callable[[], float]) -> None:
        self._feeds, self._queue, self._now = feeds, queue, now
        self._asked: dict[str, float] = {}

    def look(self, operation: Operation) -> None:
        """Raises ``StoreUnavailable``."""
        written, ref = promised(operation), operation.target
        if written is None or ref is None or self._asked.get(operation.id, 0.0) + AGAIN > self._now():
            return
        sight = look(self._feeds, ref, whole=True)
        if isinstance(sight, Blind) or sight.workload is None or sight.workload["metadata"]["uid"] != ref.uid:
            return
        theirs = written.at + self._now() - operation.since
        if in_the_way(sight.workload, sight.pods, written, theirs):
            self._asked[operation.id] = self._now()
            self._queue.enqueue("act", operation.id, operation.environment)

    def forget(self, id: str) -> None:
        self._asked.pop(id, None)
