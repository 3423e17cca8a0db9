"""``quarterdeck worker``: an RQ worker. Holds cluster credentials, and never looks at a Slack token."""

from __future__ import annotations

import logging
import os
import signal

import click

from commands.queue import bare, queue_name
from commands.store import Store
from quarterdeck import compose, compose_worker, metrics
from quarterdeck.announcing import announcing
from quarterdeck.health import checked, redis_answers, served
from quarterdeck.logs import say
from quarterdeck.reach import reaching
from quarterdeck.running import GRACE, give_up_later, later, stopping
from quarterdeck.settings import Settings
from quarterdeck.startup import wait_for_redis
from workers.entry import worker


@click.command("worker")
@click.option("--queue", metavar="NAME", help="Another queue than the default; a worker listens to one.")
@click.option("--health", metavar="HOST:PORT", callback=checked, help="Serve /healthz, /readyz and /metrics there.")
@click.pass_obj
def command(config: str | None, queue: str | None, health: str | None) -> None:
    """Plan and carry out operations."""
    run(Settings.read(config), queue=queue, health=health)


def run(settings: Settings, *, queue: str | None, health: str | None) -> None:
    stop = stopping()
    context = compose_worker.worker_context(settings)
    probed = compose.probing(settings)
    counted = metrics.registry(compose.collector(settings))
    with (
        reaching(context.config, lambda: _ready(probed), wanted=health is not None) as reached,
        compose.reloaded(settings, context.rules, reached, counted) as ready,
        served(health, ready, counted),
        announcing("worker", settings),
    ):
        if not wait_for_redis(context.store, stop):
            return
        work = worker(context, bare(settings.redis_url, 5), settings.prefix, queue)
        work.handle_warm_shutdown_request = _end_in_time  # type: ignore[method-assign]  # the hook RQ calls at SIGTERM
        say(f"quarterdeck worker: pid {os.getpid()} on queue {queue or queue_name(settings.prefix)}")
        if not stop.is_set():
            work.work(logging_level=logging.getLevelName(logging.WARNING))


def _end_in_time() -> None:
    """RQ waits for the job that runs, however long; told a second time it ends the job too, which stays due.

    Its farewell then waits for a Redis that hangs: hence the end from outside, when no job is left to run on alone.
    """
    later(GRACE, lambda: os.kill(os.getpid(), signal.SIGTERM))
    give_up_later(GRACE + 1)


def _ready(store: Store) -> tuple[bool, dict[str, object]]:
    answers = redis_answers(store)
    return answers, {"redis": answers}
