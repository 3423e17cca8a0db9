"""Work that may hang, done in a thread of its own: whoever wants what comes of it waits for so long, and no longer."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

GIVEN_UP = 60.0
"""Seconds after which what is under way is begun anew; each time twice as many, for what hangs keeps its thread."""

_beginning = threading.Lock()
# A worker forks while its other threads run: a job must not begin with a lock that is held by nobody.
os.register_at_fork(before=_beginning.acquire, after_in_parent=_beginning.release, after_in_child=_beginning.release)


@dataclass(eq=False, slots=True)
class _Run(Generic[T]):
    """``is_over`` is set last, and all that a fork may look at: an event's own lock may be held there by nobody."""

    process: int = field(default_factory=os.getpid)
    begun: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)
    came: list[T] = field(default_factory=list)
    error: Exception | None = None
    is_over: bool = False

    def make(self, work: Callable[[], T]) -> None:
        try:
            self.came.append(work())
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked gets it
            self.error = error
        self.is_over = True
        self.ended.set()


class Attempt(Generic[T]):
    """Done once for all who wait, and anew where it failed. Safe to use from several threads, and in a fork."""

    def __init__(self, name: str, work: Callable[[], T], fresh: float = math.inf) -> None:
        """``fresh``: for how many seconds after it was begun what came of it is good."""
        self._name, self._work, self._fresh = name, work, fresh
        self._last: _Run[T] | None = None
        self._lost = 0

    def begin(self) -> _Run[T]:
        """What is under way is not begun a second time, unless it is given up or another process's. Returns at once."""
        with _beginning:
            if self._last is None or self._is_past(self._last):
                self._last = _Run()
                threading.Thread(target=self._last.make, args=(self._work,), name=self._name, daemon=True).start()
            return self._last

    def result(self, patience: float) -> T:
        """So many seconds after it was begun nobody waits any more. Raises ``TimeoutError``, and what the work raised."""
        run = self.begin()
        if not run.is_over and not run.ended.wait(max(0.0, run.begun + patience - time.monotonic())):
            raise TimeoutError
        if run.error:
            raise run.error
        return run.came[0]

    def _is_past(self, run: _Run[T]) -> bool:
        age = time.monotonic() - run.begun
        if run.is_over:
            self._lost = 0
            return run.error is not None or age >= self._fresh
        if run.process != os.getpid():
            return True
        given_up = age >= math.ldexp(GIVEN_UP, self._lost)
        self._lost += given_up
        return given_up
