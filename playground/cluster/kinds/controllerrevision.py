"""ControllerRevisions: what a StatefulSet or DaemonSet looked like, kept for its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind
from playground.cluster.status import Cause

Json = dict[str, Any]


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    causes: list[Cause] = []
    if not new.get("data"):
        causes.append(faults.required("data", "data is mandatory"))
    causes += faults.not_negative("revision", new.get("revision"))
    if old is not None and old.get("data") != new.get("data"):
        causes.append(faults.invalid("data", new.get("data"), "field is immutable"))
    return causes


def _controller(obj: Json, _: float) -> str:
    for ref in obj["metadata"].get("ownerReferences", ()):
        if ref.get("controller"):
            group = ref["apiVersion"].partition("/")[0] if "/" in ref["apiVersion"] else ""
            return f"{ref['kind'].lower()}{'.' if group else ''}{group}/{ref['name']}"
    return "<none>"


KIND = Kind(
    kind="ControllerRevision",
    plural="controllerrevisions",
    group="apps",
    columns=(
        NAME,
        Column("Controller", _controller),
        Column("Revision", lambda obj, _: obj.get("revision", 0)),
        AGE,
    ),
    validate=_validate,
    has_generation=False,
)
