"""The composition root of the clusters' side: what workers and watcher are made of. Tests build theirs here too."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

from commands.config import Config
from commands.errors import ConfigError
from commands.queue import Queue, bare
from commands.registry import discover
from commands.store import Store, patient
from quarterdeck.compose import configuration
from quarterdeck.settings import Settings
from workers.cluster import Cluster, open_cluster
from workers.jobs.context import Context
from workers.watcher.loop import Watcher

Clock = Callable[[], float]


def worker_context(settings: Settings, *, now: Clock = time.time) -> Context:
    """For the worker: no Slack, and each cluster opened when first used, after the fork. Raises ``ConfigError``."""
    registry = discover()
    config = configuration(settings, registry)
    _check_kubeconfigs(config)

    @cache
    def cluster(name: str) -> Cluster:
        entry = config.clusters[name]
        return open_cluster(name, entry.kubeconfig, entry.context)

    return Context(
        config=config,
        registry=registry,
        store=Store(patient(settings.redis_url), settings.prefix),
        queue=Queue(bare(settings.redis_url, 2), settings.prefix),
        clusters=cluster,
        now=now,
    )


def _check_kubeconfigs(config: Config) -> None:
    """Read every kubeconfig once, so that all problems are said at start. Nothing is sent. Raises ``ConfigError``."""
    problems: list[str] = []
    for name, entry in config.clusters.items():
        try:
            open_cluster(name, entry.kubeconfig, entry.context).close()
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def watcher(context: Context) -> Watcher:
    """The watcher of this process, over what the context holds."""

    def deadline(environment: str) -> float:
        return float(context.config.environments[environment].deadline)

    return Watcher(context.store, context.queue, context.clusters, deadline, context.now)
