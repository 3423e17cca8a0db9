"""Namespaces: deleting one empties it first (``controllers/namespace.py``), and those of the cluster itself stay."""

from __future__ import annotations

from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import ALL, STATUS, Column, Kind, Subresource
from playground.cluster.naming import namespace_fault
from playground.cluster.status import forbidden

Json = dict[str, Any]
LASTING = ("default", "kube-system", "kube-public")
LABEL = "kubernetes.io/metadata.name"


def _default(obj: Json) -> None:
    _label(obj)
    obj.setdefault("spec", {})
    obj.setdefault("status", {}).setdefault("phase", "Active")


def _label(obj: Json) -> None:
    """By its name, once it has one: what network policies pick it by."""
    meta = obj["metadata"]
    if meta.get("name"):
        meta["labels"] = {**(meta.get("labels") or {}), LABEL: meta["name"]}


def _prepare(new: Json, old: Json | None) -> None:
    """The finalizer is nobody's."""
    _label(new)
    if old is None:
        new["spec"] = {"finalizers": ["kubernetes"], **new["spec"]}


def _ending(obj: Json) -> Json | None:
    name = obj["metadata"]["name"]
    if name in LASTING:
        raise forbidden("", "namespaces", name, "this namespace may not be deleted")
    if not obj["spec"].get("finalizers"):
        return None
    return {**obj, "status": {**obj["status"], "phase": "Terminating"}}


KIND = Kind(
    kind="Namespace",
    plural="namespaces",
    short=("ns",),
    namespaced=False,
    verbs=tuple(verb for verb in ALL if verb != "deletecollection"),
    subresources=(Subresource("finalize", verbs=("update",)), STATUS),
    columns=(NAME, Column("Status", lambda obj, _: obj["status"]["phase"]), AGE),
    default=_default,
    prepare=_prepare,
    name_fault=namespace_fault,
    ending=_ending,
    has_generation=False,
    fields={"status.phase": lambda obj: str(obj["status"]["phase"])},
)
