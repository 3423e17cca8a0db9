"""The pace of progress: what a rollout says of itself, written when it changed, and at most once a second for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from commands.progress import Progress

PAUSE = 1.0


@dataclass(slots=True)
class _Spoken:
    last: Progress | None = None
    next: Progress | None = None
    free: float = 0.0
    """Monotonic time from which the next may be written."""


class Pace:
    """``write`` puts a progress into the store. What came too soon is held back, never lost: ``flush`` writes it."""

    def __init__(self, write: Callable[[str, Progress], None], pause: float = PAUSE) -> None:
        self._write, self._pause = write, pause
        self._spoken: dict[str, _Spoken] = {}
        self._held: set[str] = set()

    def offer(self, id: str, progress: Progress) -> None:
        spoken = self._spoken.setdefault(id, _Spoken())
        if _same(progress, spoken.last):
            spoken.next = None
            self._held.discard(id)
        elif time.monotonic() >= spoken.free:
            self._put(id, spoken, progress)
        else:
            spoken.next = progress
            self._held.add(id)

    def flush(self) -> None:
        """Write what was held back and may be written now."""
        now = time.monotonic()
        for id in sorted(self._held):
            spoken = self._spoken[id]
            if spoken.next is not None and now >= spoken.free:
                self._put(id, spoken, spoken.next)

    def end(self, id: str, progress: Progress | None) -> None:
        """The last one is written whenever it comes: the final message shows it."""
        spoken = self._spoken.setdefault(id, _Spoken())
        last = progress or spoken.next
        if last is not None and not _same(last, spoken.last):
            self._put(id, spoken, last)

    def last(self, id: str) -> Progress | None:
        """The last one written for it by this watcher."""
        spoken = self._spoken.get(id)
        return spoken.last if spoken else None

    def forget(self, id: str) -> None:
        self._spoken.pop(id, None)
        self._held.discard(id)

    @property
    def wait(self) -> float | None:
        """Seconds until ``flush`` has something to do; None while nothing is held back."""
        if not self._held:
            return None
        return max(0.0, min(self._spoken[id].free for id in self._held) - time.monotonic())

    def _put(self, id: str, spoken: _Spoken, progress: Progress) -> None:
        self._write(id, progress)
        spoken.last, spoken.next, spoken.free = progress, None, time.monotonic() + self._pause
        self._held.discard(id)


def _same(one: Progress, other: Progress | None) -> bool:
    """Whether it reads the same: the time alone is no news."""
    return other is not None and replace(one, at=other.at) == other
