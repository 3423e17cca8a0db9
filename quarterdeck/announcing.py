"""Every process says in Redis which signing key it has, by its id, so that ``quarterdeck check`` finds those that differ."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from commands.errors import StoreUnavailable
from commands.store import Store
from commands.store.announcements import EVERY
from quarterdeck import compose
from quarterdeck.settings import Settings

log = logging.getLogger(__name__)


@contextmanager
def announcing(process: str, settings: Settings) -> Iterator[None]:
    """While it runs, from a thread of its own over a connection of its own: a job that is forked takes neither along."""
    stop = Event()
    store = compose.probing(settings)
    thread = Thread(target=_run, args=(process, store, stop), name="announces its key", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def _run(process: str, store: Store, stop: Event) -> None:
    clock = store.clock(time.time)
    key = store.key.id if store.key else None
    while not stop.is_set():
        try:
            store.announcements.announce(process, socket.gethostname(), key, clock())
        except StoreUnavailable as error:
            log.debug("the key could not be announced: %r", error.__cause__)
            stop.wait(1)
        else:
            stop.wait(EVERY)
