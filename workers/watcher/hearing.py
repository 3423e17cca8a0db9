"""Hearing the bell, in a thread of its own: a record moved, and the loop need not wait for its next round to learn it."""

from __future__ import annotations

import logging
import threading

from commands.errors import StoreUnavailable
from commands.store import Store
from commands.store.bell import Bell
from workers.watcher.wake import Records, Wake

log = logging.getLogger(__name__)

LISTEN = 1.0
"""Seconds a wait takes at most, and so how long ``stop`` may take."""
PAUSE = 0.5

BELL = "operation"


class Hearing:
    def __init__(self, store: Store, wake: Wake) -> None:
        self._store, self._wake = store, wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_to(self._store.bell(BELL))
            except Exception:  # without it every move would wait for a round
                log.exception("hearing the bell failed and starts anew")
                self._stopping.wait(PAUSE)

    def _listen_to(self, bell: Bell) -> None:
        heard = True
        while not self._stopping.is_set():
            try:
                if bell.wait(LISTEN) is not None:  # rung, or subscribed: what was rung before was not heard
                    self._wake.leave(Records())
                heard = True
            except StoreUnavailable as error:
                if heard:
                    log.warning("the bell cannot be heard: %s", error.__cause__ or error)
                heard = False
                self._stopping.wait(PAUSE)
        bell.close()
