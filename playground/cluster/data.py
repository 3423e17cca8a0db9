"""What ConfigMaps and Secrets share: keys with values, and that they can be frozen for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.cluster.naming import config_key_fault, invalid_value
from playground.cluster.status import Cause

Json = dict[str, Any]


def key_causes(obj: Json, *fields: str) -> Iterator[Cause]:
    for field in fields:
        for key in sorted(obj.get(field) or {}):
            if fault := config_key_fault(key):
                yield invalid_value(f"{field}[{key}]", key, fault)


def changed_while_immutable(new: Json, old: Json | None, *fields: str) -> Iterator[Cause]:
    """The mistakes of changing an object that says ``immutable: true``."""
    if old is None or not old.get("immutable"):
        return
    for field in ("immutable", *fields):
        if (new.get(field) or None) != (old.get(field) or None):
            yield Cause(field, "Forbidden: field is immutable when `immutable` is set", "FieldValueForbidden")


def size(obj: Json, _: float) -> int:
    """How many keys the object holds."""
    return len(obj.get("data") or {}) + len(obj.get("binaryData") or {})
