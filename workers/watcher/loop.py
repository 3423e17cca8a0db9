"""The watcher: stands by or leads, and survives Redis and clusters going away.

While it leads, a ``Duty`` does the work. After an outage of Redis everything in flight is read again; a lease that was
lost meanwhile ends the term, and the next begins with fresh caches.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from commands.config import Environment
from commands.errors import LeaseLost, StoreUnavailable
from commands.queue import Queue
from commands.store import Store
from workers.cluster import Cluster
from workers.watcher.backoff import Backoff
from workers.watcher.duty import Duty, Parts
from workers.watcher.hearing import Hearing
from workers.watcher.leader import SECONDS, Leadership
from workers.watcher.wake import Wake

log = logging.getLogger(__name__)

STUCK = 30.0
"""Seconds without a finished turn after which it is not ready, whatever it last knew."""


class Watcher:
    """``run`` until ``stop``, which may come from any thread (or a signal's handler); ``ready`` is for /readyz.

    ``deadline``: an environment's name → the seconds that a rollout may take there. ``now``: Unix seconds.
    ``environment``: its name → its rules, None where it has gone from them.
    """

    def __init__(
        self,
        store: Store,
        queue: Queue,
        clusters: Callable[[str], Cluster],
        deadline: Callable[[str], float],
        now: Callable[[], float],
        environment: Callable[[str], Environment | None],
        *,
        lease_seconds: float = SECONDS,
    ) -> None:
        self._parts = Parts(store, queue, clusters, deadline, now, environment)
        self._wake, self._stopping = Wake(), threading.Event()
        self._leadership = Leadership(store.leases, lease_seconds)
        self._hearing = Hearing(store, self._wake)
        self._backoff = Backoff(0.2, 2.0)
        self._duty: Duty | None = None
        self._outage: str | None = "not yet asked"
        self._turned = time.monotonic()

    def run(self) -> None:
        self._hearing.start()
        while not self._stopping.is_set():
            try:
                self._turn()
            except LeaseLost:
                self._stand_down()
            except StoreUnavailable as error:
                self._pause(f"Redis cannot be reached: {error.__cause__ or error}")
            except Exception as error:  # a watcher that ends leaves every operation without eyes
                log.exception("a turn failed")
                self._pause(f"a turn failed: {error!r}")
            else:
                self._calm()
        self._end()

    def stop(self) -> None:
        """Returns at once; ``run`` returns within a second or two."""
        self._stopping.set()
        self._wake.rouse()

    def ready(self) -> tuple[bool, dict[str, object]]:
        """Redis answers, and it stands by, or leads with every feed of a cluster in sync. From any thread."""
        duty, outage = self._duty, self._outage
        feeds = dict(duty.feeds()) if duty else {}
        if time.monotonic() - self._turned > STUCK:
            outage = outage or "the loop is stuck"
        details: dict[str, object] = {
            "role": "leading" if duty else "standing by",
            "redis": outage or "answering",
            "feeds": feeds,
        }
        return outage is None and _sees(feeds), details

    def _turn(self) -> None:
        lease = self._leadership.keep()
        if lease is None:
            self._calm()
            self._stopping.wait(self._leadership.wait)
            return
        if self._duty is None:
            self._duty = Duty(self._parts, lease, self._wake)
        self._duty.turn(self._leadership.wait)

    def _calm(self) -> None:
        """Redis answered."""
        if self._outage is not None:
            log.info("Redis answers")
        self._outage, self._turned = None, time.monotonic()
        self._backoff.reset()

    def _pause(self, outage: str) -> None:
        """Said once for each outage, not at each attempt."""
        if outage != self._outage:
            log.error("%s; trying again", outage)
        self._outage, self._turned = outage, time.monotonic()
        if self._duty is not None:
            self._duty.resume()
        self._stopping.wait(self._backoff.next())

    def _stand_down(self) -> None:
        """Another leads, or will: what is held here is of no use."""
        self._leadership.lose()
        self._close_duty()

    def _end(self) -> None:
        self._hearing.stop()
        if self._duty is not None:
            with suppress(StoreUnavailable):
                self._duty.end()
        self._leadership.resign()
        self._close_duty()
        self._hearing.join(1.5)

    def _close_duty(self) -> None:
        duty, self._duty = self._duty, None
        if duty is not None:
            duty.close()


def _sees(feeds: Mapping[str, str]) -> bool:
    """Whether all is in sync of some cluster, if any is needed: one that cannot be seen takes nobody from the others."""
    clusters = {name: name.partition("/")[0] for name in feeds}
    blind = {clusters[name] for name, state in feeds.items() if state != "synced"}
    return not feeds or bool({*clusters.values()} - blind)
