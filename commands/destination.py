"""Where an operation's one message belongs: the environment's channel, else where it was asked."""

from __future__ import annotations

from commands.config import Config
from commands.invocation import Invocation


def destination(config: Config, environment: str, invocation: Invocation) -> str:
    """A channel id. A request in a DM for an environment with a channel goes to that: approvers have to see it."""
    settings = config.environments.get(environment)
    return (settings.channel if settings else None) or invocation.place.channel


def thread_of(config: Config, environment: str, invocation: Invocation) -> str | None:
    """The thread it was asked in, if its message stays in that channel."""
    stays = destination(config, environment, invocation) == invocation.place.channel
    return invocation.place.thread if stays else None
