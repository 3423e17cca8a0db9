"""A thread with an event loop of its own, on which all of a cluster happens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
FAULTS_KEPT = 20


class LoopThread:
    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._failed)
        self._faults: list[Exception] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it there and wait for it, from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, work: Callable[[], T]) -> T:
        """The same for a plain function: nothing else happens on the loop meanwhile."""

        async def called() -> T:
            return work()

        return self.wait(called())

    def stop(self) -> None:
        """Cancel what still runs, and end the thread. Raises ExceptionGroup if something failed that nobody waited for."""
        self.wait(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._faults:
            raise ExceptionGroup("failed while nobody waited for it", self._faults)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Print it as usual, and remember it, unless only a client went away."""
        error = context.get("exception")
        if isinstance(error, Exception) and not isinstance(error, OSError) and len(self._faults) < FAULTS_KEPT:
            self._faults.append(error)
        loop.default_exception_handler(context)


async def _cancel_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
