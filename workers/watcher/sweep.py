"""The sweep: whatever is due is looked at again, in every state that is not final. Nothing hangs between two systems.

Jobs are hints and may be lost, with the worker that took one or with Redis's memory; enqueuing one twice is harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from commands import (
    transitions,
)
from commands.concern import concerning
from commands.errors import LeaseLost, NotFound, Stale, StoreError, StoreUnavailable
from commands.locks import locking
from commands.locks.lock import Lock
from commands.notices import reviewing
from commands.notices.notice import PREFIX as NOTICE
from commands.notices.notice import Notice
from commands.operation import Operation, State
from commands.queue import JobName, Queue
from commands.store import Lease, Store
from commands.store.locks import DUE as LOCK
from commands.transition import look_again
from workers.watcher.wake import Named, Wake

log = logging.getLogger(__name__)

JOBS: dict[State, JobName] = {
    State.PLANNING: "plan", State.QUEUED: "act", State.ACTING: "act", State.ROLLING_BACK: "act",
}  # fmt: skip

UNREADABLE_PAUSE = 300.0
"""Seconds for which a record of a newer version is left to those who can read it."""

BACKLOG = 200
"""Jobs of a cluster that may wait before the sweep adds no more: without a worker they would pile up, one an operation every 5 s."""

QUESTION = "re-"
"""How the ids of questions begin; they lie in another place than operations."""


class Sweep:
    def __init__(self, store: Store, queue: Queue, wake: Wake, now: Callable[[], float]) -> None:
        self._store, self._queue, self._wake, self._now = store, queue, wake, now
        self._told: set[str] = set()

    def step(self, lease: Lease) -> None:
        """Enqueue, expire or forget what is due. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        for id in self._store.operations.due(self._now()):
            with concerning(id):
                try:
                    self._look_at(id, lease)
                except NotFound:
                    self._store.operations.forget_due(id)
                except (StoreUnavailable, LeaseLost):
                    raise
                except Stale:
                    log.info("%s moved just now", id)
                except (StoreError, ValueError) as error:  # msgspec's errors are ValueErrors
                    self._unreadable(id, error)

    def trim(self) -> None:
        self._store.operations.trim(self._now())

    def _look_at(self, id: str, lease: Lease) -> None:
        if id.startswith(QUESTION):
            self._question(id)
        elif id.startswith(LOCK):
            self._lock(id, self._store.locks.load(id.removeprefix(LOCK)))
        elif id.startswith(NOTICE):
            self._notice(self._store.notices.load(id))
        else:
            self._operation(self._store.operations.load(id), lease)

    def _question(self, id: str) -> None:
        question = self._store.reports.load(id)
        if question.answer is None:
            self._enqueue("report", id, question.invocation.environment)
        else:
            self._store.operations.forget_due(id)

    def _lock(self, id: str, lock: Lock) -> None:
        """Its owner is told once before it ends; what has ended is cleared away."""
        now = self._now()
        if lock.until is None:
            self._store.operations.forget_due(id)
        elif not lock.holds(now):
            self._store.locks.apply(locking.end(lock, now))
        elif not lock.nagged and now >= locking.nags_at(lock):
            self._store.locks.apply(locking.nag(lock, now))
        else:
            self._store.operations.put_off(id, lock.until if lock.nagged else locking.nags_at(lock))

    def _notice(self, notice: Notice) -> None:
        """A review that nobody has acknowledged in time is said once more."""
        review, now = notice.review, self._now()
        if review is None or review.by or review.overdue:
            self._store.operations.forget_due(notice.id)
        elif now >= review.due:
            self._store.notices.apply(reviewing.overdue(notice, now))
        else:
            self._store.operations.put_off(notice.id, review.due)

    def _enqueue(self, job: JobName, id: str, environment: str | None) -> None:
        """Unless nothing takes jobs of that cluster; it is due again in some seconds either way."""
        if self._queue.backlog(environment) <= BACKLOG:
            log.info("%s: enqueued again", id)
            self._queue.enqueue(job, id, environment)

    def _operation(self, operation: Operation, lease: Lease) -> None:
        job = None if operation.undone else JOBS.get(operation.state)
        if job:
            self._enqueue(job, operation.id, operation.environment)
        elif operation.state is State.AWAITING and operation.demand is not None:
            self._waiting(operation, operation.demand.expires, lease)
        elif operation.state in {State.OBSERVING, State.ROLLING_BACK}:
            self._wake.leave(Named(operation.id))
            self._store.operations.put_off(operation.id, self._now() + look_again(operation))
        else:
            self._store.operations.forget_due(operation.id)

    def _waiting(self, operation: Operation, expires: float, lease: Lease) -> None:
        now, remind_at = self._now(), operation.remind_at
        if now >= expires:
            self._store.operations.apply(transitions.expire(operation, now), lease=lease)
        elif remind_at is not None and now >= remind_at:
            self._store.operations.apply(transitions.remind(operation, now), lease=lease)
        else:
            self._store.operations.put_off(operation.id, remind_at or expires)

    def _unreadable(self, id: str, error: Exception) -> None:
        if id not in self._told:
            log.warning("%s is left alone: %s", id, error)
        self._told.add(id)
        self._store.operations.put_off(id, self._now() + UNREADABLE_PAUSE)
