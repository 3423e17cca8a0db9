"""Ids of which Slack will not tell: asked for ever more seldom, for a missing scope may be granted, and logged once."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.slack import Refused

log = logging.getLogger(__name__)

FIRST, LONGEST = 5.0, 60.0
"""Seconds until an id is asked for again, doubled each time. Who waits for one is told after a minute."""


class Refusals:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._again: dict[str, tuple[float, float]] = {}
        """By id, when it may be asked for, and the seconds waited until then."""

    def is_over(self, id: str) -> bool:
        """Whether it may be asked for: it was not refused, or some time ago."""
        return self._now() >= self._again.get(id, (0.0, 0.0))[0]

    def note(self, id: str, error: Refused) -> None:
        if id not in self._again:
            log.warning("%s cannot be read from Slack, and is tried more seldom from now on: %s", id, error)
        wait = min(LONGEST, self._again[id][1] * 2) if id in self._again else FIRST
        self._again[id] = (self._now() + wait, wait)

    def forget(self, id: str) -> None:
        """It was read."""
        if self._again.pop(id, None):
            log.warning("%s can be read from Slack again", id)
