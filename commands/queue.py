"""The queue, the one place that imports RQ besides the worker's entry.

A job is a hint: its name is one of ours, its only argument an id, and the record in Redis decides what is done. It may
come twice or never (the sweep enqueues what is due), so nothing here retries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue as RqQueue
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer

from commands.errors import StoreUnavailable

JobName = Literal["plan", "act", "report"]
JOB_SECONDS = 60
"""After this RQ ends a job; the sweep tries again. Plans and acts take seconds."""


class Queue:
    """Puts jobs into the one queue that a worker listens to (with two, RQ can lose a job between pop and start)."""

    def __init__(self, client: redis.Redis, prefix: str = "quarterdeck:") -> None:
        self._queue = RqQueue(queue_name(prefix), connection=client, serializer=JSONSerializer)

    def enqueue(self, job: JobName, id: str) -> None:
        """Raises ``StoreUnavailable``."""
        try:
            self._queue.enqueue_call(job, args=(id,), timeout=JOB_SECONDS, result_ttl=0, failure_ttl=3600)
        except RedisError as error:
            raise StoreUnavailable from error

    def waiting(self, most: int = 100) -> Sequence[str]:
        """The ids whose jobs no worker has taken, the longest first; since when, their records tell by everyone's clock.

        Raises ``StoreUnavailable``.
        """
        try:
            jobs = self._queue.get_jobs(0, most)
        except RedisError as error:
            raise StoreUnavailable from error
        return list(dict.fromkeys(id for job in jobs if (id := id_of(job))))

    def depth(self) -> int:
        """How many jobs wait. Raises ``StoreUnavailable``."""
        try:
            return int(self._queue.count)
        except RedisError as error:
            raise StoreUnavailable from error


def id_of(job: Job) -> str | None:
    """None for what is no job of ours."""
    try:
        match job.args:
            case [str(id)]:
                return id
    except DeserializationError:
        pass
    return None


def queue_name(prefix: str) -> str:
    """RQ's keys are always ``rq:*``, so our prefix goes into the queue's name."""
    return prefix.rstrip(":").replace(":", "-")


def bare(url: str, seconds: float) -> redis.Redis:
    """A client as RQ wants it (bytes, its own errors), of its own: RQ changes its worker's socket timeouts."""
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0), driver_info=None
    )


def only(functions: Mapping[str, Callable[[str], None]]) -> type[Job]:
    """A job class that can run these functions with one id, and nothing else whatever Redis says.

    Plain RQ resolves any dotted name (a JSON job naming ``os.system`` did run), imports callbacks and calls webhooks.
    """

    class OurJob(Job):
        @property
        def func(self) -> Callable[..., Any]:
            name, args = self.func_name, self.args
            if (
                not isinstance(name, str)
                or name not in functions
                or self.kwargs
                or not (isinstance(args, list | tuple) and len(args) == 1)
            ):
                raise PermissionError(f"not a job of Quarterdeck's: {name!r}")
            return functions[name]

        @property
        def success_callback(self) -> None:
            return None

        @property
        def failure_callback(self) -> None:
            return None

        @property
        def stopped_callback(self) -> None:
            return None

        def send_webhooks(self, *_: Any, **__: Any) -> None:
            """None are ours."""

    return OurJob
