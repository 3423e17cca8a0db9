"""What the long-running subcommands share: stopping on SIGTERM."""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType


def stopping() -> Event:
    """Set by SIGTERM and SIGINT."""
    event = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        event.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return event
