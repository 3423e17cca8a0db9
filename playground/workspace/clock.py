"""The workspace's clock: real time, which a test can move forward or hold still."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch. Expiries and rate limits go by it; acknowledgements go by real time."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._held: float | None = None
        self._last_ts = 0

    def now(self) -> float:
        return (time.time() if self._held is None else self._held) + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def hold(self) -> None:
        """Stop the clock; only `advance` moves it from here."""
        self._held = time.time()

    def ts(self) -> str:
        """A message timestamp, unique and rising: Slack uses it as the message's ID within its channel."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
