"""Telling the queue, behind the ack: the record is stored and due, so a hint may come late or be lost, never the work."""

from __future__ import annotations

import logging
import threading
import time
from queue import SimpleQueue

from bot.rush import Rush
from commands.concern import concern
from commands.errors import StoreUnavailable
from commands.queue import JobName, Queue
from commands.store import Store

log = logging.getLogger(__name__)


PATIENCE = 0.5
"""Seconds for which a hint gives way to those who wait for an ack."""


class Hints:
    """One thread, so that fifty people at once wait for their own store write and not for each other's enqueueing."""

    def __init__(self, queue: Queue, rush: Rush, store: Store) -> None:
        self._queue, self._rush, self._store = queue, rush, store
        self._waiting: SimpleQueue[tuple[JobName, str, str | None, str | None, float, str | None] | None] = (
            SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def enqueue(self, job: JobName, id: str, environment: str | None = None, channel: str | None = None) -> None:
        """Returns at once. ``channel``: where the job will want to know whether we may post; it is read meanwhile."""
        self._waiting.put((job, id, environment, channel, time.monotonic(), concern().user))

    def stop(self) -> None:
        """What waits is enqueued first."""
        self._waiting.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (hint := self._waiting.get()) is not None:
            job, id, environment, channel, at, user = hint
            self._rush.outwait(at + PATIENCE - time.monotonic())
            try:
                self._queue.enqueue(job, id, environment)
                if channel and self._store.people.channel(channel) is None:
                    self._store.people.want([channel])
            except StoreUnavailable as error:
                about = {"operation": id, "user": user}
                log.warning("%s: could not be enqueued, the sweep will: %r", id, error.__cause__, extra=about)
