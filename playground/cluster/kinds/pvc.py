"""PersistentVolumeClaims: storage that pods ask for (``controllers/volume_binder.py`` finds it)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.difference import difference
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.quantity import parse
from playground.cluster.status import Cause
from playground.cluster.volumes.fields import UNSET, class_of, mode_causes, short_modes

Json = dict[str, Any]
_FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
PROTECTION = "kubernetes.io/pvc-protection"


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    spec.setdefault("volumeMode", "Filesystem")
    spec.setdefault("resources", {})
    obj.setdefault("status", {"phase": "Pending"})


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    return [*_spec(new["spec"]), *_changes(new["spec"], old)]


def _spec(spec: Json) -> Iterator[Cause]:
    yield from mode_causes("spec.accessModes", spec.get("accessModes"), "at least 1 access mode is required")
    size = spec["resources"].get("requests", {}).get("storage")
    if size is None:
        yield faults.required("spec.resources[storage]")
    elif parse(size) <= 0:
        yield faults.invalid("spec.resources[storage]", size, "must be greater than zero")


def _changes(spec: Json, old: Json | None) -> Iterator[Cause]:
    """A volume may be filled in, by the binder; a bound claim may grow."""
    if old is None:
        return
    before, after = dict(old["spec"]), dict(spec)
    if not before.get("volumeName"):
        before.pop("volumeName", None)
        after.pop("volumeName", None)
    bound = old.get("status", {}).get("phase") == "Bound"
    if bound:
        held, asked = (one["resources"].get("requests", {}).get("storage", "0") for one in (before, after))
        before, after = ({key: one[key] for key in one if key != "resources"} for one in (before, after))
        if parse(asked) < parse(held):
            yield faults.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")
    if before != after:
        yield faults.forbidden("spec", _FIXED + difference(before, after))


def _state(claim: Json, _: float) -> str:
    return "Terminating" if "deletionTimestamp" in claim["metadata"] else str(claim["status"].get("phase", ""))


def _capacity(claim: Json, _: float) -> str:
    return str(claim["status"].get("capacity", {}).get("storage", "")) if claim["spec"].get("volumeName") else ""


def _modes(claim: Json, _: float) -> str:
    return short_modes(claim["status"].get("accessModes", ())) if claim["spec"].get("volumeName") else ""


KIND = Kind(
    kind="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    short=("pvc",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Status", _state),
        Column("Volume", lambda claim, _: claim["spec"].get("volumeName", "")),
        Column("Capacity", _capacity),
        Column("Access Modes", _modes),
        Column("StorageClass", lambda claim, _: class_of(claim) or ""),
        Column("VolumeAttributesClass", lambda claim, _: claim["spec"].get("volumeAttributesClassName") or UNSET),
        AGE,
        Column("VolumeMode", lambda claim, _: claim["spec"].get("volumeMode") or UNSET, wide=True),
    ),
    default=_default,
    validate=_validate,
    has_generation=False,
    deletes_to_object=True,
)
