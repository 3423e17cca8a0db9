"""Things to be done every so many seconds, by a clock that nobody sets back. The first time is at once."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Timers:
    def __init__(self, every: Mapping[str, float]) -> None:
        self._every = dict(every)
        self._next = dict.fromkeys(every, 0.0)

    @property
    def wait(self) -> float:
        """Seconds until the next."""
        return max(0.0, min(self._next.values()) - time.monotonic())

    def due(self, name: str) -> bool:
        """Whether it is time; if so, the next time is set."""
        now = time.monotonic()
        if now < self._next[name]:
            return False
        self._next[name] = now + self._every[name]
        return True

    def bring_forward(self, name: str) -> None:
        self._next[name] = 0.0
