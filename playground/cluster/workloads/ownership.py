"""Which objects belong to which controller: by owner references, and by selectors for those that have no owner yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.kind import Kind
from playground.cluster.selectors import matches
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
ALL = ""
"""As the name in a key: every object of its namespace. For orphans, which any of them may adopt."""


def reference(owner: Json) -> Json:
    """What goes into ``ownerReferences`` of an object that the owner controls."""
    meta = owner["metadata"]
    names = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta["name"], "uid": meta["uid"]}
    return {**names, "controller": True, "blockOwnerDeletion": True}


def controller_of(obj: Json) -> Json | None:
    return next((ref for ref in obj["metadata"].get("ownerReferences", ()) if ref.get("controller")), None)


def is_controlled_by(obj: Json, owner: Json) -> bool:
    found = controller_of(obj)
    return found is not None and found["uid"] == owner["metadata"]["uid"]


def controlled_by(kind: str) -> Callable[[Change], Iterable[Key]]:
    """Keys of objects of that kind that a change concerns: who controls the object, did until now, or may adopt it."""

    def keys(change: Change) -> Iterable[Key]:
        namespace = change.object["metadata"].get("namespace", "")
        versions = [obj for obj in (change.object, change.old) if obj is not None]
        owners = [found for obj in versions if (found := controller_of(obj))]
        if (
            controller_of(change.object) is None
            and change.type != "DELETED"
            and change.object["metadata"].get("labels")
        ):
            return {(namespace, ALL)}
        return {(namespace, ref["name"]) for ref in owners if ref["kind"] == kind}

    return keys


def claimed(verbs: Verbs, owner: Json, kind: Kind) -> list[Json]:
    """The objects of that kind that the owner controls, after adopting what its selector picks and releasing what it no longer does."""
    selector = owner["spec"]["selector"]
    mine = []
    for obj in verbs.list(kind, owner["metadata"].get("namespace", "")):
        ref = controller_of(obj)
        picked = matches(selector, obj["metadata"].get("labels"))
        if ref is not None and ref["uid"] == owner["metadata"]["uid"]:
            if picked:
                mine.append(obj)
            elif not _going(owner) and not _going(obj):
                _release(verbs, owner, kind, obj)
        elif ref is None and picked and not _going(owner) and not _going(obj):
            mine.append(_adopt(verbs, owner, kind, obj))
    return mine


def each(verbs: Verbs, kind: Kind, key: Key) -> list[Json]:
    """The object that the key names, or all of its namespace; those that are gone are left out."""
    namespace, name = key
    if name == ALL:
        return verbs.list(kind, namespace)
    found = verbs.find(kind, namespace, name)
    return [found] if found else []


def try_create(verbs: Verbs, kind: Kind, obj: Json) -> Json | StatusError:
    """The created object, or why it could not be: for what the controller reports rather than repeats at once."""
    try:
        return verbs.create(kind, obj)
    except StatusError as error:
        return error


def _going(obj: Json) -> bool:
    return "deletionTimestamp" in obj["metadata"]


def _adopt(verbs: Verbs, owner: Json, kind: Kind, obj: Json) -> Json:
    return _with_owners(verbs, kind, obj, [*obj["metadata"].get("ownerReferences", ()), reference(owner)])


def _release(verbs: Verbs, owner: Json, kind: Kind, obj: Json) -> None:
    others = [ref for ref in obj["metadata"]["ownerReferences"] if ref["uid"] != owner["metadata"]["uid"]]
    _with_owners(verbs, kind, obj, others)


def _with_owners(verbs: Verbs, kind: Kind, obj: Json, owners: list[Json]) -> Json:
    meta = {key: value for key, value in obj["metadata"].items() if key != "ownerReferences"}
    return verbs.update(kind, {**obj, "metadata": {**meta, **({"ownerReferences": owners} if owners else {})}})
