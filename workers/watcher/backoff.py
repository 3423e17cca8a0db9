"""How long to wait before trying again: longer each time, never in step with others, short again after a success."""

from __future__ import annotations

import random


class Backoff:
    """Seconds; each is the wanted one ± half."""

    def __init__(self, first: float, most: float) -> None:
        self._first, self._most = first, most
        self._next = first

    def next(self, least: float = 0.0) -> float:
        """``least`` is for what does not mend itself soon, such as a missing right."""
        wanted = max(self._next, least)
        self._next = min(self._most, self._next * 2)
        return wanted * random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, guards nothing

    def reset(self) -> None:
        self._next = self._first
