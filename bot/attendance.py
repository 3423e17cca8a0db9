"""Whether anybody does the work: who waits for a worker that does not come is told so, once.

Not by the record, which does not tell a worker that waits for a cluster from one that is not there, but by the queue.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.slack import SlackProblem
from bot.views.attendance import waits
from bot.whispers import Whispers
from commands.concern import concerning
from commands.errors import NotFound, StoreError, StoreUnavailable
from commands.invocation import Invocation
from commands.operation import State
from commands.queue import Queue
from commands.store import Store

log = logging.getLogger(__name__)

UNTAKEN = 20.0
"""Seconds for which a job may lie in the queue after its record moved, before anybody is told."""

WORKERS = frozenset({State.PLANNING, State.QUEUED, State.ACTING})
"""States in which it is a worker's turn."""


class Attendance:
    def __init__(self, store: Store, queue: Queue, whispers: Whispers, now: Callable[[], float]) -> None:
        self._store, self._queue, self._whispers, self._now = store, queue, whispers, now

    def step(self) -> None:
        """Raises ``StoreUnavailable``."""
        for id in self._queue.waiting():
            with concerning(id):
                try:
                    self._look_at(id)
                except NotFound:
                    log.debug("%s is gone", id)
                except StoreUnavailable:
                    raise
                except StoreError as error:
                    log.warning("%s is left alone: %s", id, error)

    def _look_at(self, id: str) -> None:
        if id.startswith("re-"):
            question = self._store.reports.load(id)
            if question.answer is None and self._is_long_since(question.created) and self._store.unattended.note(id, 0):
                self._tell(id, question.invocation, question.invocation.text)
            return
        op = self._store.operations.load(id)
        long_since = self._is_long_since(op.moments[-1].at)
        if op.state in WORKERS and long_since and self._store.unattended.note(id, op.version):
            if "parent" in self._store.deliveries.all(id):
                self._store.outbox.mark(id, self._now())
            else:
                self._tell(id, op.invocation, id)

    def _is_long_since(self, at: float) -> bool:
        return self._now() - at > UNTAKEN

    def _tell(self, id: str, said: Invocation, what: str) -> None:
        try:
            self._whispers.whisper(said.place, said.person.id, waits(what))
        except SlackProblem as problem:
            log.warning("%s: nobody could be told that no worker comes: %s", id, problem)
            self._store.unattended.forget(id)
