"""Slack's rate limits as token buckets that all bots share; in no minute is more taken than a minute's tokens."""

from __future__ import annotations

from commands.store.connection import Wire

KEPT = 3600
"""Seconds after its last use; a bucket is full long before."""


class Budgets:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def take(self, name: str, now: float, *, per_minute: float, most: float, spare: float = 0) -> float:
        """Take one token. Returns 0, or the seconds to wait. ``spare`` tokens are left for those who matter more."""
        return float(self._wire.run("budget", name, now, per_minute, most, spare))

    def block(self, name: str, now: float, seconds: float) -> None:
        """Slack said ``Retry-After``: nobody calls before then."""
        key = self._wire.key("budget", name)
        with self._wire.client.pipeline() as pipe:
            pipe.hset(key, "blocked", str(now + seconds))
            pipe.expire(key, KEPT + int(seconds))
            pipe.execute()

    def blocked(self, name: str, now: float) -> float:
        """Seconds for which Slack wants to be left alone; 0 where it does not."""
        until = self._wire.client.hget(self._wire.key("budget", name), "blocked")
        return max(0.0, float(until) - now) if until else 0.0
