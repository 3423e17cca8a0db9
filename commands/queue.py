"""The queues, one for each cluster; the one place that imports RQ besides the worker's entry.

A job is a hint: its name is one of ours, its only argument an id, and the record in Redis decides what is done. It may
come twice or never (the sweep enqueues what is due), so nothing here retries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import redis
from redis.exceptions import RedisError
from rq import Queue as RqQueue
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer

from commands.config import Rules
from commands.store.address import Address
from commands.store.connection import opened, translated

JobName = Literal["plan", "act", "report"]
JOB_SECONDS = 60
"""After this RQ ends a job; the sweep tries again. Plans and acts take seconds."""


class Queue:
    """Puts each job into the lane of its environment's cluster: a queue that nothing of another cluster stands in.

    A worker takes each lane by itself (listening to two at once, RQ can lose a job between pop and start).
    """

    def __init__(self, client: redis.Redis, prefix: str = "quarterdeck:", rules: Rules | None = None) -> None:
        """``rules`` tell which cluster an environment is in; without them there is one lane."""
        self._client, self._prefix, self._rules = client, prefix, rules

    def enqueue(self, job: JobName, id: str, environment: str | None = None) -> None:
        """``environment``: where it is about; None, or one that is gone from the rules, is of no cluster.

        Raises ``StoreUnavailable``.
        """
        with _answering():
            self._lane(environment).enqueue_call(job, args=(id,), timeout=JOB_SECONDS, result_ttl=0, failure_ttl=3600)

    def waiting(self, most: int = 100) -> Sequence[str]:
        """The ids whose jobs no worker has taken, lane by lane, the longest first; since when, their records tell by everyone's clock.

        Raises ``StoreUnavailable``.
        """
        with _answering():
            jobs = [job for lane in self._lanes() for job in lane.get_jobs(0, most)]
        return list(dict.fromkeys(id for job in jobs if (id := id_of(job))))

    def depth(self) -> int:
        """How many jobs wait in all. Raises ``StoreUnavailable``."""
        with _answering():
            return sum(int(lane.count) for lane in self._lanes())

    def backlog(self, environment: str | None) -> int:
        """How many jobs wait in that environment's lane. Raises ``StoreUnavailable``."""
        with _answering():
            return int(self._lane(environment).count)

    def jobs(self) -> Sequence[Job]:
        """Those that wait, as they lie in Redis. Raises ``StoreUnavailable``."""
        with _answering():
            return [job for lane in self._lanes() for job in lane.jobs]

    def _lane(self, environment: str | None) -> RqQueue:
        settings = self._rules.now.environments.get(environment or "") if self._rules else None
        return self._named(lane_name(self._prefix, settings.cluster if settings else None))

    def _lanes(self) -> list[RqQueue]:
        """Those that any job was ever put into, of the clusters that there are: from another's nobody takes any job."""
        first, of_clusters = queue_name(self._prefix), lane_name(self._prefix, "")
        keys: Iterable[bytes] = self._client.smembers("rq:queues")  # type: ignore[assignment]  # of a client that decodes nothing
        known = (key.decode().removeprefix("rq:queue:") for key in keys)
        lanes = {name for name in known if name.startswith(of_clusters)}
        if self._rules:
            lanes &= {lane_name(self._prefix, cluster) for cluster in self._rules.now.clusters}
        return [self._named(name) for name in (first, *sorted(lanes))]

    def _named(self, name: str) -> RqQueue:
        return RqQueue(name, connection=self._client, serializer=JSONSerializer)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise translated(error) from error


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


def lane_name(prefix: str, cluster: str | None) -> str:
    """The queue of that cluster's jobs; of None, that of jobs that are about no cluster."""
    return queue_name(prefix) if cluster is None else f"{queue_name(prefix)}@{cluster}"


def bare(at: Address | str, seconds: float) -> redis.Redis:
    """A client as RQ wants it (bytes, its own errors), of its own: RQ changes its worker's socket timeouts."""
    return opened(redis.Redis, at, seconds)


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
