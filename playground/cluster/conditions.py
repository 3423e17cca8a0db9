"""Conditions in a status: whether one holds, and a status with one changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def find(obj: Json, name: str) -> Json | None:
    conditions = obj.get("status", {}).get("conditions") or []
    return next((one for one in conditions if one["type"] == name), None)


def is_true(obj: Json, name: str) -> bool:
    found = find(obj, name)
    return found is not None and found["status"] == "True"


def with_condition(conditions: Sequence[Json], new: Json) -> list[Json]:
    """The conditions with one set; its ``lastTransitionTime`` moves only if its status does."""
    old = next((one for one in conditions if one["type"] == new["type"]), None)
    if old is None:
        return [*conditions, new]
    kept = {"lastTransitionTime": old["lastTransitionTime"]} if old["status"] == new["status"] else {}
    return [{**new, **kept} if one is old else one for one in conditions]
