"""Rate limits: one token bucket per method, and one per channel for chat.postMessage.

A bucket holds one minute's worth and refills evenly (docs.slack.dev/apis/web-api/rate-limits: "per minute", bursts
tolerated). chat.postMessage refills at one per second and channel after a burst of `post_burst`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.workspace.clock import Clock
from playground.workspace.rules import RATES, limit

_PER_MINUTE = {rule.name.removeprefix("rate."): rule.limit for rule in RATES}


@dataclass
class _Bucket:
    capacity: float
    per_second: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """0.0 when a token was taken, else the seconds until there is one."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1 - 1e-9:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class RateLimits:
    def __init__(self, clock: Clock, enabled: bool = True, post_burst: int = 20) -> None:
        self.enabled = enabled
        self.post_burst = post_burst
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def refuse_for(self, method: str, channel: str = "") -> int:
        """Takes one call's worth. 0 when it may go on, else whole seconds for `Retry-After`."""
        if not self.enabled or method not in _PER_MINUTE:
            return 0
        wait = 0.0
        if method == "chat.postMessage" and channel:
            wait = self._take(method, channel, self.post_burst, limit("rate.channel"))
        if not wait:
            wait = self._take(method, "", _PER_MINUTE[method], _PER_MINUTE[method] / 60)
        return math.ceil(wait)

    def _take(self, method: str, channel: str, capacity: float, per_second: float) -> float:
        now = self._clock.now()
        bucket = self._buckets.setdefault((method, channel), _Bucket(capacity, per_second, capacity, now))
        return bucket.take(now)
