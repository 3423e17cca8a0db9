"""The composition root's common part: what every process reads. ``compose_bot`` and ``compose_worker`` build on it."""

from __future__ import annotations

from commands.config import Config, load
from commands.errors import ConfigError
from commands.queue import Queue, bare
from commands.registry import Registry
from commands.store import Store, hurried
from quarterdeck.metrics import StoreCollector
from quarterdeck.settings import Settings
from quarterdeck.startup import both


def configuration(settings: Settings, registry: Registry) -> Config:
    """Raises ``ConfigError``."""
    return load(settings.config, registry_names=frozenset(command.name for command in registry))


def essentials(settings: Settings, registry: Registry) -> Config:
    """The configuration of a process that needs Redis too. Raises ``ConfigError`` with the problems of both."""
    return both(lambda: configuration(settings, registry), lambda: probing(settings))[0]


def probing(settings: Settings) -> Store:
    """The store for probes and scrapes: they ask again soon, so they wait 300 ms at most. Opens no connection.

    Raises ``ConfigError`` where ``REDIS_URL`` is no address of a Redis; it may hold a password and is not shown.
    """
    try:
        return Store(hurried(settings.redis_url), settings.prefix)
    except ValueError as error:
        told = "REDIS_URL is no address of a Redis; write it as redis://HOST:6379/0 (or rediss://, unix://)"
        raise ConfigError([told]) from error


def collector(settings: Settings) -> StoreCollector:
    """What Redis counts, read when it is scraped."""
    return StoreCollector(probing(settings), Queue(bare(settings.redis_url, 0.3), settings.prefix))
