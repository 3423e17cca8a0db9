"""A watch: the changes of a collection, one event at a time, until the server ends it, it breaks, or it is closed.

Facts it rests on (facts/kubectl-wire.md, "Watching"): one JSON event and a newline each; a resource version that is too
old comes as HTTP 410 or as an ERROR event with code 410; bookmarks come every 60 s, so a longer silence is a dead peer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from workers.cluster import translation
from workers.cluster.calls import Call
from workers.cluster.connection import Connection

Event = tuple[str, dict[str, Any]]
"""``ADDED``, ``MODIFIED``, ``DELETED`` or ``BOOKMARK``, and the object. A bookmark's has only ``metadata.resourceVersion``."""

SILENCE_SECONDS = 90.0
_CHUNK = 65_536


class Watch:
    """Iterate over it once. Ends quietly when the server's time is over or ``close`` was called; else raises.

    Raises ``Gone`` (list again) and ``Unreachable`` (connect again, after a pause of the caller's).
    """

    def __init__(self, connection: Connection, call: Call) -> None:
        self._connection = connection
        self._call = call
        self._lock = threading.Lock()
        self._response: BaseHTTPResponse | None = None
        self._closed = threading.Event()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def __iter__(self) -> Iterator[Event]:
        response = self._open()
        if response is None:
            return
        try:
            for line in self._lines(response):
                if self.closed:
                    return
                yield self._event(line)
        finally:
            self.close()
            response.close()  # the rest is of no interest, so the connection cannot be used again

    def close(self) -> None:
        """End the iteration, from any thread, also while it waits for the next event."""
        with self._lock:
            self._closed.set()
            if self._response is not None:
                # Closing would wait for the reader's lock; a shut socket wakes the reader instead.
                with suppress(OSError, ValueError, RuntimeError):
                    self._response.shutdown()
                self._response = None

    def _open(self) -> BaseHTTPResponse | None:
        if self.closed:
            return None
        response = self._connection.open(self._call)
        with self._lock:
            if not self._closed.is_set():
                self._response = response
                return response
        response.close()
        return None

    def _lines(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        pending: list[bytes] = []
        try:
            for chunk in response.stream(_CHUNK):
                first, *others = chunk.split(b"\n")
                pending.append(first)
                for other in others:
                    yield b"".join(pending)
                    pending = [other]
        except (HTTPError, OSError, ValueError) as error:  # ValueError: read from a socket that close() has shut
            if not self._closed.is_set():
                raise translation.failed(self._connection.cluster, self._call, error) from error

    def _event(self, line: bytes) -> Event:
        event = msgspec.json.decode(line)
        if event["type"] == "ERROR":
            status = event["object"]
            body = msgspec.json.encode(status)
            raise translation.refused(self._connection.cluster, self._call, int(status.get("code", 500)), body)
        return event["type"], event["object"]
