"""What the API server writes into an object's metadata: names, uids, generations. Pure functions over two versions."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

from playground.cluster.kind import Kind

Json = dict[str, Any]
_NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
IMMUTABLE = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")
_LONGEST_PREFIX = 58
"""Of generated names: a label's 63 letters without the suffix."""
_ATTEMPTS = 8


def random_suffix() -> str:
    """Five letters as ``generateName`` and ReplicaSets append them: no vowels, no look-alikes."""
    return "".join(random.choices(_NAME_LETTERS, k=5))


def of_new(kind: Kind, obj: Json, now: str, is_taken: Callable[[str], bool] = lambda _: False) -> Json:
    """The metadata of an object that is being created; ``now`` RFC 3339. Names are generated until one is free."""
    given = {key: value for key, value in obj.get("metadata", {}).items() if key not in IMMUTABLE}
    prefix = given.get("generateName", "")[:_LONGEST_PREFIX]
    if not given.get("name") and prefix:
        names = (prefix + random_suffix() for _ in range(_ATTEMPTS))
        given["name"] = next((name for name in names if not is_taken(name)), "") or prefix + random_suffix()
    generation = {"generation": 1} if kind.has_generation else {}
    return {**given, "uid": str(uuid.uuid4()), "creationTimestamp": now, **generation}


def of_changed(old: Json, new: Json) -> Json:
    """The metadata of a changed object: what the server owns is kept."""
    kept = {key: old["metadata"][key] for key in (*IMMUTABLE, "resourceVersion") if key in old["metadata"]}
    given = {key: value for key, value in new.get("metadata", {}).items() if key not in IMMUTABLE}
    return {**given, **kept}


def counted(kind: Kind, old: Json, new: Json) -> Json:
    """The new object's metadata with its generation, which counts changes of what is wanted (defaults filled in)."""
    if not kind.has_generation or kind.counted(old) == kind.counted(new):
        return dict(new["metadata"])
    return {**new["metadata"], "generation": old["metadata"].get("generation", 1) + 1}


def own(obj: Json) -> Json:
    """A copy of the object that may be altered, but for its ``managedFields``, which never are."""
    meta = obj.get("metadata") or {}
    kept = {"managedFields": meta["managedFields"]} if "managedFields" in meta else {}
    private = {key: copied(value) for key, value in meta.items() if key not in kept}
    return {**{key: copied(value) for key, value in obj.items() if key != "metadata"}, "metadata": {**private, **kept}}


def copied(value: Any) -> Any:
    """A copy of a JSON value that shares no object or list with it."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value
