"""Whether Slack answers, asked in the background: over HTTP no socket tells it, and Slack may be silent for hours."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.slack import Refused, Slack, SlackProblem

log = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds between questions (auth.test allows hundreds a minute)."""

WITHIN = 30.0
"""Seconds for which an answer holds: a call or two may be lost."""


class Pulse:
    """``clock`` is monotonic (seconds). Before the first answer there is none."""

    def __init__(self, slack: Slack, clock: Callable[[], float]) -> None:
        self._slack, self._clock = slack, clock
        self._answered: float | None = None
        self._problem: SlackProblem | None = None

    def step(self) -> None:
        """Ask once."""
        before = self._problem
        try:
            self._slack.call("auth.test")
        except SlackProblem as problem:
            self._problem = problem
            if before is None:
                log.warning("%s", problem)
            return
        self._answered, self._problem = self._clock(), None
        if before:
            log.warning("Slack answers again")

    def beats(self) -> bool:
        """Whether Slack has said yes lately. A no counts at once, silence after ``WITHIN``."""
        since = self._since()
        return since is not None and since <= WITHIN and not isinstance(self._problem, Refused)

    def told(self) -> str:
        """The same for people."""
        since = self._since()
        last = "auth.test has not been answered yet" if since is None else f"auth.test answered {since:.0f} s ago"
        return f"{last}; {self._problem}" if self._problem else last

    def _since(self) -> float | None:
        return None if self._answered is None else self._clock() - self._answered
