"""Slack's rate limits as token buckets that all bots share."""

from __future__ import annotations

from commands.store.connection import Wire


class Budgets:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def take(self, name: str, now: float, *, per_minute: float, most: float, spare: float = 0) -> float:
        """Take one token. Returns 0, or the seconds to wait. ``spare`` tokens are left for those who matter more."""
        return float(self._wire.run("budget", name, now, per_minute / 60, most, spare))

    def block(self, name: str, until: float) -> None:
        """Slack said ``Retry-After``: nobody calls before then."""
        self._wire.client.hset(self._wire.key("budget", name), "blocked", str(until))
        self._wire.client.expire(self._wire.key("budget", name), 3600)
