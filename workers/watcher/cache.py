"""The objects of one namespace and kind as a feed last saw them: one copy each, found by uid, name and owner.

The feed's thread writes, the loop reads. Objects are never changed once they are in here, so readers may keep them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from commands.objects import Object, controller_of


def uid_of(obj: Object) -> str:
    return str(obj["metadata"]["uid"])


def owner_of(obj: Object) -> str | None:
    """The uid of its controller, if something controls it; of an Event that of the object which it is about."""
    if about := obj.get("involvedObject"):
        return str(about.get("uid"))
    owner = controller_of(obj)
    return str(owner["uid"]) if owner else None


class Cache:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._objects: dict[str, Object] = {}
        self._names: dict[str, str] = {}
        self._owned: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._objects)

    def by_uid(self, uid: str) -> Object | None:
        with self._lock:
            return self._objects.get(uid)

    def by_name(self, name: str) -> Object | None:
        with self._lock:
            return self._objects.get(self._names.get(name, ""))

    def owned_by(self, uid: str) -> Sequence[Object]:
        """What the object of this uid controls, by name."""
        with self._lock:
            found = [self._objects[owned] for owned in self._owned.get(uid, ())]
        return sorted(found, key=lambda obj: str(obj["metadata"]["name"]))

    def put(self, obj: Object) -> None:
        with self._lock:
            self._put(obj)

    def drop(self, obj: Object) -> None:
        """By its uid: of two objects of one name the later one stays."""
        with self._lock:
            self._drop(uid_of(obj))

    def replace(self, objects: Iterable[Object]) -> None:
        """Hold exactly these."""
        with self._lock:
            self._objects, self._names, self._owned = {}, {}, {}
            for obj in objects:
                self._put(obj)

    def _put(self, obj: Object) -> None:
        uid, owner = uid_of(obj), owner_of(obj)
        before = self._objects.get(uid)
        if before is not None and owner_of(before) != owner:
            self._disown(uid, owner_of(before))
        _lighten(obj)
        self._objects[uid] = obj
        self._names[obj["metadata"]["name"]] = uid
        if owner:
            self._owned.setdefault(owner, set()).add(uid)

    def _drop(self, uid: str) -> None:
        obj = self._objects.pop(uid, None)
        if obj is None:
            return
        name = obj["metadata"]["name"]
        if self._names.get(name) == uid:
            del self._names[name]
        self._disown(uid, owner_of(obj))

    def _disown(self, uid: str, owner: str | None) -> None:
        siblings = self._owned.get(owner or "")
        if siblings is not None:
            siblings.discard(uid)
            if not siblings:
                del self._owned[owner or ""]


def _lighten(obj: Object) -> None:
    """``managedFields`` can be half of an object, and nothing here reads it."""
    obj["metadata"].pop("managedFields", None)
