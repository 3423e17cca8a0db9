"""Watches: what was, then what happens, until the client, the time limit or a fault ends it."""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import StatusError
from playground.cluster.store import Change, Store
from playground.cluster.wire import revisions
from playground.cluster.wire.call import Call, Stream, Write
from playground.cluster.wire.listing import selection
from playground.cluster.wire.negotiation import META_GROUP
from playground.cluster.wire.rendering import Rendering, rendering
from playground.cluster.wire.selectors import Predicate

Json = dict[str, Any]
BOOKMARK_SECONDS = 60.0
LAST_BOOKMARK_SECONDS = 1.0
"""Before the time limit, so that the client can resume from where it was."""
USUAL_SECONDS = (1800.0, 3600.0)
INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


class Watches:
    """All that are open, so that a fault can close them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: set[Watch] = set()

    def open(self, kind: Kind, namespace: str, call: Call, now: Callable[[], float]) -> Stream:
        """Raises StatusError. ``now`` is cluster time."""
        revisions.check_options(call)
        watch = Watch(self._store, kind, namespace, call, rendering(kind, call, now()), now)
        return Stream(lambda write: self._run(watch, write))

    def close_all(self) -> None:
        for watch in self._open:
            watch.close()

    def __len__(self) -> int:
        return len(self._open)

    async def _run(self, watch: Watch, write: Write) -> None:
        self._open.add(watch)
        try:
            await watch.run(write)
        finally:
            self._open.discard(watch)


@dataclass(eq=False)
class Watch:
    store: Store
    kind: Kind
    namespace: str
    call: Call
    rendering: Rendering
    now: Callable[[], float]
    _pending: deque[Json] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._selected: Predicate = selection(self.kind, self.call)
        self._revision = revisions.revision_of(self.call)
        self._bookmarks = self.call.flag("allowWatchBookmarks")
        self._columns_sent = False

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def run(self, write: Write) -> None:
        loop = asyncio.get_running_loop()
        seconds = float(self.call.query.get("timeoutSeconds", "0")) or random.uniform(*USUAL_SECONDS)
        end = loop.time() + seconds
        bookmark = self._next_bookmark(loop.time(), end)
        self.store.listeners.append(self._changed)
        try:
            self._begin()
            while not self._closed:
                await self._flush(write)
                now = loop.time()
                if now >= end:
                    break
                if now >= bookmark:
                    self._pending.append(self._bookmark())
                    bookmark = self._next_bookmark(now, end)
                else:
                    await self._wait(min(end, bookmark) - now)
            await self._flush(write)
        finally:
            self.store.listeners.remove(self._changed)

    def _next_bookmark(self, now: float, end: float) -> float:
        last = end - LAST_BOOKMARK_SECONDS
        return min(now + BOOKMARK_SECONDS, last) if self._bookmarks and now < last else math.inf

    def _begin(self) -> None:
        """Queue what was before: all that is, or the changes since the revision the client knows."""
        initial = self.call.flag("sendInitialEvents")
        if initial or self._revision == 0:
            for obj in filter(self._selected, self.store.list(self.kind, self.namespace)):
                self._pending.append(self._event("ADDED", obj))
            if self._bookmarks:
                self._pending.append(self._bookmark(INITIAL_EVENTS_END))
            return
        try:
            self._hear(self.store.since(self._revision))
        except StatusError as error:
            self._pending.append({"type": "ERROR", "object": error.document})
            self.close()

    def _changed(self, change: Change) -> None:
        self._hear([change])

    def _hear(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.kind.resource != self.kind.resource:
                continue
            if self.namespace not in {"", change.object["metadata"].get("namespace", "")}:
                continue
            self._see(change)

    def _see(self, change: Change) -> None:
        """To the client an object that leaves its selection is deleted, and one that enters it is new."""
        was = change.old is not None and self._selected(change.old)
        is_now = change.type != "DELETED" and self._selected(change.object)
        if is_now:
            self._pending.append(self._event("MODIFIED" if was else "ADDED", change.object))
        elif was and change.old is not None:
            self._pending.append(self._event("DELETED", self._last(change)))
        self._news.set()

    def _last(self, change: Change) -> Json:
        """The object as it was when it was last selected, with the revision at which that ended."""
        if change.type == "DELETED" or change.old is None:
            return change.object
        meta = {**change.old["metadata"], "resourceVersion": change.object["metadata"]["resourceVersion"]}
        return {**change.old, "metadata": meta}

    def _event(self, kind: str, obj: Json) -> Json:
        rendered = Rendering(self.kind, self.rendering.form, self.rendering.include, self.now()).one(obj)
        if self.rendering.form.kind == "Table":
            rendered = {**rendered, **({"columnDefinitions": None} if self._columns_sent else {})}
            self._columns_sent = True
        return {"type": kind, "object": rendered}

    def _bookmark(self, annotations: Json | None = None) -> Json:
        meta: Json = {"resourceVersion": str(self.store.revision)}
        noted = {**meta, "annotations": annotations} if annotations else meta
        form = self.rendering.form
        version = f"{META_GROUP}/{form.version}"
        partial: Json = {"kind": "PartialObjectMetadata", "apiVersion": version, "metadata": noted}
        if form.kind == "Table":
            rows = [{"cells": ["" for _ in self.kind.columns], "object": partial}]
            obj = {"kind": "Table", "apiVersion": version, "metadata": meta, "columnDefinitions": None, "rows": rows}
        elif form.kind:
            obj = partial
        else:
            obj = {"kind": self.kind.kind, "apiVersion": self.kind.api_version, "metadata": noted}
        return {"type": "BOOKMARK", "object": obj}

    async def _flush(self, write: Write) -> None:
        if not self._pending:
            return
        lines = [json.dumps(event, separators=(",", ":")) + "\n" for event in self._pending]
        self._pending.clear()
        await write("".join(lines).encode())

    async def _wait(self, seconds: float) -> None:
        self._news.clear()
        if self._pending or self._closed:
            return
        try:
            await asyncio.wait_for(self._news.wait(), max(0.0, seconds))
        except TimeoutError:
            return
