"""Turns the controllers on an event loop: one step at a time, so that requests get their turn between two."""

from __future__ import annotations

import asyncio

from playground.cluster.clock import Clock
from playground.cluster.controller import Engine


class Turning:
    """Wakes when there is work and when a timer is due. With a clock that stands still only what needs no time is done."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next: asyncio.Handle | None = None

    def start(self) -> None:
        """To be called on the loop that shall turn them."""
        self._loop = asyncio.get_running_loop()
        self._engine.on_work = self.wake
        self._clock.on_timer = self.wake
        self.wake()

    def stop(self) -> None:
        self._loop = None
        if self._next is not None:
            self._next.cancel()

    def wake(self) -> None:
        if self._loop is None:
            return
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._next = None
        if self._loop is None:
            return
        worked = True
        try:
            worked = self._engine.run_one()
        finally:  # a controller with a bug is the loop's to report; the others go on
            if worked:
                self.wake()
            elif self._next is None and (due := self._clock.next_due()) is not None and self._clock.speed > 0:
                self._next = self._loop.call_later(due / self._clock.speed, self._turn)
