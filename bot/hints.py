"""Telling the queue, behind the ack: the record is stored and due, so a hint may come late or be lost, never the work."""

from __future__ import annotations

import logging
import threading
import time
from queue import SimpleQueue

from bot.rush import Rush
from commands.errors import StoreUnavailable
from commands.queue import JobName, Queue

log = logging.getLogger(__name__)


PATIENCE = 0.5
"""Seconds for which a hint gives way to those who wait for an ack."""


class Hints:
    """One thread, so that fifty people at once wait for their own store write and not for each other's enqueueing."""

    def __init__(self, queue: Queue, rush: Rush) -> None:
        self._queue, self._rush = queue, rush
        self._waiting: SimpleQueue[tuple[JobName, str, float] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def enqueue(self, job: JobName, id: str) -> None:
        """Returns at once."""
        self._waiting.put((job, id, time.monotonic()))

    def stop(self) -> None:
        """What waits is enqueued first."""
        self._waiting.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (hint := self._waiting.get()) is not None:
            job, id, at = hint
            self._rush.outwait(at + PATIENCE - time.monotonic())
            try:
                self._queue.enqueue(job, id)
            except StoreUnavailable as error:
                log.warning("%s: could not be enqueued, the sweep will: %r", id, error.__cause__)
