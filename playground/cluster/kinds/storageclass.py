"""StorageClasses: by what, and when, volumes are made for claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE
from playground.cluster.kind import Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.status import Cause
from playground.cluster.volumes.fields import DEFAULT_CLASS

Json = dict[str, Any]
_FIXED = ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("reclaimPolicy", "Delete")
    obj.setdefault("volumeBindingMode", "Immediate")


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    causes = [
        *faults.one_of("reclaimPolicy", new["reclaimPolicy"], ("Delete", "Retain")),
        *faults.one_of("volumeBindingMode", new["volumeBindingMode"], ("Immediate", "WaitForFirstConsumer")),
    ]
    if not new.get("provisioner"):
        causes.append(faults.required("provisioner"))
    if old is not None:
        # The API server shows null, whatever the new value is.
        changed = (name for name in _FIXED if new.get(name) != old.get(name))
        causes += [faults.invalid(name, None, "field is immutable") for name in changed]
    return causes


def is_default(storage_class: Json) -> bool:
    return bool(storage_class["metadata"].get("annotations", {}).get(DEFAULT_CLASS) == "true")


def _name(storage_class: Json, _: float) -> str:
    return f"{storage_class['metadata']['name']}{' (default)' if is_default(storage_class) else ''}"


KIND = Kind(
    kind="StorageClass",
    plural="storageclasses",
    group="storage.k8s.io",
    short=("sc",),
    namespaced=False,
    columns=(
        Column("Name", _name, format="name"),
        Column("Provisioner", lambda obj, _: obj["provisioner"]),
        Column("ReclaimPolicy", lambda obj, _: obj["reclaimPolicy"]),
        Column("VolumeBindingMode", lambda obj, _: obj["volumeBindingMode"]),
        Column("AllowVolumeExpansion", lambda obj, _: str(bool(obj.get("allowVolumeExpansion"))).lower()),
        AGE,
    ),
    default=_default,
    validate=_validate,
    has_generation=False,
    deletes_to_object=True,
)
