"""What the API server writes into an object's metadata: names, uids, generations. Pure functions over two versions."""

from __future__ import annotations

import random
import uuid
from typing import Any

from playground.cluster.kind import Kind

Json = dict[str, Any]
_NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
IMMUTABLE = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")


def random_suffix() -> str:
    """Five letters as ``generateName`` and ReplicaSets append them: no vowels, no look-alikes."""
    return "".join(random.choices(_NAME_LETTERS, k=5))


def of_new(kind: Kind, obj: Json, now: str) -> Json:
    """The metadata of an object that is being created; ``now`` RFC 3339."""
    given = {key: value for key, value in obj.get("metadata", {}).items() if key not in {*IMMUTABLE, "resourceVersion"}}
    if not given.get("name") and given.get("generateName"):
        given["name"] = given["generateName"] + random_suffix()
    generation = {"generation": 1} if kind.has_generation else {}
    return {**given, "uid": str(uuid.uuid4()), "creationTimestamp": now, **generation}


def of_changed(old: Json, new: Json) -> Json:
    """The metadata of a changed object: what the server owns is kept."""
    kept = {key: old["metadata"][key] for key in IMMUTABLE if key in old["metadata"]}
    given = {key: value for key, value in new.get("metadata", {}).items() if key not in IMMUTABLE}
    return {**given, **kept}


def counted(kind: Kind, old: Json, new: Json) -> Json:
    """The new object's metadata with its generation, which counts changes of what is wanted (defaults filled in)."""
    if not kind.has_generation or kind.counted(old) == kind.counted(new):
        return dict(new["metadata"])
    return {**new["metadata"], "generation": old["metadata"].get("generation", 1) + 1}
