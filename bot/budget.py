"""Slack's rate limits, kept by all bots together (facts/slack.md): finals may use what progress may not."""

from __future__ import annotations

from collections.abc import Callable

from bot.pauses import limited_by
from commands.errors import QuarterdeckError
from commands.store import Store

LIMITS: dict[str, tuple[float, float]] = {
    "chat.update": (50, 25),
    "chat.postMessage": (60, 10),
    "conversations.history": (50, 20),
    "conversations.replies": (50, 20),
}
"""Calls a minute, and how many of them at once. chat.postMessage is per channel, the others per workspace."""

SPARE = {0: 0, 1: 3, 2: 12}
"""By outbox level, the tokens left for what matters more: finals (0), other moves (1), progress (2)."""


class OverBudget(QuarterdeckError):
    """Wait ``seconds``, as Slack would say."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(f"{method}: wait {seconds:.1f} s")
        self.seconds = seconds


class Budget:
    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now

    def take(self, method: str, level: int, channel: str | None = None) -> None:
        """Raises ``OverBudget``."""
        per_minute, most = LIMITS[method]
        name = limited_by(method, channel)
        spare = SPARE[level] if method == "chat.update" else 0
        wait = self._store.budgets.take(name, self._now(), per_minute=per_minute, most=most, spare=spare)
        if wait > 0:
            raise OverBudget(name, wait)
