"""The breaker of a cluster: after calls that nobody answered it is open, and who asks is told so without waiting. Pure.

When a pause is over one call is let through, and waits briefly: answered, it closes the breaker; else the next pause is
longer. What is remembered is shared by all workers, and is nothing while the cluster answers.
"""

from __future__ import annotations

from dataclasses import dataclass

MISSES = 2
"""Calls in a row without an answer after which it opens: a connection that broke once is none of its business.

One that waited for as long as it may counts as so many: others wait behind it.
"""

FIRST, LONGEST = 5.0, 30.0
"""Seconds of the first pause, and of any later one, each of which is twice as long as the one before."""

FORGOTTEN = 300.0
"""Seconds after which a call without an answer says nothing of the next, where nobody has asked in between."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A cluster's, since its last answer. Times are Unix seconds.

    ``again``: nobody asks before. ``why``: of the latest call, such as ``it took too long to answer``.
    """

    since: float
    again: float
    misses: int
    why: str
    schema: int = 1

    @property
    def opens(self) -> bool:
        return self.misses >= MISSES

    def holds(self, now: float) -> bool:
        """Whether nobody is to ask now."""
        return self.opens and now < self.again

    def is_stale(self, now: float) -> bool:
        """Whether it was so long ago that the cluster may as well answer."""
        return now > self.again + FORGOTTEN


def missed(before: Silence | None, why: str, now: float, *, waited: bool = False) -> Silence:
    """After a call that got no answer; ``waited``: in all its time, instead of being refused or broken off."""
    if before is None or before.is_stale(now):
        before = Silence(now, now, 0, why)
    misses = max(before.misses + 1, MISSES if waited else 1)
    pause = min(LONGEST, FIRST * 2 ** (misses - MISSES)) if misses >= MISSES else 0.0
    return Silence(before.since, now + pause, misses, why)
