"""What a watcher does while it leads: made when it takes the lease, closed when it loses it. Nothing outlives a term.

One thread calls it; feeds, the bell and look-ups only leave marks. Work is in proportion to what changed: a mark leads to
the operations it concerns, and a slow round over all catches what time alone changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from commands import transitions
from commands.concern import concerning
from commands.config import Environment
from commands.errors import Stale, StoreError
from commands.operation import Ending, Operation, State
from commands.progress import Progress
from commands.queue import Queue
from commands.store import Lease, Store
from commands.transition import Transition
from workers.cluster import Cluster
from workers.watcher.anchor import Anchor
from workers.watcher.confirm import Confirm
from workers.watcher.drift import Drift
from workers.watcher.evidence import Evidence
from workers.watcher.feeds import Feeds
from workers.watcher.flight import Flight
from workers.watcher.freeing import Freeing
from workers.watcher.lookups import Lookups
from workers.watcher.observe import Observer
from workers.watcher.pace import Pace
from workers.watcher.sweep import JOBS, Sweep
from workers.watcher.timers import Timers
from workers.watcher.wake import Mark, Named, Records, Wake

log = logging.getLogger(__name__)

SLICE = 25
"""Operations looked at in a row; then come the lease, and those that changed meanwhile. A round over a thousand is forty."""

SWEEP, ROUND, TRIM, ANCHOR = "sweep", "round", "trim", "anchor"
EVERY = {SWEEP: 0.5, ROUND: 3.0, TRIM: 3600.0, ANCHOR: 300.0}
"""Seconds. A verdict also changes with time alone (a pull that keeps failing, a deadline): hence the round."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root hands in. ``deadline``: environment → seconds; ``environment``: its rules, None where it has gone. ``now``: Unix seconds."""

    store: Store
    queue: Queue
    clusters: Callable[[str], Cluster]
    deadline: Callable[[str], float]
    now: Callable[[], float]
    environment: Callable[[str], Environment | None]


class Duty:
    def __init__(self, parts: Parts, lease: Lease, wake: Wake) -> None:
        self._parts, self._lease, self._wake = parts, lease, wake
        self._flight = Flight(parts.store)
        self._feeds = Feeds(parts.clusters, wake)
        self._lookups = Lookups(wake)
        self._pace = Pace(self._write_progress)
        self._confirm = confirm = Confirm(parts.clusters, self._lookups)
        evidence = Evidence(parts.clusters, self._lookups)
        self._observer = Observer(
            self._feeds, confirm, evidence, self._pace, parts.deadline, parts.now, parts.environment
        )
        self._drift = Drift(
            self._feeds, confirm, parts.clusters, self._lookups, self._pace, parts.store.operations.progress, parts.now
        )
        self._freeing = Freeing(self._feeds, parts.queue, parts.now)
        self._sweep = Sweep(parts.store, parts.queue, wake, parts.now)
        self._anchor = Anchor(parts.store, parts.now)
        self._timers = Timers(EVERY)
        self._changed: dict[str, None] = {}
        self._waiting: dict[str, None] = {}
        """Ids to be looked at: what changed first. One leaves only when it was: an outage in between loses nothing."""
        self._stumbled: set[str] = set()

    def turn(self, seconds: float) -> None:
        """Wait for a mark for at most so long, then do what is to be done. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        marks = self._wake.wait(0.0 if self._changed or self._waiting else min(seconds, self._idle()))
        self._changed.update(dict.fromkeys(self._flight.concerned(marks, self._feeds)))
        self._read(marks)
        self._look_at_some()
        self._pace.flush()
        if self._timers.due(SWEEP):
            self._sweep.step(self._lease)
        if self._timers.due(TRIM):
            self._sweep.trim()
        if self._timers.due(ANCHOR):
            self._anchor.tell()

    def end(self) -> None:
        """While it still leads. Raises ``StoreUnavailable``."""
        self._anchor.tell()

    def resume(self) -> None:
        """After an outage of Redis: read and look at everything again."""
        self._timers.bring_forward(ROUND)

    def feeds(self) -> Mapping[str, str]:
        """See ``Feeds.states``. From any thread."""
        return self._feeds.states()

    def close(self) -> None:
        self._feeds.close()
        self._lookups.close()

    def _idle(self) -> float:
        """Seconds until something is to be done although nothing changed."""
        waits = [self._timers.wait, self._pace.wait, self._lookups.wait]
        return min(wait for wait in waits if wait is not None)

    def _read(self, marks: Iterable[Mark]) -> None:
        round_ = self._timers.due(ROUND)
        if not round_ and Records() not in marks:
            return
        moved = self._flight.read_again()
        for id in moved:
            self._lookups.forget(id)
        self._changed.update(dict.fromkeys(moved))
        if round_:
            self._waiting.update(dict.fromkeys(self._flight))
        self._feeds.want(self._flight.needs())

    def _look_at_some(self) -> None:
        for id in [*self._changed, *self._waiting][:SLICE]:
            operation = self._flight.get(id)
            if operation is None:
                self._forget(id)
            elif move := self._move(operation):
                self._apply(move)
            self._changed.pop(id, None)
            self._waiting.pop(id, None)
        self._changed.update(dict.fromkeys(self._lookups.late()))

    def _move(self, operation: Operation) -> Transition | None:
        """One operation that cannot be judged, because of an object nobody thought of, must not stop the others."""
        with concerning(operation.id, operation.invocation.person.id):
            return self._judged(operation)

    def _judged(self, operation: Operation) -> Transition | None:
        try:
            return self._judge(operation)
        except StoreError:
            raise
        except Exception:
            if operation.id not in self._stumbled:
                log.exception("%s cannot be judged", operation.id)
            self._stumbled.add(operation.id)
            return self._give_up(operation)

    def _judge(self, operation: Operation) -> Transition | None:
        match operation.state:
            case State.OBSERVING | State.ROLLING_BACK:
                move = self._observer.look(operation)
                if move is None:
                    self._freeing.look(operation)
                return move
            case State.AWAITING:
                return self._drift.look(operation)
            case _:
                return None

    def _give_up(self, operation: Operation) -> Transition | None:
        if operation.state not in {State.OBSERVING, State.ROLLING_BACK} or not self._observer.is_overdue(operation):
            return None
        sentence = (
            "The change was written, but a fault of mine kept me from judging whether it rolled out; my log says more."
        )
        return transitions.fail(operation, Ending(sentence), self._parts.now())

    def _apply(self, move: Transition) -> None:
        try:
            after = self._parts.store.operations.apply(move, lease=self._lease)
        except Stale:  # somebody cancelled or voted just now: read it again and decide anew
            self._flight.load(move.after.id)
            self._wake.leave(Named(move.after.id))
            return
        self._flight.put(after)
        self._forget(after.id)
        if not after.state.final and (job := JOBS.get(after.state)):
            self._parts.queue.enqueue(job, after.id, after.environment)

    def _forget(self, id: str) -> None:
        self._lookups.forget(id)
        self._confirm.forget(id)
        self._freeing.forget(id)
        self._drift.forget(id)
        self._pace.forget(id)
        self._stumbled.discard(id)

    def _write_progress(self, id: str, progress: Progress) -> None:
        self._parts.store.operations.note_progress(id, progress, self._lease)
