"""When each envelope of Socket Mode reached us: a slash command carries no time of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

KEPT = 60.0
"""Seconds: far beyond Slack's patience. Some envelopes are never handled, and must not be remembered for ever."""


class Receipts:
    """Thread-safe: the socket's callback notes, the handlers take."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._received: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def note(self, envelope: str) -> None:
        """It arrives now. What was never taken is forgotten in time."""
        now = self._now()
        with self._lock:
            self._received[envelope] = now
            while next(iter(self._received.values())) < now - KEPT:
                self._received.popitem(last=False)

    def take(self, envelope: str) -> float:
        """Unix seconds. Every envelope is noted before it is handled, so one that is not known any more waited for long."""
        with self._lock:
            return self._received.pop(envelope, self._now() - KEPT)

    def __len__(self) -> int:
        return len(self._received)
