"""How long the kubelet waits before it tries again: 10 s, doubled each time, five minutes at most."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_SECONDS, LONGEST_SECONDS = 10.0, 300.0
FORGOTTEN_AFTER = 2 * LONGEST_SECONDS


@dataclass
class BackOff:
    """Nothing failed yet: no wait."""

    seconds: float = 0.0
    _updated: float = 0.0

    def failed(self, now: float) -> None:
        """The next try is made, or has failed: wait longer before the one after it."""
        fresh = not self.seconds or now - self._updated > FORGOTTEN_AFTER
        self.seconds = FIRST_SECONDS if fresh else min(self.seconds * 2, LONGEST_SECONDS)
        self._updated = now

    def left(self, since: float, now: float) -> float:
        """Seconds still to wait if what is to be repeated ended at ``since``."""
        if now - self._updated > FORGOTTEN_AFTER:
            return 0.0
        return max(0.0, since + self.seconds - now)


def written(seconds: float) -> str:
    """As Go prints a duration: ``40s``, ``2m40s``."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
