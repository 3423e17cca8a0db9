"""A feed: one list and watch of one kind in one namespace, in a thread of its own, kept in a cache.

It is *synced* while its cache is what a list said, plus every change since. It stops being so when the connection
breaks, and then lists again: what was missed meanwhile is not guessed. Nothing is decided from a feed that is not synced.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.errors import ClusterError, Forbidden, Gone
from commands.objects import Object
from workers.watcher.backoff import Backoff
from workers.watcher.cache import Cache

log = logging.getLogger(__name__)

WATCH_SECONDS = 300
"""The server ends a watch after this; it goes on from the last resource version seen (bookmarks keep it young)."""

FORBIDDEN_SECONDS = 15.0
"""A missing right is not mended by asking often."""

FAULT_SECONDS = 1.0
"""Nor is a fault of ours."""

HASTE = 1.0
"""Seconds. A watch that ended sooner is followed by a pause: a server that closes at once is not spun on."""


@dataclass(frozen=True, slots=True)
class FeedKey:
    cluster: str
    namespace: str
    kind: str

    def __str__(self) -> str:
        return f"{self.cluster}/{self.namespace}/{self.kind}"


class Listed(Protocol):
    @property
    def items(self) -> Sequence[Object]: ...
    @property
    def resource_version(self) -> str: ...


class Stream(Protocol):
    """Events until the server ends it; ``close`` ends it from another thread."""

    def __iter__(self) -> Iterator[tuple[str, Object]]: ...
    def close(self) -> None: ...


class Source(Protocol):
    """What a feed needs of ``workers.cluster.Cluster``."""

    def list(self, kind: str, namespace: str, *, field_selector: str) -> Listed: ...
    def watch(
        self, kind: str, namespace: str, resource_version: str, *, timeout_seconds: int, field_selector: str
    ) -> Stream: ...


ONLY = {"Event": "type=Warning"}
"""By kind: which of its objects are followed, as a field selector. Left out: all."""

Changed = Callable[[FeedKey, Iterable[Object] | None], None]
"""Called from the feed's thread. None: the feed came into sync or lost it."""


class Feed:
    """``open`` gives the cluster; it is called in the feed's thread, for reading credentials may take its time."""

    def __init__(
        self, key: FeedKey, open: Callable[[str], Source], changed: Changed, backoff: Backoff | None = None
    ) -> None:
        self.key = key
        self.cache = Cache()
        self._open, self._changed = open, changed
        self._backoff = backoff or Backoff(0.1, 5.0)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._version: str | None = None
        self._trouble: str | None = None
        self._denied: str | None = None
        self._unsynced_since = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"feed {key}", daemon=True)

    @property
    def synced(self) -> bool:
        return self._version is not None

    @property
    def trouble(self) -> str | None:
        """Why it is not synced, as a sentence; None while it is, or has only begun."""
        return self._trouble

    @property
    def denied(self) -> str | None:
        """The right that it lacked when it asked last, as a sentence; None again once it hears something."""
        return self._denied

    @property
    def unsynced_seconds(self) -> float:
        return 0.0 if self.synced else time.monotonic() - self._unsynced_since

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns at once; the thread ends as soon as what it waits for is broken off."""
        self._stopping.set()
        with self._lock:
            if self._stream is not None:
                self._stream.close()

    def join(self, seconds: float) -> bool:
        """Whether its thread has ended by then."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except Gone:
                log.info("%s: the watch is too old, listing again", self.key)
                self._broken(None, pause=self._backoff.next())
            except Forbidden as error:
                self._denied = str(error)
                self._broken(str(error), pause=self._backoff.next(FORBIDDEN_SECONDS))
            except ClusterError as error:
                self._broken(str(error), pause=self._backoff.next())
            except Exception as error:  # a dead feed would leave operations waiting for ever
                log.exception("%s: the feed failed and starts anew", self.key)
                self._broken(f"Reading {self.key} failed: {error!r}", pause=self._backoff.next(FAULT_SECONDS))

    def _follow(self) -> None:
        source = self._open(self.key.cluster)
        if self._version is None:
            self._list(source)
        began = time.monotonic()
        try:
            for type_, obj in self._watch(source):
                self._backoff.reset()
                self._denied = None
                self._take(type_, obj)
        finally:
            held = time.monotonic() - began >= HASTE
            if held:
                self._backoff.reset()
        if not held:
            self._stopping.wait(self._backoff.next())

    def _list(self, source: Source) -> None:
        listing = source.list(self.key.kind, self.key.namespace, field_selector=ONLY.get(self.key.kind, ""))
        self.cache.replace(listing.items)
        self._version = listing.resource_version
        if self._trouble:
            log.info("%s: in sync again", self.key)
        self._trouble = None
        self._changed(self.key, None)

    def _watch(self, source: Source) -> Stream | tuple[()]:
        """Under the lock, so that ``stop`` either sees the stream or is seen."""
        with self._lock:
            if self._stopping.is_set() or self._version is None:
                return ()
            self._stream = source.watch(
                self.key.kind,
                self.key.namespace,
                self._version,
                timeout_seconds=WATCH_SECONDS,
                field_selector=ONLY.get(self.key.kind, ""),
            )
            return self._stream

    def _take(self, type_: str, obj: Object) -> None:
        if type_ == "DELETED":
            self.cache.drop(obj)
        elif type_ != "BOOKMARK":
            self.cache.put(obj)
        self._version = obj["metadata"]["resourceVersion"]
        if type_ != "BOOKMARK":
            self._changed(self.key, (obj,))

    def _broken(self, trouble: str | None, pause: float) -> None:
        """Out of sync: said once for each reason, not at each attempt."""
        if trouble and trouble != self._trouble:
            log.warning("%s: not in sync: %s", self.key, trouble)
        was_synced = self.synced
        if was_synced:
            self._unsynced_since = time.monotonic()
        self._version, self._trouble = None, trouble
        if was_synced:
            self._changed(self.key, None)
        self._stopping.wait(pause)
