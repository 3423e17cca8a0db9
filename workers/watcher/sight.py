"""What the feeds show of one target: the workload, what it owns, and the pods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from commands.draft import Beside, Ref
from commands.objects import Object
from workers.kinds import KINDS
from workers.watcher.cache import owner_of, uid_of
from workers.watcher.feed import Feed
from workers.watcher.feeds import HELPFUL, Feeds, feeds_for


@dataclass(frozen=True, slots=True)
class Sight:
    """``workload`` is whatever bears the name now, if anything does; the rest is what the workload of the uid owns."""

    workload: Object | None
    children: Sequence[Object] = ()
    pods: Sequence[Object] = ()
    events: Sequence[Object] = ()
    """Warnings that the cluster gave of any of these."""
    unheard: str | None = None
    """Why none of those is heard, where a right is missing; a sentence."""
    beside: Object | None = None
    """Whatever bears the name of what is written in its stead, where that is another object."""

    def showing(self, pods: Iterable[Object]) -> Sight:
        """With those of these pods that the workload owns instead, for its own are not all in sight yet."""
        owners = {uid_of(each) for each in (self.workload, *self.children) if each}
        return replace(self, pods=[pod for pod in pods if owner_of(pod) in owners])


@dataclass(frozen=True, slots=True)
class Blind:
    """Nothing can be said: a feed is not in sync, for so many seconds. ``trouble`` says why, None while it is only starting."""

    trouble: str | None
    seconds: float = 0.0


def look(feeds: Feeds, ref: Ref, *, whole: bool, beside: Beside | None = None) -> Sight | Blind:
    """``whole``: with what it owns; only then must the feeds of those be in sync. Helpful ones are not waited for."""
    keys = [key for key in feeds_for(ref, whole=whole, beside=beside) if key.kind not in HELPFUL]
    wanted = [feeds.of(key.cluster, key.namespace, key.kind) for key in keys]
    if not all(feed is not None and feed.synced for feed in wanted):
        return _blind([feed for feed in wanted if feed is not None and not feed.synced])
    by_kind = {feed.key.kind: feed for feed in wanted if feed is not None}
    workload = by_kind[ref.kind].cache.by_name(ref.name)
    other = by_kind[beside.kind].cache.by_name(beside.name) if beside else None
    if not whole:
        return Sight(workload, beside=other)
    children = [child for kind in KINDS[ref.kind].CHILDREN for child in _owned(by_kind[kind], [ref.uid])]
    pods = _owned(by_kind["Pod"], [ref.uid, *map(uid_of, children)])
    told = feeds.of(ref.cluster, ref.namespace, "Event")
    uids = [ref.uid, *map(uid_of, children), *map(uid_of, pods)]
    events, unheard = (_owned(told, uids), told.denied) if told else ((), None)
    return Sight(workload, children, pods, events, unheard, other)


def _blind(unsynced: Sequence[Feed]) -> Blind:
    troubled = next((feed for feed in unsynced if feed.trouble), None)
    return Blind(troubled.trouble, troubled.unsynced_seconds) if troubled else Blind(None)


def _owned(feed: Feed, uids: Sequence[str]) -> Sequence[Object]:
    return [obj for uid in uids for obj in feed.cache.owned_by(uid)]
