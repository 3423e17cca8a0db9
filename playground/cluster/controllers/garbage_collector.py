"""Deletes what has lost its owners, and lets owners go after (foreground) or without (orphan) what they own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster import kind as kinds
from playground.cluster.controller import Key
from playground.cluster.kind import Kind
from playground.cluster.request import DeleteOptions
from playground.cluster.store import Change
from playground.cluster.verbs import FOREGROUND, ORPHAN, Verbs

Json = dict[str, Any]


class GarbageCollector:
    """Keys are (namespace, ``Kind/name``). Knows who depends on whom from the changes it is told of."""

    name = "garbage-collector"

    def __init__(self) -> None:
        self._kinds = {kind.kind: kind for kind in kinds.discover().values()}
        self._dependents: defaultdict[str, set[Key]] = defaultdict(set)
        """By the owner's uid."""
        self.watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
            kind.resource: self._note for kind in self._kinds.values()
        }

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        kind, obj = self._find(verbs, key)
        if kind is None or obj is None:
            return
        finalizers = obj["metadata"].get("finalizers", [])
        if "deletionTimestamp" not in obj["metadata"]:
            _settle_owners(verbs, self._kinds, kind, obj)
        elif ORPHAN in finalizers:
            for of_kind, dependent in self._of(verbs, obj):
                _disown(verbs, of_kind, dependent, {obj["metadata"]["uid"]})
            _finish(verbs, kind, obj, ORPHAN)
        elif FOREGROUND in finalizers:
            self._in_foreground(verbs, kind, obj)

    def _in_foreground(self, verbs: Verbs, kind: Kind, owner: Json) -> None:
        """Delete the dependents; the owner goes when none is left that blocks it."""
        uid = owner["metadata"]["uid"]
        for of_kind, dependent in self._of(verbs, owner):
            others = [
                ref for ref in _owners(dependent) if ref["uid"] != uid and _lives(verbs, self._kinds, dependent, ref)
            ]
            if others:
                _disown(verbs, of_kind, dependent, {uid})
            elif "deletionTimestamp" not in dependent["metadata"]:
                deep = bool(self._dependents.get(dependent["metadata"]["uid"]))
                _delete(verbs, of_kind, dependent, "Foreground" if deep else "Background")
        if not any(_blocks(dependent, uid) for _, dependent in self._of(verbs, owner)):
            _finish(verbs, kind, owner, FOREGROUND)

    def _of(self, verbs: Verbs, owner: Json) -> list[tuple[Kind, Json]]:
        found = [self._find(verbs, key) for key in sorted(self._dependents.get(owner["metadata"]["uid"], ()))]
        return [(kind, obj) for kind, obj in found if kind and obj]

    def _find(self, verbs: Verbs, key: Key) -> tuple[Kind | None, Json | None]:
        name, _, obj_name = key[1].partition("/")
        kind = self._kinds.get(name)
        return kind, verbs.find(kind, key[0], obj_name) if kind else None

    def _note(self, change: Change) -> Iterable[Key]:
        obj, old = change.object, change.old or {"metadata": {}}
        meta = obj["metadata"]
        key = (meta.get("namespace", ""), f"{change.kind.kind}/{meta['name']}")
        gone = change.type == "DELETED"
        now = set() if gone else {ref["uid"] for ref in _owners(obj)}
        before = {ref["uid"] for ref in _owners(old)}
        for uid in now - before:
            self._dependents[uid].add(key)
        for uid in before - now:
            self._dependents[uid].discard(key)
        keys = [self._key_of(ref, key[0]) for ref in _owners(old) if gone or ref["uid"] not in now]
        if gone:
            return [*keys, *sorted(self._dependents.pop(meta["uid"], ()))]
        return [*keys, key] if now != before or (meta.get("finalizers") and "deletionTimestamp" in meta) else keys

    def _key_of(self, reference: Json, namespace: str) -> Key:
        kind = self._kinds.get(reference["kind"])
        return namespace if kind is None or kind.namespaced else "", f"{reference['kind']}/{reference['name']}"


def _settle_owners(verbs: Verbs, known: Mapping[str, Kind], kind: Kind, obj: Json) -> None:
    """Without any living owner left it goes; else it forgets the dead ones."""
    owners = _owners(obj)
    dead = {owner["uid"] for owner in owners if not _lives(verbs, known, obj, owner)}
    if owners and len(dead) == len(owners):
        _delete(verbs, kind, obj, "Background")
    elif dead:
        _disown(verbs, kind, obj, dead)


def _lives(verbs: Verbs, known: Mapping[str, Kind], obj: Json, reference: Json) -> bool:
    """Of a kind that is not known here nothing can be said: it is left alone."""
    kind = known.get(reference["kind"])
    if kind is None:
        return True
    owner = verbs.find(kind, obj["metadata"].get("namespace", "") if kind.namespaced else "", reference["name"])
    return owner is not None and owner["metadata"]["uid"] == reference["uid"]


def _owners(obj: Json) -> list[Json]:
    owners: list[Json] = obj["metadata"].get("ownerReferences") or []
    return owners


def _blocks(dependent: Json, uid: str) -> bool:
    return any(ref["uid"] == uid and ref.get("blockOwnerDeletion") for ref in _owners(dependent))


def _delete(verbs: Verbs, kind: Kind, obj: Json, propagation: str) -> None:
    meta = obj["metadata"]
    verbs.delete(kind, meta.get("namespace", ""), meta["name"], DeleteOptions(propagation=propagation, uid=meta["uid"]))


def _disown(verbs: Verbs, kind: Kind, obj: Json, uids: set[str]) -> None:
    meta = {key: value for key, value in obj["metadata"].items() if key != "ownerReferences"}
    kept = [ref for ref in _owners(obj) if ref["uid"] not in uids]
    verbs.update(kind, {**obj, "metadata": {**meta, **({"ownerReferences": kept} if kept else {})}})


def _finish(verbs: Verbs, kind: Kind, obj: Json, finalizer: str) -> None:
    kept = [one for one in obj["metadata"].get("finalizers", []) if one != finalizer]
    verbs.update(kind, {**obj, "metadata": {**obj["metadata"], "finalizers": kept}})


CONTROLLER = GarbageCollector
