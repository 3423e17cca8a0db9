"""PodDisruptionBudgets: how many pods may go at a time. Counted by ``controllers/disruption.py``, honoured by evictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.label_syntax import label_causes
from playground.cluster.normal_form import read
from playground.cluster.status import Cause
from playground.cluster.workload_checks import share_causes

Json = dict[str, Any]


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("spec", {})
    obj.setdefault("status", {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0})


def _validate(new: Json, _: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    causes: list[Cause] = []
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is not None and most is not None:
        shown = {"MinAvailable": least, "Selector": spec.get("selector"), "MaxUnavailable": most,
                 "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy")}  # fmt: skip
        causes.append(faults.invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set"))
    policies = ("AlwaysAllow", "IfHealthyBudget")
    return [
        *causes,
        *share_causes("spec.minAvailable", least, at_most_all=True),
        *share_causes("spec.maxUnavailable", most, at_most_all=True),
        *faults.one_of("spec.unhealthyPodEvictionPolicy", spec.get("unhealthyPodEvictionPolicy"), policies),
        *label_causes("spec.selector.matchLabels", (spec.get("selector") or {}).get("matchLabels", {})),
    ]


def _bound(field: str) -> Any:
    return lambda obj, _: str(obj["spec"].get(field, "N/A"))


KIND = Kind(
    kind="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    group="policy",
    short=("pdb",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Min Available", _bound("minAvailable")),
        Column("Max Unavailable", _bound("maxUnavailable")),
        Column("Allowed Disruptions", lambda obj, _: obj["status"].get("disruptionsAllowed", 0), type="integer"),
        AGE,
    ),
    default=_default,
    validate=_validate,
    needs_version=True,
)
