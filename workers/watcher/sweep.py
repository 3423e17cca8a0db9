"""The sweep: whatever is due is looked at again, in every state that is not final. Nothing hangs between two systems."""

from __future__ import annotations

import logging
from collections.abc import Callable

from commands import transitions
from commands.errors import NewerRecord, NotFound, Stale
from commands.operation import Operation, State
from commands.queue import JobName, Queue
from commands.store import Lease, Store

log = logging.getLogger(__name__)

JOBS: dict[State, JobName] = {State.PLANNING: "plan", State.QUEUED: "act", State.ACTING: "act"}
NEWER_PAUSE = 300.0
"""Seconds for which a record of a newer version is left alone."""


class Sweep:
    def __init__(self, store: Store, queue: Queue, now: Callable[[], float]) -> None:
        self._store, self._queue, self._now = store, queue, now

    def step(self, lease: Lease) -> None:
        """Enqueue, expire or forget what is due. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        for id in self._store.operations.due(self._now()):
            if id.startswith("re-"):
                self._question(id)
            else:
                self._operation(id, lease)

    def trim(self) -> None:
        self._store.operations.trim(self._now())

    def _question(self, id: str) -> None:
        try:
            if self._store.reports.load(id).answer is None:
                self._queue.enqueue("report", id)
        except NotFound:
            self._store.operations.forget_due(id)

    def _operation(self, id: str, lease: Lease) -> None:
        try:
            operation = self._store.operations.load(id)
        except NotFound:
            self._store.operations.forget_due(id)
        except NewerRecord as error:
            log.warning("%s is left alone: %s", id, error)
            self._store.operations.put_off(id, self._now() + NEWER_PAUSE)
        else:
            self._again(operation, lease)

    def _again(self, operation: Operation, lease: Lease) -> None:
        job = JOBS.get(operation.state)
        if job:
            log.info("%s: still %s, enqueued again", operation.id, operation.state.value)
            self._queue.enqueue(job, operation.id)
        elif operation.state is State.AWAITING and self._is_over(operation):
            try:
                self._store.operations.apply(transitions.expire(operation, self._now()), lease=lease)
            except Stale:
                log.info("%s moved as it was about to expire", operation.id)

    def _is_over(self, operation: Operation) -> bool:
        return operation.demand is not None and self._now() >= operation.demand.expires
