"""``quarterdeck worker``: an RQ worker. Holds cluster credentials, and never looks at a Slack token."""

from __future__ import annotations

import os

import click

from commands.config import Config
from commands.policy.sentences import listed
from commands.queue import bare, lane_name
from commands.store import Address, Store
from commands.wording import plural
from quarterdeck import compose, compose_worker, metrics
from quarterdeck.announcing import announcing
from quarterdeck.health import checked, redis_answers, served
from quarterdeck.logs import say
from quarterdeck.reach import reaching
from quarterdeck.running import GRACE, stopping
from quarterdeck.settings import Settings
from quarterdeck.startup import wait_for_redis
from workers.entry import worker
from workers.lanes import Lanes


@click.command("worker")
@click.option("--queue", metavar="NAME", help="This queue alone; else that of each cluster, side by side.")
@click.option("--health", metavar="HOST:PORT", callback=checked, help="Serve /healthz, /readyz and /metrics there.")
@click.pass_obj
def command(config: str | None, queue: str | None, health: str | None) -> None:
    """Plan and carry out operations."""
    run(Settings.read(config), queue=queue, health=health)


def run(settings: Settings, *, queue: str | None, health: str | None) -> None:
    stop = stopping(GRACE + 1)  # its jobs end before it does
    context = compose_worker.worker_context(settings)
    probed = compose.probing(settings)
    counted = metrics.registry(compose.collector(settings, context.rules))
    with (
        reaching(context.config, lambda: _ready(probed), wanted=health is not None) as reached,
        compose.reloaded(settings, context.rules, reached, counted) as ready,
        served(health, ready, counted),
        announcing("worker", settings),
    ):
        if not wait_for_redis(context.store, stop):
            return
        names = [queue] if queue else _lanes(context.config, settings.prefix)
        lanes = Lanes([worker(context, bare(Address.read(settings.redis), 5), settings.prefix, name) for name in names])
        say(f"quarterdeck worker: pid {os.getpid()} on {plural(len(names), 'queue')} {listed(names, 'and')}")
        lanes.serve(stop, GRACE)


def _lanes(config: Config, prefix: str) -> list[str]:
    """A queue for each cluster, and one for what is about none."""
    return [lane_name(prefix, cluster) for cluster in (None, *config.clusters)]


def _ready(store: Store) -> tuple[bool, dict[str, object]]:
    answers = redis_answers(store)
    return answers, {"redis": answers}
