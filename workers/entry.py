"""The worker's entry: RQ's forking worker, made to be one of several in a process."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import redis
from redis.client import Pipeline
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import TimeoutError as Unanswered
from rq import Queue as RqQueue
from rq import Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import UnixSignalDeathPenalty
from rq.worker import WorkerStatus

from commands.concern import concerning
from commands.errors import StoreError, StoreUnavailable
from commands.queue import JOB_SECONDS, id_of, only, queue_name
from commands.store.connection import translated
from workers.jobs.act import act
from workers.jobs.context import Context
from workers.jobs.plan import plan
from workers.jobs.report import report

log = logging.getLogger(__name__)

WORKER_TTL = 30
"""Seconds: RQ's own keys of a worker that was killed go after as long, and one that idles wakes up within it (RQ's default is 405)."""

CLEANING = 30
"""Seconds after which jobs are looked for that a killed worker has left behind (RQ's default is 600).

Nothing waits for them, for the sweep has long enqueued what is due: they only lie about.
"""

IDLE = 1
"""Seconds for which a lane waits for a job before it looks whether it is to end."""

LOOK = 1.0
"""Seconds between looks for a Redis that is gone."""

_GONE = (Disconnected, Unanswered)


@contextmanager
def _outage(what: str) -> Iterator[None]:
    try:
        yield
    except _GONE as error:
        log.debug("Redis is gone, so %s is left out: %s", what, error)


class _AlarmInJobs(UnixSignalDeathPenalty):
    """RQ's alarm, where a process can have one: in a job. A lane's own thread can have none, and is the main one in its fork."""

    def setup_death_penalty(self) -> None:
        if threading.current_thread() is threading.main_thread():
            super().setup_death_penalty()  # type: ignore[no-untyped-call]

    def cancel_death_penalty(self) -> None:
        if threading.current_thread() is threading.main_thread():
            super().cancel_death_penalty()  # type: ignore[no-untyped-call]


class _Lane(RqQueue):
    """RQ's worker would wait for a Redis that is gone by itself, deaf to everything, and log an error at each look."""

    @classmethod
    def dequeue_any(cls, *args: Any, **how: Any) -> Any:
        """Raises ``StoreUnavailable``."""
        try:
            return super().dequeue_any(*args, **how)
        except _GONE as error:
            raise translated(error) from error


class LastingWorker(Worker):
    """A worker that outlasts Redis, and may be one of several threads. RQ's own ends where Redis goes while a job runs or
    a heartbeat is due, and thinks that the process is its alone.

    What RQ would have written down is not needed: jobs are hints, the record of an operation says how it stands, and
    the sweep enqueues what is due.
    """

    death_penalty_class = _AlarmInJobs
    queue_class = _Lane
    _outlasts = False
    """Whether Redis is gone, and that has been said."""

    def execute_job(self, job: Job, queue: RqQueue) -> None:
        """A job that still runs is waited for: one at a time, also when only its heartbeat could not be written.

        What it is about is known before the fork, and so in both processes.
        """
        with concerning(id_of(job)):
            try:
                super().execute_job(job, queue)
            except _GONE as error:
                log.info("Redis is gone, so what became of a job is not written down: %s", error)
                self.wait_for_horse()
                self._horse_pid = 0
                self.set_state(WorkerStatus.IDLE)

    def wait_for_horse(self) -> Any:
        """A job ends by its own alarm; one that cannot, for it hangs outside of Python, is killed."""
        watch = threading.Timer(2 * JOB_SECONDS, self.kill_horse)
        watch.daemon = True
        watch.start()
        try:
            return super().wait_for_horse()
        finally:
            watch.cancel()

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, RqQueue] | None:
        """None when it is to end. A second at a time, for nothing can interrupt a thread that waits for Redis."""
        if timeout is None:
            return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
        while not self._stop_requested:
            try:
                taken = super().dequeue_job_and_maintain_ttl(IDLE, IDLE)
            except StoreUnavailable as error:
                self._wait_for_redis(error)
                continue
            if self._outlasts:
                log.info("Redis answers again; the queue %s goes on", *self.queue_names())
                self._outlasts = False
            if taken:
                return taken
        return None

    def _wait_for_redis(self, error: StoreUnavailable) -> None:
        """Said once, not at each look."""
        if not self._outlasts:
            log.error("Redis cannot be reached, so the queue %s waits: %s", *self.queue_names(), error.__cause__)
        self._outlasts = True
        time.sleep(LOOK)

    def end_soon(self) -> None:
        """When the job that runs has ended, at once where none does. From any thread."""
        self._stop_requested = True

    def _install_signal_handlers(self) -> None:
        """Signals are for the process, which has several lanes."""

    def subscribe(self) -> None:
        """RQ would take orders from whoever can publish in Redis, in one thread more for each lane."""

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Its group, of which it is the first. RQ's looks the group up, which is ours until the job has left it."""
        with suppress(ProcessLookupError):
            if pid := self.horse_pid:
                os.killpg(pid, sig)

    def main_work_horse(self, job: Job, queue: RqQueue) -> None:
        """In the fork, which lives for seconds: looking for garbage is most of the work of reading 5,000 pods."""
        gc.disable()
        super().main_work_horse(job, queue)

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

    def register_birth(self) -> None:
        with _outage("the worker's birth"):
            super().register_birth()  # type: ignore[no-untyped-call]

    def register_death(self) -> None:
        with _outage("the worker's farewell"):
            super().register_death()  # type: ignore[no-untyped-call]

    def unsubscribe(self) -> None:
        with _outage("the end of a subscription"):
            super().unsubscribe()  # type: ignore[no-untyped-call]


def _hint(job: Callable[[str], None], id: str) -> None:
    """A job that cannot go on leaves its record due: the sweep, or whoever holds the lease now, takes it from there."""
    try:
        job(id)
    except StoreError as error:
        log.warning("%s is left to the sweep: %s", id, error)


def worker(context: Context, client: redis.Redis, prefix: str, queue: str | None = None) -> LastingWorker:
    """A worker on one queue, which is none of the clusters' unless it is named. ``client`` is its own: RQ changes the socket timeout of the connection it is given."""
    jobs = {"plan": plan, "act": act, "report": report}
    functions = {name: partial(_hint, partial(job, context)) for name, job in jobs.items()}
    job_class = only(functions)
    listening = _Lane(queue or queue_name(prefix), connection=client, serializer=JSONSerializer, job_class=job_class)
    return LastingWorker(
        [listening],
        connection=client,
        serializer=JSONSerializer,
        job_class=job_class,
        worker_ttl=WORKER_TTL,
        maintenance_interval=CLEANING,
        log_job_description=False,
    )
