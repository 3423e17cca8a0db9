"""One clock for all processes: Redis's. Machines' own may differ by minutes, and times are compared across machines.

What one process writes (a hold, a due time, an announcement, when somebody's facts were read) another compares with its
own now. So everyone's now is this one; only what Slack or Kubernetes has stamped is compared with the machine's clock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from commands.errors import StoreUnavailable
from commands.store.connection import Wire

log = logging.getLogger(__name__)

MEASURED_EVERY = 5.0
"""Seconds: so long a machine's clock may go wrong, by a step or a pause, until that is noticed."""

RETRY = 1.0
"""Seconds until Redis is asked again that did not answer: listeners wait for its silence too."""

SLOW = 0.5
"""Seconds. An answer that took longer says too little of the time, for it may be off by half of that: more than nothing all the same."""


class Clock:
    """Unix seconds by Redis's clock, as a callable. Thread-safe: at worst two threads measure at once.

    How far the machine's own is behind is measured now and then; while Redis cannot be reached, what was measured holds.
    """

    def __init__(self, wire: Wire, machine: Callable[[], float]) -> None:
        self._wire, self._machine = wire, machine
        self._behind: float | None = None
        self._next = 0.0

    def __call__(self) -> float:
        if time.monotonic() >= self._next:
            self._measure()
        return self._machine() + (self._behind or 0.0)

    def _measure(self) -> None:
        began, before = time.monotonic(), self._machine()
        try:
            seconds, micros = self._wire.client.time()
        except StoreUnavailable as error:
            log.debug("Redis does not tell the time: %r", error.__cause__)
            self._next = time.monotonic() + RETRY
            return
        took = time.monotonic() - began
        self._next = began + MEASURED_EVERY
        if took < SLOW or self._behind is None:
            self._behind = seconds + micros / 1e6 - (before + took / 2)
