"""All feeds of a leading watcher: those run that operations in flight need, each shared by all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from commands.draft import Beside, Ref
from commands.objects import Object
from workers.kinds import KINDS
from workers.watcher.cache import owner_of
from workers.watcher.feed import Feed, FeedKey, Source
from workers.watcher.wake import Mark, Namespace, Owned, Target, Wake

GRACE = 60.0
"""Seconds for which a feed outlives its last use: the next operation on that namespace finds it warm."""

HELPFUL = frozenset({"Event"})
"""Kinds that are followed where they may be, and done without where not."""

WORKLOADS = frozenset(KINDS)
"""Kinds whose objects are followed by name; others only through what controls them."""

BESIDE = frozenset({"HorizontalPodAutoscaler"})
"""Those too, of which what is written in a workload's stead is one."""


def feeds_for(ref: Ref, *, whole: bool, beside: Beside | None = None) -> Iterable[FeedKey]:
    """``whole``: with what it owns and what is said of it, to judge a rollout; else only what is planned on, to see it drift."""
    around = (*KINDS[ref.kind].CHILDREN, "Pod", "Event") if whole else ()
    kinds = (ref.kind, *around, *([beside.kind] if beside else ()))
    return (FeedKey(ref.cluster, ref.namespace, kind) for kind in kinds)


class Feeds:
    """One thread calls this; ``states`` may be asked from any."""

    def __init__(
        self, clusters: Callable[[str], Source], wake: Wake, *, grace: float = GRACE, feed: type[Feed] = Feed
    ) -> None:
        self._clusters, self._wake, self._grace, self._make = clusters, wake, grace, feed
        self._feeds: dict[FeedKey, Feed] = {}
        self._idle: dict[FeedKey, float] = {}
        self._lock = threading.Lock()

    def want(self, keys: Collection[FeedKey]) -> None:
        """Run exactly these from now on, apart from the grace period."""
        now = time.monotonic()
        for key in keys:
            self._idle.pop(key, None)
            if key not in self._feeds:
                self._start(key)
        for key in self._feeds.keys() - keys:
            self._idle.setdefault(key, now)
        for key in [key for key, since in self._idle.items() if now - since >= self._grace]:
            self._stop(key)

    def of(self, cluster: str, namespace: str, kind: str) -> Feed | None:
        return self._feeds.get(FeedKey(cluster, namespace, kind))

    def states(self) -> Mapping[str, str]:
        """``synced``, ``starting``, or the sentence that says what is wrong; of the feeds that are needed."""
        with self._lock:
            used = [feed for key, feed in self._feeds.items() if key not in self._idle and key.kind not in HELPFUL]
        return {str(feed.key): "synced" if feed.synced else feed.trouble or "starting" for feed in used}

    def workload_above(self, mark: Owned) -> str:
        """The uid to look for: the mark's own, or, where that is a pod's or a ReplicaSet's, that of what controls it."""
        uid = mark.uid
        for kind in ("Pod", "ReplicaSet"):
            feed = self.of(mark.cluster, mark.namespace, kind)
            found = feed.cache.by_uid(uid) if feed else None
            uid = (found and owner_of(found)) or uid
        return uid

    def close(self) -> None:
        """All stop; returns when they have, or after a second."""
        feeds = list(self._feeds.values())
        for key in list(self._feeds):
            self._stop(key)
        deadline = time.monotonic() + 1.0
        for feed in feeds:
            feed.join(max(0.0, deadline - time.monotonic()))

    def _start(self, key: FeedKey) -> None:
        feed = self._make(key, self._clusters, partial(leave_marks, self._wake))
        with self._lock:
            self._feeds[key] = feed
        feed.start()

    def _stop(self, key: FeedKey) -> None:
        self._idle.pop(key, None)
        with self._lock:
            feed = self._feeds.pop(key)
        feed.stop()


def leave_marks(wake: Wake, key: FeedKey, objects: Iterable[Object] | None) -> None:
    """Say who may be concerned by these objects. None: by all in the namespace, for the feed itself came or went."""
    if objects is None:
        wake.leave(Namespace(key.cluster, key.namespace))
        return
    marks: list[Mark] = []
    for obj in objects:
        if key.kind in WORKLOADS or key.kind in BESIDE:
            marks.append(Target(key.cluster, key.namespace, key.kind, obj["metadata"]["name"]))
        elif owner := owner_of(obj):
            marks.append(Owned(key.cluster, key.namespace, owner))
    wake.leave(*marks)
