"""Operations in flight as they were last read, and who among them is concerned by what changed in a cluster."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from commands.draft import Beside, Ref
from commands.errors import NewerRecord, NotFound, StoreError, StoreUnavailable
from commands.operation import Operation, State
from commands.store import Store
from workers.watcher.feed import FeedKey
from workers.watcher.feeds import Feeds, feeds_for
from workers.watcher.wake import Mark, Named, Namespace, Owned, Target

log = logging.getLogger(__name__)

K = TypeVar("K")

SOON_JUDGED = frozenset({State.QUEUED, State.ACTING, State.OBSERVING, State.ROLLING_BACK})
"""States whose target is watched with all it owns: already while queued, so that the caches are warm when it is written."""


class Flight:
    """Reads only what moved: each record's version is compared first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._operations: dict[str, Operation] = {}
        self._unreadable: dict[str, int] = {}
        self._by_target: dict[Target, set[str]] = {}
        self._by_uid: dict[tuple[str, str], set[str]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._operations))

    def get(self, id: str) -> Operation | None:
        return self._operations.get(id)

    def read_again(self) -> Collection[str]:
        """Read what moved since. Returns the ids of those. Raises ``StoreUnavailable``."""
        versions = self._store.operations.versions()
        for id in self._operations.keys() - versions.keys():
            self.put_away(id)
        known = {id: operation.version for id, operation in self._operations.items()} | self._unreadable
        moved = [id for id, version in versions.items() if known.get(id) != version]
        return [id for id in moved if self.load(id, versions[id])]

    def load(self, id: str, version: int = 0) -> bool:
        """Read one. False: it is gone, has ended, or cannot be read (said once for each version of it)."""
        try:
            operation = self._store.operations.load(id)
        except StoreUnavailable:
            raise
        except NotFound:
            self.put_away(id)
            return False
        except (NewerRecord, StoreError) as error:
            self.put_away(id)
            if self._unreadable.get(id) != version:
                log.warning("%s is left alone: %s", id, error)
            self._unreadable[id] = version
            return False
        self.put(operation)
        return not operation.state.final

    def put(self, operation: Operation) -> None:
        """It was read, or moved by us."""
        self.put_away(operation.id)
        if operation.state.final:
            return
        self._operations[operation.id] = operation
        if operation.target is not None:
            for target in _targets(operation.target, operation.beside):
                self._by_target.setdefault(target, set()).add(operation.id)
            self._by_uid.setdefault(_uid(operation.target), set()).add(operation.id)

    def put_away(self, id: str) -> None:
        operation = self._operations.pop(id, None)
        self._unreadable.pop(id, None)
        if operation is None or operation.target is None:
            return
        for target in _targets(operation.target, operation.beside):
            _discard(self._by_target, target, id)
        _discard(self._by_uid, _uid(operation.target), id)

    def needs(self) -> Collection[FeedKey]:
        """The feeds that the operations in flight are decided from."""
        keys: set[FeedKey] = set()
        for operation in self._operations.values():
            if operation.target is None:
                continue
            if operation.state in SOON_JUDGED:
                keys.update(feeds_for(operation.target, whole=True, beside=operation.beside))
            elif operation.state is State.AWAITING:
                keys.update(feeds_for(operation.target, whole=False, beside=operation.beside))
        return keys

    def concerned(self, marks: Iterable[Mark], feeds: Feeds) -> Collection[str]:
        """The operations that have to be looked at for these marks."""
        ids: set[str] = set()
        for mark in marks:
            match mark:
                case Target():
                    ids |= self._by_target.get(mark, frozenset())
                case Owned(cluster=cluster):
                    ids |= self._by_uid.get((cluster, feeds.workload_above(mark)), frozenset())
                case Namespace():
                    ids |= self._within(mark)
                case Named(id=id):
                    ids.add(id)
        return ids

    def _within(self, mark: Namespace) -> set[str]:
        found = (ids for target, ids in self._by_target.items() if target.namespace == mark.namespace)
        return {id for ids in found for id in ids if self._in_cluster(id, mark.cluster)}

    def _in_cluster(self, id: str, cluster: str) -> bool:
        target = self._operations[id].target
        return target is not None and target.cluster == cluster


def _targets(ref: Ref, beside: Beside | None) -> Iterator[Target]:
    """It, and what is written in its stead."""
    yield Target(ref.cluster, ref.namespace, ref.kind, ref.name)
    if beside:
        yield Target(ref.cluster, ref.namespace, beside.kind, beside.name)


def _uid(ref: Ref) -> tuple[str, str]:
    return ref.cluster, ref.uid


def _discard(index: dict[K, set[str]], key: K, id: str) -> None:
    ids = index.get(key)
    if ids is not None:
        ids.discard(id)
        if not ids:
            del index[key]
