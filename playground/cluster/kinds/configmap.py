"""ConfigMaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.data import changed_while_immutable, key_causes, size
from playground.cluster.kind import Column, Kind
from playground.cluster.status import Cause

Json = dict[str, Any]


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    return [*key_causes(new, "data", "binaryData"), *changed_while_immutable(new, old, "data", "binaryData")]


KIND = Kind(
    kind="ConfigMap",
    plural="configmaps",
    short=("cm",),
    columns=(NAME, Column("Data", size), AGE),
    validate=_validate,
    has_generation=False,
)
