"""LimitRanges: none can be made here, but lists of them are asked for and empty."""

from __future__ import annotations

from typing import Any, NoReturn

from playground.cluster.columns import NAME
from playground.cluster.kind import Column, Kind
from playground.cluster.status import not_simulated

Json = dict[str, Any]


def _refuse(_: Json) -> NoReturn:
    raise not_simulated("LimitRanges")


KIND = Kind(
    kind="LimitRange",
    plural="limitranges",
    short=("limits",),
    columns=(NAME, Column("Created At", lambda obj, _: obj["metadata"]["creationTimestamp"], type="date")),
    default=_refuse,
    has_generation=False,
)
