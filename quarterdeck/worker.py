"""``quarterdeck worker``: an RQ worker. Holds cluster credentials, and never looks at a Slack token."""

from __future__ import annotations

import logging
import os

import click
from prometheus_client import CollectorRegistry

from commands.errors import StoreUnavailable
from commands.queue import bare, queue_name
from commands.store import Store
from quarterdeck import compose_worker, metrics
from quarterdeck.health import HealthServer, address, checked
from quarterdeck.running import stopping
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
    context = compose_worker.worker_context(settings)
    wait_for_redis(context.store, stopping())
    work = worker(context, bare(settings.redis_url, 5), settings.prefix, queue)
    server = (
        HealthServer(
            address(health),
            lambda: _ready(context.store),
            metrics.collected(CollectorRegistry(), context.store, context.queue),
        )
        if health
        else None
    )
    click.echo(f"quarterdeck worker: pid {os.getpid()} on queue {queue or queue_name(settings.prefix)}", err=True)
    work.work(logging_level=logging.getLevelName(logging.WARNING))
    if server:
        server.stop()


def _ready(store: Store) -> tuple[bool, dict[str, object]]:
    try:
        store.ping()
    except StoreUnavailable:
        return False, {"redis": False}
    return True, {"redis": True}
