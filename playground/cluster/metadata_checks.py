"""What the API server refuses in metadata, of whatever kind: names, labels, annotations, finalizers, owners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.kind import Kind
from playground.cluster.label_syntax import key_faults, metadata_causes
from playground.cluster.status import Cause

Json = dict[str, Any]
FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
STANDARD_FINALIZERS = (ORPHAN, FOREGROUND, "kubernetes")
MOST_ANNOTATED = 262_144
"""Bytes of an object's annotations, keys and values together."""


def causes(kind: Kind, meta: Json) -> list[Cause]:
    """The mistakes in an object's metadata."""
    annotations = meta.get("annotations") or {}
    finalizers: list[str] = meta.get("finalizers") or []
    return [
        *_name_causes(kind, meta),
        *metadata_causes(meta),
        *_size_causes(annotations),
        *_owner_causes(meta.get("ownerReferences") or []),
        *_finalizer_causes(finalizers),
    ]


def changed_causes(new: Json, old: Json) -> Iterator[Cause]:
    """What may not change: ``new`` is the metadata as the client sent it, or left it out."""
    for name in ("uid", "deletionTimestamp", "deletionGracePeriodSeconds"):
        if new.get(name) not in {None, "", old.get(name)}:
            yield faults.invalid(f"metadata.{name}", new[name], "field is immutable")
    added = sorted(set(new.get("finalizers") or []) - set(old.get("finalizers") or []))
    if "deletionTimestamp" in old and added:
        listed = ", ".join(f'"{name}"' for name in added)
        why = "no new finalizers can be added if the object is being deleted, found new finalizers []string"
        yield faults.forbidden("metadata.finalizers", f"{why}{{{listed}}}")


def _name_causes(kind: Kind, meta: Json) -> Iterator[Cause]:
    prefix, name = meta.get("generateName", ""), meta.get("name", "")
    if prefix and (fault := kind.name_fault(prefix.rstrip("-"))):
        yield faults.invalid("metadata.generateName", prefix, fault)
    if not name:
        yield faults.required("metadata.name", "name or generateName is required")
    elif fault := kind.name_fault(name):
        yield faults.invalid("metadata.name", name, fault)


def _size_causes(annotations: Json) -> Iterator[Cause]:
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > MOST_ANNOTATED:
        why = f"Too long: may not be more than {MOST_ANNOTATED} bytes"
        yield Cause("metadata.annotations", why, "FieldValueTooLong")


def _owner_causes(owners: Sequence[Json]) -> Iterator[Cause]:
    for index, owner in enumerate(owners):
        at = f"metadata.ownerReferences[{index}]"
        for name in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(name):
                yield faults.required(f"{at}.{name}", "must not be empty")
        if (owner.get("apiVersion"), owner.get("kind")) == ("v1", "Event"):
            yield faults.invalid(at, owner, "/v1, Kind=Event is disallowed from being an owner")
    controlling = [f"{owner.get('kind')}/{owner.get('name')}" for owner in owners if owner.get("controller")]
    if len(controlling) > 1:
        first, second = controlling[:2]
        why = f'Only one reference can have Controller set to true. Found "true" in references for {first} and {second}'
        yield faults.invalid("metadata.ownerReferences", owners, why)


def _finalizer_causes(finalizers: Sequence[str]) -> Iterator[Cause]:
    for index, name in enumerate(finalizers):
        found = key_faults(name)
        for fault in found:
            yield faults.invalid("metadata.finalizers", name, fault)
        if not found and "/" not in name and name not in STANDARD_FINALIZERS:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield faults.invalid(f"metadata.finalizers[{index}]", name, why)
    if {ORPHAN, FOREGROUND} <= set(finalizers):
        why = f"finalizer {ORPHAN} and {FOREGROUND} cannot be both set"
        yield faults.invalid("metadata.finalizers", finalizers, why)
