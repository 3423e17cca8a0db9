"""A worker that outlasts Redis. RQ's own ends where Redis goes while a job runs or a heartbeat is due.

What RQ would have written down is not needed: jobs are hints, the record of an operation says how it stands, and the
sweep enqueues what is due.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from redis.client import Pipeline
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import TimeoutError as Unanswered
from rq import Queue, Worker
from rq.job import Job
from rq.worker import WorkerStatus

_GONE = (Disconnected, Unanswered)

log = logging.getLogger(__name__)


@contextmanager
def _outage(what: str) -> Iterator[None]:
    try:
        yield
    except _GONE as error:
        log.debug("Redis is gone, so %s is left out: %s", what, error)


class LastingWorker(Worker):
    max_connection_wait_time = 1.0
    """Seconds between looks for a Redis that is gone. RQ's pauses grow to a minute, in which nobody would do the work."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """A job that still runs is waited for: one at a time, also when only its heartbeat could not be written."""
        try:
            super().execute_job(job, queue)
        except _GONE as error:
            log.info("Redis is gone, so what became of a job is not written down: %s", error)
            self.wait_for_horse()
            self._horse_pid = 0
            self.set_state(WorkerStatus.IDLE)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        with _outage("the worker's state"):
            super().set_state(state, pipeline)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        with _outage("a heartbeat"):
            super().heartbeat(timeout, pipeline)

    def check_for_suspension(self, burst: bool) -> None:
        with _outage("a look whether to pause"):
            super().check_for_suspension(burst)

    def run_maintenance_tasks(self) -> None:
        with _outage("cleaning up"):
            super().run_maintenance_tasks()  # type: ignore[no-untyped-call]

    def register_death(self) -> None:
        with _outage("the worker's farewell"):
            super().register_death()  # type: ignore[no-untyped-call]

    def unsubscribe(self) -> None:
        with _outage("the end of a subscription"):
            super().unsubscribe()  # type: ignore[no-untyped-call]
