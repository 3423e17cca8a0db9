"""Work that may hang, done beside everything else: whoever wants what comes of it waits for so long, and no longer."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Done once for all who wait, in a thread of its own. Safe to use from several threads."""

    def __init__(self, name: str, work: Callable[[], T], fresh: float = math.inf) -> None:
        """``fresh``: for how many seconds after it was begun what came of it is good."""
        self._name, self._work, self._fresh = name, work, fresh
        self._begun = 0.0
        self._made: Future[T] | None = None
        self._in_this_process()

    def begin(self) -> Future[T]:
        """Anew where it failed before or is stale; what is under way is not begun a second time. Returns at once."""
        if self._process != os.getpid():
            self._in_this_process()
        with self._lock:
            if self._made is None or (self._made.done() and not self._is_good(self._made)):
                self._begun, self._made = time.monotonic(), Future()
                threading.Thread(target=self._run, args=(self._made,), name=self._name, daemon=True).start()
            return self._made

    def result(self, patience: float) -> T:
        """So many seconds after it was begun nobody waits any more. Raises ``TimeoutError``, and what the work raised."""
        made = self.begin()
        return made.result(max(0.0, self._begun + patience - time.monotonic()))

    def _in_this_process(self) -> None:
        """A fork has no other thread: neither the one that does the work, nor the one that held the lock just then."""
        self._process, self._lock = os.getpid(), threading.Lock()
        if self._made is not None and not self._made.done():
            self._made = None

    def _is_good(self, made: Future[T]) -> bool:
        return made.exception() is None and time.monotonic() - self._begun < self._fresh

    def _run(self, made: Future[T]) -> None:
        try:
            made.set_result(self._work())
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked gets it
            made.set_exception(error)
