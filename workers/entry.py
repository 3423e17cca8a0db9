"""The worker's entry: RQ's forking worker, with everything heavy imported and built before it forks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import redis
from rq import Queue as RqQueue
from rq import Worker
from rq.serializers import JSONSerializer

from commands.errors import StoreError
from commands.queue import only, queue_name
from workers import cluster
from workers.jobs.act import act
from workers.jobs.context import Context
from workers.jobs.plan import plan
from workers.jobs.report import report
from workers.lasting import LastingWorker

log = logging.getLogger(__name__)

WORKER_TTL = 30
"""Seconds: abandoned RQ jobs are looked for at least that often (RQ's default is 405)."""


def _hint(job: Callable[[str], None], id: str) -> None:
    """A job that cannot go on leaves its record due: the sweep, or whoever holds the lease now, takes it from there."""
    try:
        job(id)
    except StoreError as error:
        log.warning("%s is left to the sweep: %s", id, error)


def worker(context: Context, client: redis.Redis, prefix: str, queue: str | None = None) -> Worker:
    """A worker on one queue. ``client`` is its own: RQ changes the socket timeout of the connection it is given."""
    jobs = {"plan": plan, "act": act, "report": report}
    functions = {name: partial(_hint, partial(job, context)) for name, job in jobs.items()}
    job_class = only(functions)
    cluster.preload()
    listening = RqQueue(queue or queue_name(prefix), connection=client, serializer=JSONSerializer, job_class=job_class)
    return LastingWorker(
        [listening],
        connection=client,
        serializer=JSONSerializer,
        job_class=job_class,
        worker_ttl=WORKER_TTL,
        log_job_description=False,
    )
