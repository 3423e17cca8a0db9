"""The lanes of a worker's process: a thread for each queue, so that no cluster's jobs wait for another cluster."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from commands.errors import QuarterdeckError
from workers import cluster
from workers.entry import LastingWorker

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks whether all lanes run."""

_ENDING = 1.0
"""Seconds in which a lane notices that its job was killed."""


class Lanes:
    """Each takes one job at a time, which is a process of its own. Called by one thread."""

    def __init__(self, workers: Sequence[LastingWorker]) -> None:
        self._workers = workers
        self._threads = [
            threading.Thread(target=self._work, args=(each,), name=f"lane {each.queue_names()[0]}", daemon=True)
            for each in workers
        ]

    @property
    def running(self) -> bool:
        """Whether all do: a lane that fell over would leave its cluster's jobs to nobody."""
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """With everything heavy imported and built before the first fork."""
        cluster.preload()
        for thread in self._threads:
            thread.start()

    def serve(self, stop: threading.Event, grace: float) -> None:
        """Until it is to stop; jobs have ``grace`` seconds then. Raises ``QuarterdeckError`` where a lane falls over before."""
        self.start()
        while self.running and not stop.wait(LOOK):
            pass
        fallen = [thread.name for thread in self._threads if not (thread.is_alive() or stop.is_set())]
        self.end(grace)
        if fallen:
            raise QuarterdeckError(f"the {' and the '.join(fallen)} ended, as the log says; start this worker again")

    def end(self, seconds: float) -> None:
        """Jobs that still run then are killed: what they were at stays due, and is taken up by the next worker."""
        for worker in self._workers:
            worker.end_soon()
        self._join(seconds)
        for worker in self._workers:
            if worker.horse_pid:
                log.warning("ending although a job still runs; what it was at is taken up by the next process")
                worker.kill_horse()
        self._join(_ENDING)

    def _join(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    @staticmethod
    def _work(worker: LastingWorker) -> None:
        worker.work(logging_level=logging.getLevelName(logging.WARNING))
