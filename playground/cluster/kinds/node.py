"""Nodes: the machines that pods run on. A node's own part is played by ``kubelet``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.conditions import find
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.label_syntax import key_faults, value_faults
from playground.cluster.normal_form import read
from playground.cluster.status import Cause

Json = dict[str, Any]
NONE, UNKNOWN = "<none>", "<unknown>"
_ROLE = "node-role.kubernetes.io/"
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    if spec.get("unschedulable") is False:
        del spec["unschedulable"]
    obj.setdefault("status", {})


def _validate(new: Json, _: Json | None) -> Sequence[Cause]:
    return [*_taints(new["spec"].get("taints", ()))]


def _taints(taints: Sequence[Json]) -> Iterator[Cause]:
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints):
        field, key = f"metadata.taints[{index}]", taint.get("key", "")
        yield from (faults.invalid(f"{field}.key", key, fault) for fault in key_faults(key))
        value = taint.get("value", "")
        yield from (faults.invalid(f"{field}.value", value, fault) for fault in value_faults(value))
        if not taint.get("effect"):
            yield faults.required(f"{field}.effect")
        else:
            yield from faults.one_of(f"{field}.effect", taint["effect"], _EFFECTS)
        if (key, taint.get("effect", "")) in seen:
            why = "taints must be unique by key and effect pair"
            yield Cause(field, f"Duplicate value: {taint}: {why}", "FieldValueDuplicate")
        seen.add((key, taint.get("effect", "")))


def _state(node: Json, _: float) -> str:
    ready = find(node, "Ready")
    words = ["Unknown" if ready is None else "Ready" if ready["status"] == "True" else "NotReady"]
    return ",".join([*words, *(["SchedulingDisabled"] if node["spec"].get("unschedulable") else [])])


def _roles(node: Json, _: float) -> str:
    labels = node["metadata"].get("labels", {})
    named = {key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE)} - {""}
    old = {labels["kubernetes.io/role"]} if labels.get("kubernetes.io/role") else set()
    return ",".join(sorted(named | old)) or NONE


def _info(field: str, missing: str = "") -> Callable[[Json, float], str]:
    return lambda node, _: str(node.get("status", {}).get("nodeInfo", {}).get(field) or missing)


def _address(kind: str) -> Callable[[Json, float], str]:
    def cell(node: Json, _: float) -> str:
        addresses = node.get("status", {}).get("addresses", [])
        return next((one["address"] for one in addresses if one["type"] == kind), NONE)

    return cell


KIND = Kind(
    kind="Node",
    plural="nodes",
    short=("no",),
    namespaced=False,
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Status", _state),
        Column("Roles", _roles),
        AGE,
        Column("Version", _info("kubeletVersion")),
        Column("Internal-IP", _address("InternalIP"), wide=True),
        Column("External-IP", _address("ExternalIP"), wide=True),
        Column("OS-Image", _info("osImage", UNKNOWN), wide=True),
        Column("Kernel-Version", _info("kernelVersion", UNKNOWN), wide=True),
        Column("Container-Runtime", _info("containerRuntimeVersion", UNKNOWN), wide=True),
    ),
    default=_default,
    validate=_validate,
    born_with_status=True,
    has_generation=False,
    fields={"spec.unschedulable": lambda node: str(bool(node["spec"].get("unschedulable"))).lower()},
)
