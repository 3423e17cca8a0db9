"""The composition root's common part: what every process reads. ``compose_bot`` and ``compose_worker`` build on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry

from commands.config import Config, Rules, load
from commands.proof.signing import Key
from commands.queue import Queue, bare
from commands.registry import Registry, discover
from commands.store import Address, Client, Store, hurried
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


def store(settings: Settings, opened: Callable[[Address], Client]) -> Store:
    """The records, over a client that is ``hurried`` or ``patient``. Opens no connection.

    Raises ``ConfigError`` where the ``REDIS_*`` variables tell no Redis, or the signing key is no key; neither is shown.
    """
    at, key = both(lambda: Address.read(settings.redis), lambda: Key.read(settings.signing_key))
    return Store(opened(at), settings.prefix, key)


def jobs(settings: Settings, seconds: float, rules: Rules | None = None) -> Queue:
    """The queue; ``seconds``: how long Redis is waited for. Raises ``ConfigError``."""
    return Queue(bare(Address.read(settings.redis), seconds), settings.prefix, rules)


def reloaded(
    settings: Settings, rules: Rules, ready: Ready, counted: CollectorRegistry
) -> AbstractContextManager[Ready]:
    """The rules follow their file while the process runs; see ``reloading``."""
    registry = discover()
    return reloading(settings.config, rules, lambda: configuration(settings, registry), ConfigMeter(counted), ready)


def collector(settings: Settings, rules: Rules) -> StoreCollector:
    """What Redis counts, read when it is scraped."""
    records = probing(settings)
    return StoreCollector(records, jobs(settings, 0.3, rules), records.clock(time.time))
