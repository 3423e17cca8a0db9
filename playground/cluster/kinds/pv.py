"""PersistentVolumes: storage that there is, made by people or for a claim by its class's provisioner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.difference import difference
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.status import Cause
from playground.cluster.volumes.fields import UNSET, class_of, mode_causes, short_modes

Json = dict[str, Any]
PROTECTION = "kubernetes.io/pv-protection"
_POLICIES = ("Delete", "Recycle", "Retain")
_NO_SOURCE = frozenset({
    "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
    "storageClassName", "volumeAttributesClassName", "volumeMode",
})  # fmt: skip
_NEEDED = {"hostPath": "path", "local": "path", "csi": "driver"}


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    spec.setdefault("persistentVolumeReclaimPolicy", "Retain")
    spec.setdefault("volumeMode", "Filesystem")
    if "hostPath" in spec:
        spec["hostPath"].setdefault("type", "")
    obj.setdefault("status", {"phase": "Pending"})


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    return [*_spec(new["spec"]), *_changes(new["spec"], old)]


def _spec(spec: Json) -> Iterator[Cause]:
    yield from mode_causes("spec.accessModes", spec.get("accessModes"))
    if "storage" not in spec.get("capacity", {}):
        yield faults.required("spec.capacity")
        yield faults.not_supported("spec.capacity", None, ["storage"])
    yield from faults.one_of("spec.persistentVolumeReclaimPolicy", spec["persistentVolumeReclaimPolicy"], _POLICIES)
    sources = sorted(_sources(spec), key=lambda source: source != "hostPath")
    if not sources:
        yield faults.required("spec", "must specify a volume type")
    for source in sources[:1]:
        needed = _NEEDED.get(source)
        if needed and not spec[source].get(needed):
            yield faults.required(f"spec.{source}.{needed}")
    for source in sources[1:]:
        yield faults.forbidden(f"spec.{source}", "may not specify more than 1 volume type")


def _changes(spec: Json, old: Json | None) -> Iterator[Cause]:
    if old is None:
        return
    before, after = ({source: one[source] for source in _sources(one)} for one in (old["spec"], spec))
    if before != after:
        why = "spec.persistentvolumesource is immutable after creation\n" + difference(before, after)
        yield faults.forbidden("spec.persistentvolumesource", why)


def _sources(spec: Json) -> list[str]:
    return [key for key in spec if key not in _NO_SOURCE]


def _state(volume: Json, _: float) -> str:
    return "Terminating" if "deletionTimestamp" in volume["metadata"] else str(volume["status"].get("phase", ""))


def _claim(volume: Json, _: float) -> str:
    ref = volume["spec"].get("claimRef")
    return f"{ref.get('namespace', '')}/{ref['name']}" if ref else ""


KIND = Kind(
    kind="PersistentVolume",
    plural="persistentvolumes",
    short=("pv",),
    namespaced=False,
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Capacity", lambda volume, _: volume["spec"].get("capacity", {}).get("storage", "0")),
        Column("Access Modes", lambda volume, _: short_modes(volume["spec"].get("accessModes", ()))),
        Column("Reclaim Policy", lambda volume, _: volume["spec"]["persistentVolumeReclaimPolicy"]),
        Column("Status", _state),
        Column("Claim", _claim),
        Column("StorageClass", lambda volume, _: class_of(volume) or ""),
        Column("VolumeAttributesClass", lambda volume, _: volume["spec"].get("volumeAttributesClassName") or UNSET),
        Column("Reason", lambda volume, _: volume["status"].get("reason", "")),
        AGE,
        Column("VolumeMode", lambda volume, _: volume["spec"].get("volumeMode") or UNSET, wide=True),
    ),
    default=_default,
    validate=_validate,
    has_generation=False,
)
