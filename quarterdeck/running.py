"""What the long-running subcommands share: saying that they run, and ending in time when they are told to."""

from __future__ import annotations

import logging
import os
import signal
from queue import SimpleQueue
from threading import Event, Thread, Timer
from types import FrameType

log = logging.getLogger(__name__)

GRACE = 7.0
"""Seconds from SIGTERM to the end of what still waits for an answer of Slack's, Redis's or a cluster's.

Nothing is lost by that: all state is in Redis, and what was begun is due there and taken up by the next process.
"""


def stopping(grace: float | None = GRACE) -> Event:
    """Set by SIGTERM and SIGINT. The process ends ``grace`` seconds later at the latest, whatever hangs.

    None: it ends by itself, as one must that has others to end first.
    """
    event, told = Event(), SimpleQueue[None]()

    def ends() -> None:
        told.get()
        event.set()
        if grace is not None:
            give_up_later(grace)

    def stop(number: int, frame: FrameType | None) -> None:
        """Interrupts the thread that may just hold the event's own lock, which it waits for; a SimpleQueue may be met twice."""
        del number, frame
        told.put(None)

    Thread(target=ends, name="stopping", daemon=True).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return event


def give_up_later(seconds: float = GRACE) -> None:
    """End this process then, if it has not ended by itself. From a thread of its own, which keeps no process alive."""
    timer = Timer(seconds, _give_up)
    timer.daemon = True
    timer.start()


def _give_up() -> None:
    log.warning("ending although something still hangs; what was begun is taken up by the next process")
    logging.shutdown()
    os._exit(0)
