"""What Slack has asked to be left alone with (``Retry-After``), known to all bots: kept here, obeyed by ``bot/slack.py``."""

from __future__ import annotations

import logging
from collections.abc import Callable

from commands.errors import StoreUnavailable
from commands.store import Store

log = logging.getLogger(__name__)


def limited_by(method: str, channel: str | None) -> str:
    """What Slack counts together: chat.postMessage by channel, every other method by workspace."""
    return f"{method}:{channel}" if channel and method == "chat.postMessage" else method


class Pauses:
    """A Redis that cannot be reached keeps nobody from calling: Slack then says again how long to wait."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now

    def left(self, name: str) -> float:
        """Seconds for which nobody is to call; 0 where one may."""
        try:
            return self._store.budgets.blocked(name, self._now())
        except StoreUnavailable:
            return 0.0

    def begin(self, name: str, seconds: float) -> None:
        try:
            self._store.budgets.block(name, self._now(), seconds)
        except StoreUnavailable as error:
            log.warning("the other bots do not learn that Slack limits %s: %r", name, error.__cause__)
