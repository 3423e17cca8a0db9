"""What the long-running subcommands share: stopping on SIGTERM, and waiting for a Redis that answers."""

from __future__ import annotations

import logging
import signal
from threading import Event
from types import FrameType

from commands.errors import StoreUnavailable
from commands.store import Store

log = logging.getLogger(__name__)


def stopping() -> Event:
    """Set by SIGTERM and SIGINT."""
    event = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        event.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return event


def wait_for_redis(store: Store, stop: Event, seconds: float = 30) -> None:
    """Raises ``StoreUnavailable`` after so many ``seconds``."""
    waited = 0.0
    while not stop.is_set():
        try:
            store.ping()
            return
        except StoreUnavailable as error:
            if waited >= seconds:
                raise StoreUnavailable(f"Redis does not answer: {error.__cause__}; is REDIS_URL right?") from error
            log.warning("waiting for Redis: %r", error.__cause__)
            waited += 1
            stop.wait(1)
