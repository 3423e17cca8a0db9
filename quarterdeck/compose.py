"""The composition root's common part: what every process reads. ``compose_bot`` and ``compose_worker`` build on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry

from commands.config import Config, Rules, load
from commands.errors import ConfigError
from commands.proof.signing import Key
from commands.queue import Queue, bare
from commands.registry import Registry, discover
from commands.store import Client, Store, hurried
from quarterdeck.health import Ready
from quarterdeck.metrics import ConfigMeter, StoreCollector
from quarterdeck.reloading import reloading
from quarterdeck.settings import Settings
from quarterdeck.startup import both


def configuration(settings: Settings, registry: Registry) -> Config:
    """Raises ``ConfigError``."""
    return load(settings.config, registry_names=frozenset(registry.by_name), pointless=registry.pointless)


def essentials(settings: Settings, registry: Registry) -> Config:
    """The configuration of a process that needs Redis too. Raises ``ConfigError`` with the problems of both."""
    return both(lambda: configuration(settings, registry), lambda: probing(settings))[0]


def probing(settings: Settings) -> Store:
    """The store for probes and scrapes: they ask again soon, so they wait 300 ms at most. Raises as ``store`` does."""
    return store(settings, hurried)


def store(settings: Settings, opened: Callable[[str], Client]) -> Store:
    """The records, over a client that is ``hurried`` or ``patient``. Opens no connection.

    Raises ``ConfigError`` where ``REDIS_URL`` is no address of a Redis, or the signing key is no key; neither is shown.
    """
    client, key = both(lambda: _client(settings, opened), lambda: Key.read(settings.signing_key))
    return Store(client, settings.prefix, key)


def _client(settings: Settings, opened: Callable[[str], Client]) -> Client:
    try:
        return opened(settings.redis_url)
    except ValueError as error:
        told = "REDIS_URL is no address of a Redis; write it as redis://HOST:6379/0 (or rediss://, unix://)"
        raise ConfigError([told]) from error


def reloaded(
    settings: Settings, rules: Rules, ready: Ready, counted: CollectorRegistry
) -> AbstractContextManager[Ready]:
    """The rules follow their file while the process runs; see ``reloading``."""
    registry = discover()
    return reloading(settings.config, rules, lambda: configuration(settings, registry), ConfigMeter(counted), ready)


def collector(settings: Settings) -> StoreCollector:
    """What Redis counts, read when it is scraped."""
    records = probing(settings)
    return StoreCollector(records, Queue(bare(settings.redis_url, 0.3), settings.prefix), records.clock(time.time))
