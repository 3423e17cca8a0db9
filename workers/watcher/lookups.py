"""Reads that may be slow, off the loop: a log that hangs delays no other operation, and its own only so long.

Threads of our own, not a ThreadPoolExecutor: Python waits for an executor's threads before it ends, up to a read's timeout.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from commands.concern import concerning
from commands.errors import ClusterError
from workers.watcher.wake import Named, Wake

log = logging.getLogger(__name__)

THREADS = 4
"""For each cluster: one that hangs keeps none of another's operations waiting."""


@dataclass(frozen=True, slots=True)
class Found:
    """``value``, or ``error`` where the cluster said no, or neither where it took too long or failed by a bug of ours."""

    value: Any = None
    error: ClusterError | None = None


@dataclass(slots=True)
class _Task:
    read: Callable[[], Any]
    until: float
    found: Found | None = None


class Lookups:
    """At most one of a name for an operation at a time. Called by one thread only."""

    def __init__(self, wake: Wake, threads: int = THREADS) -> None:
        self._wake, self._threads = wake, threads
        self._tasks: dict[tuple[str, str], _Task] = {}
        self._pools: dict[str, _Pool] = {}

    def ask(self, id: str, name: str, cluster: str, read: Callable[[], Any], seconds: float) -> Found | None:
        """None while it is being read; the loop is woken for this operation when it is there. An answer is given once."""
        task = self._tasks.get((id, name))
        if task is None:
            task = self._tasks[id, name] = _Task(read, time.monotonic() + seconds)
            self._pool(cluster).put(id, task)
            return None
        if task.found is None:
            return None
        del self._tasks[id, name]
        return task.found

    def forget(self, id: str) -> None:
        """The operation moved: what was read for it no longer matters."""
        for key in [key for key in self._tasks if key[0] == id]:
            del self._tasks[key]

    def late(self) -> Collection[str]:
        """Operations whose answer did not come in time, each said once: they are to be looked at without it."""
        now = time.monotonic()
        late = {key: task for key, task in self._tasks.items() if task.found is None and now >= task.until}
        for task in late.values():
            task.found = Found()
        return {id for id, _ in late}

    @property
    def wait(self) -> float | None:
        """Seconds until the next is late; None while nothing is being read."""
        untils = [task.until for task in self._tasks.values() if task.found is None]
        return max(0.0, min(untils) - time.monotonic()) if untils else None

    def close(self) -> None:
        """Threads end when they have read what they are at."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, cluster: str) -> _Pool:
        if cluster not in self._pools:
            self._pools[cluster] = _Pool(cluster, self._wake, self._threads)
        return self._pools[cluster]


class _Pool:
    """The threads that read from one cluster, started as they are needed."""

    def __init__(self, cluster: str, wake: Wake, threads: int) -> None:
        self._cluster, self._wake, self._threads = cluster, wake, threads
        self._waiting: queue.SimpleQueue[tuple[str, _Task] | None] = queue.SimpleQueue()
        self._started = 0

    def put(self, id: str, task: _Task) -> None:
        self._waiting.put((id, task))
        if self._started < self._threads:
            self._started += 1
            name = f"lookup {self._cluster} {self._started}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def close(self) -> None:
        for _ in range(self._started):
            self._waiting.put(None)

    def _work(self) -> None:
        while (given := self._waiting.get()) is not None:
            id, task = given
            if time.monotonic() < task.until:
                with concerning(id):
                    task.found = _read(task.read)
                self._wake.leave(Named(id))


def _read(read: Callable[[], Any]) -> Found:
    try:
        return Found(read())
    except ClusterError as error:
        return Found(error=error)
    except Exception:
        log.exception("a look-up failed")
        return Found()
