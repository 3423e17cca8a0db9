"""The cluster's time: real, sped up, or moved by hand. One clock serves timestamps, timers and ages."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime

Action = Callable[[], None]


class Clock:
    """``now()`` in seconds since 1970; timers fire when ``run_due`` is called at or after their time.

    ``speed`` is cluster seconds per real second; 0 stands still until ``advance``. Timers are kept here rather than in
    the event loop, so that real and stepped time are one code path.
    """

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        self.speed = speed
        self._began = time.monotonic()
        self._base = time.time() if start is None else start
        self._timers: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self.on_timer: Action = lambda: None
        """Called when a timer was added: the event loop looks again at when to wake."""

    def now(self) -> float:
        return self._base + (time.monotonic() - self._began) * self.speed

    def stamp(self) -> str:
        """Now as RFC 3339 in whole seconds, as ``metadata.creationTimestamp`` has it."""
        return stamp(self.now())

    def after(self, seconds: float, action: Action) -> None:
        heapq.heappush(self._timers, (self.now() + max(0.0, seconds), next(self._order), action))
        self.on_timer()

    def run_due(self) -> bool:
        """Run the timers that are due, in their order. Tells whether any ran."""
        ran = False
        while self._timers and self._timers[0][0] <= self.now():
            heapq.heappop(self._timers)[2]()
            ran = True
        return ran

    def next_due(self) -> float | None:
        """Cluster seconds until the next timer, or None."""
        return max(0.0, self._timers[0][0] - self.now()) if self._timers else None

    def advance(self, seconds: float) -> None:
        """Move time on by hand. The caller runs what is due: see ``Engine.step``."""
        self._base += seconds


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> float:
    """Seconds since 1970 of an RFC 3339 time, with or without fractions."""
    return datetime.fromisoformat(text).timestamp()
