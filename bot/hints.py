"""Telling the queue, behind the ack: the record is stored and due, so a hint may come late or be lost, never the work."""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue

from commands.errors import StoreUnavailable
from commands.queue import JobName, Queue

log = logging.getLogger(__name__)


class Hints:
    """One thread, so that fifty people at once wait for their own store write and not for each other's enqueueing."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._waiting: SimpleQueue[tuple[JobName, str] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def enqueue(self, job: JobName, id: str) -> None:
        """Returns at once."""
        self._waiting.put((job, id))

    def stop(self) -> None:
        """What waits is enqueued first."""
        self._waiting.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (hint := self._waiting.get()) is not None:
            try:
                self._queue.enqueue(*hint)
            except StoreUnavailable as error:
                log.warning("%s: could not be enqueued, the sweep will: %r", hint[1], error.__cause__)
