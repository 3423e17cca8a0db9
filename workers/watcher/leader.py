"""Which of several watchers leads: the one that holds the lease ``watcher``. Another tries every second.

The lease goes with every write, so a leader that was paused for longer than it lasts finds its writes refused.
"""

from __future__ import annotations

import logging
import random
import time
from contextlib import suppress

from commands.errors import LeaseLost, StoreUnavailable
from commands.store import Lease
from commands.store.leases import Leases

log = logging.getLogger(__name__)

NAME = "watcher"
SECONDS = 10.0
"""How long a leader that was killed keeps the others waiting, at most; they try ten times within it."""


class Leadership:
    """Kept by the loop itself, not by a thread: a loop that hangs must lose it."""

    def __init__(self, leases: Leases, seconds: float = SECONDS) -> None:
        self._leases, self._seconds = leases, seconds
        self._next = 0.0
        self._lease: Lease | None = None

    @property
    def lease(self) -> Lease | None:
        return self._lease

    @property
    def wait(self) -> float:
        """Seconds until ``keep`` has something to do."""
        return max(0.0, self._next - time.monotonic())

    def keep(self) -> Lease | None:
        """Take or renew the lease where it is time to. None: another leads. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        if time.monotonic() < self._next:
            return self._lease
        if self._lease is not None:
            self._leases.renew(self._lease)
            self._next = time.monotonic() + self._seconds * 0.3
        else:
            self._lease = self._leases.take(NAME, self._seconds)
            self._next = time.monotonic() + self._pause()
            if self._lease is not None:
                log.info("this watcher leads now")
        return self._lease

    def lose(self) -> None:
        """A write was refused: stand by."""
        if self._lease is not None:
            log.warning("this watcher no longer leads")
        self._lease, self._next = None, 0.0

    def resign(self) -> None:
        """Release it, so that another need not wait for its end. Never raises."""
        if self._lease is not None:
            with suppress(StoreUnavailable, LeaseLost):
                self._leases.release(self._lease)
        self._lease = None

    def _pause(self) -> float:
        if self._lease is not None:
            return self._seconds * 0.3
        return self._seconds * random.uniform(0.08, 0.12)  # noqa: S311 - keeps watchers out of step, guards nothing
