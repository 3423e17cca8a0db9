"""Whether somebody waits for an ack right now: what may come a moment later waits for a calm one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Rush:
    """Counts the requests that are being acknowledged. Threads share one interpreter: work behind an ack delays the others'."""

    def __init__(self) -> None:
        self._waiting = 0
        self._calm = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._calm:
            self._waiting += 1
        try:
            yield
        finally:
            with self._calm:
                self._waiting -= 1
                if not self._waiting:
                    self._calm.notify_all()

    def outwait(self, seconds: float) -> None:
        """Returns as soon as nobody waits, and at the latest after ``seconds``."""
        with self._calm:
            self._calm.wait_for(lambda: not self._waiting, max(seconds, 0.0))
