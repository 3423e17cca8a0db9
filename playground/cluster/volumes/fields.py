"""What claims, volumes and their tables share: access modes, classes, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.status import Cause

Json = dict[str, Any]
SHORT = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
UNSET = "<unset>"


def class_of(obj: Json) -> str | None:
    """The storage class of a claim or volume; None: not said, "": none wanted."""
    annotated = obj["metadata"].get("annotations", {}).get(OLD_CLASS)
    found: str | None = annotated or obj["spec"].get("storageClassName")
    return found


def short_modes(modes: Sequence[str]) -> str:
    return ",".join(short for mode, short in SHORT.items() if mode in modes)


def mode_causes(field: str, modes: Sequence[str] | None, missing: str = "") -> Iterator[Cause]:
    if not modes:
        yield faults.required(field, missing)
    for mode in modes or ():
        yield from faults.one_of(field, mode, sorted(SHORT))
