"""``quarterdeck watcher``: follows every operation in flight. Holds cluster credentials, and never looks at a Slack token."""

from __future__ import annotations

import threading

import click

from quarterdeck import compose, compose_worker, metrics
from quarterdeck.announcing import announcing
from quarterdeck.health import checked, served
from quarterdeck.logs import say
from quarterdeck.reach import reaching
from quarterdeck.running import stopping
from quarterdeck.settings import Settings
from quarterdeck.startup import wait_for_redis


@click.command("watcher")
@click.option("--health", metavar="HOST:PORT", callback=checked, help="Serve /healthz, /readyz and /metrics there.")
@click.pass_obj
def command(config: str | None, health: str | None) -> None:
    """Watch rollouts to their true end. Several may run: one leads, the others stand by."""
    run(Settings.read(config), health=health)


def run(settings: Settings, *, health: str | None) -> None:
    stop = stopping()
    context = compose_worker.worker_context(settings, gated=False)  # what it asks of one cluster waits for no other
    watcher = compose_worker.watcher(context)
    counted = metrics.registry(compose.collector(settings, context.rules))
    with (
        reaching(context.config, watcher.ready, wanted=health is not None) as reached,
        compose.reloaded(settings, context.rules, reached, counted) as ready,
        served(health, ready, counted),
        announcing("watcher", settings),
    ):
        if not wait_for_redis(context.store, stop):
            return
        thread = threading.Thread(target=watcher.run, name="watcher")
        thread.start()
        say("quarterdeck watcher: watching")
        while thread.is_alive() and not stop.wait(1):
            pass
        watcher.stop()
        thread.join()
