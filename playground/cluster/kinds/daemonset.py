"""DaemonSets: a pod on each node that fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.pod_template import default_template, replicated_causes, selector_causes
from playground.cluster.selectors import format_labels
from playground.cluster.status import Cause
from playground.cluster.workload_checks import (
    immutable_causes,
    is_zero,
    number_causes,
    share_causes,
    strategy_type_causes,
)  # fmt: skip
from playground.cluster.workload_columns import CONTAINERS, IMAGES, SELECTOR, counted

Json = dict[str, Any]
GENERATION = "deprecated.daemonset.template.generation"
"""Annotation: how often the template has changed. From its creation on the server alone writes it."""
_TYPES = ("RollingUpdate", "OnDelete")
_NUMBERS = ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")


def _default(obj: Json) -> None:
    read(obj)
    obj["metadata"].setdefault("annotations", {}).setdefault(GENERATION, "0")
    obj.setdefault("status", dict.fromkeys(_NUMBERS, 0))
    spec = obj.setdefault("spec", {})
    default_template(spec.setdefault("template", {}))
    spec.setdefault("revisionHistoryLimit", 10)
    strategy = spec.setdefault("updateStrategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", 1)
        rolling.setdefault("maxSurge", 0)


def _prepare(new: Json, old: Json | None) -> None:
    given = new["metadata"].get("annotations", {}).get(GENERATION, "")
    generation = max(1, int(given)) if given.isdigit() else 1
    if old is not None:
        changed = old["spec"]["template"] != new["spec"]["template"]
        generation = int(old["metadata"]["annotations"][GENERATION]) + changed
    annotations = {**new["metadata"].get("annotations", {}), GENERATION: str(generation)}
    new["metadata"] = {**new["metadata"], "annotations": annotations}


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [
        *(selector_causes(spec, "daemonset") if "selector" in spec else ()),
        *replicated_causes(spec, of="DaemonSet"),
        *number_causes(spec, "minReadySeconds"),
        *_strategy(spec["updateStrategy"]),
        *number_causes(spec, "revisionHistoryLimit"),
        *immutable_causes(new, old, "selector"),
    ]


def _strategy(strategy: Json) -> Iterator[Cause]:
    field, rolling = "spec.updateStrategy.rollingUpdate", strategy.get("rollingUpdate")
    yield from strategy_type_causes("spec.updateStrategy", strategy, _TYPES, rolling)
    if strategy["type"] != "RollingUpdate" or rolling is None:
        return
    surge, unavailable = rolling["maxSurge"], rolling["maxUnavailable"]
    yield from share_causes(f"{field}.maxUnavailable", unavailable, at_most_all=True)
    yield from share_causes(f"{field}.maxSurge", surge, at_most_all=True)
    if not is_zero(unavailable) and not is_zero(surge):
        yield faults.invalid(f"{field}.maxSurge", surge, "may not be set when maxUnavailable is non-zero")
    if is_zero(unavailable) and is_zero(surge):
        yield faults.required(f"{field}.maxUnavailable", "cannot be 0 when maxSurge is 0")


def _node_selector(obj: Json, _: float) -> str:
    return format_labels(obj["spec"]["template"]["spec"].get("nodeSelector"))


KIND = Kind(
    kind="DaemonSet",
    plural="daemonsets",
    group="apps",
    short=("ds",),
    categories=("all",),
    subresources=(STATUS,),
    columns=(
        NAME,
        counted("Desired", "desiredNumberScheduled"),
        counted("Current", "currentNumberScheduled"),
        counted("Ready", "numberReady"),
        counted("Up-to-date", "updatedNumberScheduled"),
        counted("Available", "numberAvailable"),
        Column("Node Selector", _node_selector),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ),
    default=_default,
    prepare=_prepare,
    validate=_validate,
)
