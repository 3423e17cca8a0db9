"""Deployments: pods of the newest template, replaced a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import SCALE, STATUS, Kind, wanted
from playground.cluster.normal_form import read
from playground.cluster.pod_template import default_template, replicated_causes, selector_causes
from playground.cluster.status import Cause
from playground.cluster.workload_checks import (
    immutable_causes,
    is_zero,
    number_causes,
    share_causes,
    strategy_type_causes,
)  # fmt: skip
from playground.cluster.workload_columns import CONTAINERS, IMAGES, READY, SELECTOR, counted

Json = dict[str, Any]
_TYPES = ("Recreate", "RollingUpdate")


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("status", {})
    spec = obj.setdefault("spec", {})
    default_template(spec.setdefault("template", {}))
    for name, value in (("replicas", 1), ("revisionHistoryLimit", 10), ("progressDeadlineSeconds", 600)):
        spec.setdefault(name, value)
    strategy = spec.setdefault("strategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxSurge", "25%")
        rolling.setdefault("maxUnavailable", "25%")


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [
        *number_causes(spec, "replicas"),
        *selector_causes(spec, "deployment"),
        *replicated_causes(spec),
        *_strategy(spec["strategy"]),
        *number_causes(spec, "minReadySeconds", "revisionHistoryLimit"),
        *_deadline(spec),
        *immutable_causes(new, old, "selector"),
    ]


def _strategy(strategy: Json) -> Iterator[Cause]:
    field, rolling = "spec.strategy.rollingUpdate", strategy.get("rollingUpdate")
    yield from strategy_type_causes("spec.strategy", strategy, _TYPES, rolling)
    if strategy["type"] == "Recreate" and rolling is not None:
        yield faults.forbidden(field, "may not be specified when strategy `type` is 'Recreate'")
    if strategy["type"] != "RollingUpdate" or rolling is None:
        return
    surge, unavailable = rolling["maxSurge"], rolling["maxUnavailable"]
    yield from share_causes(f"{field}.maxUnavailable", unavailable)
    yield from share_causes(f"{field}.maxSurge", surge)
    if is_zero(surge) and is_zero(unavailable):
        yield faults.invalid(f"{field}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")
    if isinstance(unavailable, str) and not list(share_causes("", unavailable)):
        yield from share_causes(f"{field}.maxUnavailable", unavailable, at_most_all=True)


def _deadline(spec: Json) -> Iterator[Cause]:
    seconds = spec["progressDeadlineSeconds"]
    yield from number_causes(spec, "progressDeadlineSeconds")
    if seconds <= spec.get("minReadySeconds", 0):
        yield faults.invalid("spec.progressDeadlineSeconds", seconds, "must be greater than minReadySeconds")


def _counted(obj: Json) -> Any:
    """A Deployment's generation counts changed annotations too (deployment strategy, PrepareForUpdate)."""
    return wanted(obj), obj["metadata"].get("annotations", {})


KIND = Kind(
    kind="Deployment",
    plural="deployments",
    group="apps",
    short=("deploy",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    columns=(
        NAME,
        READY,
        counted("Up-to-date", "updatedReplicas", "string"),
        counted("Available", "availableReplicas", "string"),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ),
    default=_default,
    validate=_validate,
    counted=_counted,
    beyond_status=("labels",),
)
