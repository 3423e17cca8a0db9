"""All objects, and what happened to them: etcd's part. Objects are never changed in place; each write is a new dict."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import expired

Json = dict[str, Any]
HISTORY = 20_000
"""Changes that watches can still be resumed from; older ones are answered with 410, as after etcd's compaction."""


@dataclass(frozen=True)
class Change:
    """One write. ``type`` is ADDED, MODIFIED or DELETED; a deleted object carries the revision of its deletion."""

    revision: int
    type: str
    kind: Kind
    object: Json
    old: Json | None


Listener = Callable[[Change], None]


def key_of(obj: Json) -> tuple[str, str]:
    """Namespace ("" for cluster-wide) and name."""
    meta = obj["metadata"]
    return meta.get("namespace", ""), meta["name"]


class Store:
    """Objects by kind, namespace and name; one revision counter for all, as etcd has it."""

    def __init__(self) -> None:
        self.revision = 1
        self.listeners: list[Listener] = []
        self._objects: dict[str, dict[tuple[str, str], Json]] = {}
        self._history: deque[Change] = deque(maxlen=HISTORY)
        self._compacted = 0

    def get(self, kind: Kind, namespace: str, name: str) -> Json | None:
        return self._of(kind).get((namespace, name))

    def list(self, kind: Kind, namespace: str = "") -> list[Json]:
        """In the order of keys, as etcd gives them. ``namespace`` "": all of them."""
        of_kind = self._of(kind)
        return [of_kind[key] for key in sorted(of_kind) if namespace in {"", key[0]}]

    def put(self, kind: Kind, obj: Json) -> Json:
        """Store a new version of the object under the next revision; returns it as stored."""
        of_kind, key = self._of(kind), key_of(obj)
        old = of_kind.get(key)
        stored = of_kind[key] = self._revised(obj)
        self._tell("MODIFIED" if old else "ADDED", kind, stored, old)
        return stored

    def remove(self, kind: Kind, obj: Json) -> Json:
        """Take the object out; returns it as its DELETED event shows it."""
        old = self._of(kind).pop(key_of(obj))
        gone = self._revised(obj)
        self._tell("DELETED", kind, gone, old)
        return gone

    def since(self, revision: int) -> Iterator[Change]:
        """The changes after that revision. Raises StatusError 410 if they are not kept any more."""
        if revision < self._compacted:
            raise expired(f"too old resource version: {revision} ({self._compacted})")
        return iter([change for change in self._history if change.revision > revision])

    def compact(self) -> None:
        """Forget the history: every watch that resumes from before now gets 410."""
        self._history.clear()
        self._compacted = self.revision

    def _of(self, kind: Kind) -> dict[tuple[str, str], Json]:
        return self._objects.setdefault(kind.resource, {})

    def _revised(self, obj: Json) -> Json:
        self.revision += 1
        return {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(self.revision)}}

    def _tell(self, event: str, kind: Kind, obj: Json, old: Json | None) -> None:
        if len(self._history) == HISTORY:
            self._compacted = self._history[0].revision
        change = Change(self.revision, event, kind, obj, old)
        self._history.append(change)
        for listener in list(self.listeners):
            listener(change)
