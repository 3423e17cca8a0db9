"""The composition root of the clusters' side: what workers and watcher are made of. Tests build theirs here too."""

from __future__ import annotations

import time
from collections.abc import Callable

from commands.config import Config, Environment, Rules
from commands.errors import Unanswered
from commands.registry import discover
from commands.store import patient
from quarterdeck import kubeconfigs
from quarterdeck.compose import configuration, jobs, probing, store
from quarterdeck.settings import Settings
from quarterdeck.startup import both
from workers.cluster import Cluster
from workers.gate import Gate
from workers.jobs.context import Context
from workers.watcher.loop import Watcher

Clock = Callable[[], float]


def worker_context(settings: Settings, *, now: Clock | None = None, gated: bool = True) -> Context:
    """For the worker: no Slack, and each cluster opened when first used, after the fork. Raises ``ConfigError``.

    ``now`` is Redis's clock unless a test has its own. ``gated``: a cluster that does not answer is not waited for.
    """
    registry = discover()
    config, _ = both(lambda: _checked(configuration(settings, registry)), lambda: probing(settings))

    rules, records, clock = Rules(config), store(settings, patient), now or probing(settings).clock(time.time)

    gates = {name: Gate(name, records, clock) for name in config.clusters if gated}
    openings = {name: kubeconfigs.Opening(name, entry, gates.get(name)) for name, entry in config.clusters.items()}

    def cluster(name: str) -> Cluster:
        try:
            return openings[name].cluster()
        except Unanswered as error:
            if gated:
                gates[name].missed(error)
            raise

    return Context(
        rules=rules,
        registry=registry,
        store=records,
        queue=jobs(settings, 2, rules),
        clusters=cluster,
        now=clock,
    )


def _checked(config: Config) -> Config:
    kubeconfigs.check(config)
    return config


def watcher(context: Context) -> Watcher:
    """The watcher of this process, over what the context holds."""

    def deadline(environment: str) -> float:
        settings = context.config.environments.get(environment)  # it may have gone from the rules meanwhile
        return float(settings.deadline if settings else Environment.model_fields["deadline"].default)

    def environment(name: str) -> Environment | None:
        return context.config.environments.get(name)

    return Watcher(context.store, context.queue, context.clusters, deadline, context.now, environment)
