"""The composition root's common part: what every process reads. ``compose_bot`` and ``compose_worker`` build on it."""

from __future__ import annotations

from commands.config import Config, load
from commands.registry import Registry
from quarterdeck.settings import Settings


def configuration(settings: Settings, registry: Registry) -> Config:
    """Raises ``ConfigError``."""
    return load(settings.config, registry_names=frozenset(command.name for command in registry))
