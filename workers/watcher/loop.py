"""The watcher: wakes on changes in clusters and records, and moves the operations that they concern.

One thread decides; feeds, the bell and look-ups only leave marks for it. It survives Redis and clusters going away:
what was in flight is read again when they are back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection

from commands.errors import LeaseLost, Stale, StoreUnavailable
from commands.operation import Operation, State
from commands.queue import Queue
from commands.store import Lease, Store
from commands.transitions import Transition
from workers.cluster import Cluster
from workers.watcher import awaiting
from workers.watcher.feeds import Feeds
from workers.watcher.flight import Flight
from workers.watcher.leader import SECONDS, Leadership
from workers.watcher.lookups import Lookups
from workers.watcher.observe import Observer
from workers.watcher.sweep import Sweep
from workers.watcher.wake import Named, Records, Wake

log = logging.getLogger(__name__)

SWEEP_EVERY = 0.5
ROUND_EVERY = 2.0
"""Seconds between full rounds: verdicts also change with time alone (a pull that keeps failing, a deadline)."""
TRIM_EVERY = 3600.0
PAUSE = 0.5
"""Seconds between tries while Redis cannot be reached."""


class Watcher:
    """``run`` until ``stop``, which may come from any thread; ``ready`` for /readyz."""

    def __init__(
        self, store: Store, queue: Queue, clusters: Callable[[str], Cluster], deadline: Callable[[str], float],
        now: Callable[[], float], *, lease_seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self._store, self._queue, self._now = store, queue, now
        self._wake, self._stopping = Wake(), threading.Event()
        self._leadership = Leadership(store.leases, lease_seconds)
        self._lookups = Lookups(self._wake)
        self._feeds = Feeds(clusters, self._wake)
        self._flight = Flight(store)
        self._observer = Observer(store, self._feeds, self._lookups, clusters, deadline, now)
        self._sweep = Sweep(store, queue, now)
        self._next = dict.fromkeys(("sweep", "round", "trim"), 0.0)
        self._reachable = True

    def run(self) -> None:
        bell = threading.Thread(target=self._hear, name="bell", daemon=True)
        bell.start()
        while not self._stopping.is_set():
            try:
                self._turn()
                self._reachable = True
            except LeaseLost:
                self._leadership.lose()
                self._stand_by()
            except StoreUnavailable as error:
                if self._reachable:
                    log.error("Redis cannot be reached: %r", error.__cause__)
                self._reachable = False
                self._stopping.wait(PAUSE)
        self._leadership.resign()
        self._feeds.close()
        self._lookups.close()
        bell.join(1)

    def stop(self) -> None:
        self._stopping.set()
        self._wake.rouse()

    def ready(self) -> tuple[bool, dict[str, object]]:
        """Redis answers, and either another leads or the feeds are in sync."""
        states = self._feeds.states()
        details: dict[str, object] = {
            "redis": self._reachable,
            "leading": self._leadership.lease is not None,
            "feeds": dict(states),
        }
        return self._reachable and all(state == "synced" for state in states.values()), details

    def _turn(self) -> None:
        lease = self._leadership.keep()
        if lease is None:
            self._wake.wait(self._leadership.wait)
            return
        marks = self._wake.wait(min(self._leadership.wait, self._until("sweep"), self._until("round")))
        ids = set(self._flight.concerned(marks, self._feeds))
        if self._due("round", ROUND_EVERY):
            ids |= set(self._flight.read_again()) | set(self._flight)
        elif Records() in marks:
            ids |= set(self._flight.read_again())
        self._feeds.want(self._flight.needs())
        self._look_at(ids, lease)
        if self._due("sweep", SWEEP_EVERY):
            self._sweep.step(lease)
        if self._due("trim", TRIM_EVERY):
            self._sweep.trim()

    def _look_at(self, ids: Collection[str], lease: Lease) -> None:
        for id in ids:
            operation = self._flight.get(id)
            if operation is None:
                self._observer.forget(id)
            elif move := self._move(operation, lease):
                self._apply(move, lease)

    def _move(self, operation: Operation, lease: Lease) -> Transition | None:
        match operation.state:
            case State.OBSERVING:
                return self._observer.look(operation, lease)
            case State.AWAITING:
                return awaiting.drifted(operation, self._feeds, self._now())
            case _:
                return None

    def _apply(self, move: Transition, lease: Lease) -> None:
        try:
            after = self._store.operations.apply(move, lease=lease)
        except Stale:
            self._flight.load(move.after.id)
            self._wake.leave(Named(move.after.id))
            return
        self._flight.put(after)
        if after.state is State.PLANNING:
            self._queue.enqueue("plan", after.id)
        if after.state.final:
            self._observer.forget(after.id)

    def _stand_by(self) -> None:
        """Another leads: what we hold is of no use."""
        for id in self._flight:
            self._observer.forget(id)
            self._flight.put_away(id)
        self._feeds.want(())

    def _hear(self) -> None:
        """The bell, in a thread of its own."""
        bell = self._store.bell()
        while not self._stopping.is_set():
            try:
                if bell.wait(1.0) in {"operation", "subscribed"}:
                    self._wake.leave(Records())
            except StoreUnavailable:
                self._stopping.wait(PAUSE)
        bell.close()

    def _until(self, what: str) -> float:
        return max(0.0, self._next[what] - time.monotonic())

    def _due(self, what: str, every: float) -> bool:
        if self._until(what) > 0:
            return False
        self._next[what] = time.monotonic() + every
        return True
