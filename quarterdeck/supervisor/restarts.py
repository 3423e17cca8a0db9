"""When a process that died is started again, and when that is given up. Pure: times are handed in, in seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
HEALTHY_AFTER = 30.0
"""Seconds after which a process counts as having run: what kills it then is news, and pauses begin anew."""
TRIES = 5
"""Deaths in a row, each sooner than that, after which it is given up: with the pauses, about ten seconds."""


@dataclass(frozen=True, slots=True)
class Restarts:
    """One process's deaths in a row."""

    deaths: int = 0

    def died(self, ran_for: float) -> Restarts:
        return replace(self, deaths=1 if ran_for >= HEALTHY_AFTER else self.deaths + 1)

    @property
    def given_up(self) -> bool:
        return self.deaths >= TRIES

    @property
    def pause(self) -> float:
        """Seconds until the next start."""
        return min(LONGEST_PAUSE, FIRST_PAUSE * float(2 ** max(0, self.deaths - 1)))
