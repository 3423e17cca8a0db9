"""Background loops: a step, then a wait for the bell or a while. They outlive Redis and are stopped together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from commands.errors import StoreUnavailable
from commands.store import Bell, Store

log = logging.getLogger(__name__)

REDIS_PAUSE = 0.5
"""Seconds between tries while Redis cannot be reached."""


class Loops:
    """Every loop that hears a bell has one of its own, for a bell is not for several threads."""

    def __init__(self, store: Store, stopping: Event) -> None:
        self._store, self._stopping = store, stopping
        self._threads: list[Thread] = []

    def add(self, name: str, step: Callable[[], None], seconds: float, hears: str | None = None) -> None:
        """Run ``step`` every so many ``seconds``, and whenever the bell that it ``hears`` is rung."""
        thread = Thread(target=self._run, args=(name, step, seconds, hears), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def join(self, seconds: float) -> None:
        """Wait for all to end, after ``stopping`` was set."""
        for thread in self._threads:
            thread.join(seconds)

    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _run(self, name: str, step: Callable[[], None], seconds: float, hears: str | None) -> None:
        bell = self._store.bell(hears) if hears else None
        reachable = True
        while not self._stopping.is_set():
            try:
                step()
                self._listen(bell, seconds)
                reachable = True
            except StoreUnavailable as error:
                if reachable:
                    log.error("%s: Redis cannot be reached: %r", name, error.__cause__)
                reachable = False
                self._stopping.wait(REDIS_PAUSE)
            except Exception:
                log.exception("%s: this should not have happened; going on", name)
                self._stopping.wait(1)
        if bell:
            bell.close()

    def _listen(self, bell: Bell | None, seconds: float) -> None:
        """Return when it was rung, or after ``seconds``, a quarter of a second at a time."""
        if bell is None:
            self._stopping.wait(seconds)
            return
        waited = 0.0
        while waited < seconds and not self._stopping.is_set() and bell.wait(0.25) is None:
            waited += 0.25
