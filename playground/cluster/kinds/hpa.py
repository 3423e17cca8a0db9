"""HorizontalPodAutoscalers: stored, and told by ``controllers/hpa.py`` that there are no metrics to go by.

Stored as autoscaling/v2; ``autoscaling/v1``, which ``kubectl autoscale`` posts, is the same in fewer words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import STATUS, Column, Kind, Older
from playground.cluster.normal_form import read
from playground.cluster.status import Cause

Json = dict[str, Any]
CPU_UTILIZATION = 80
"""Percent of the requests that is aimed at without a word."""


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    spec.setdefault("minReplicas", 1)
    if not spec.get("metrics"):
        spec["metrics"] = [_cpu(CPU_UTILIZATION)]
    obj.setdefault("status", {"desiredReplicas": 0, "currentMetrics": None})


def _cpu(percent: int) -> Json:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _validate(new: Json, _: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    most, least = spec.get("maxReplicas", 0), spec["minReplicas"]
    causes: list[Cause] = []
    if most < least:
        causes.append(faults.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    causes += _reference(spec.get("scaleTargetRef", {}))
    causes += [] if most else [faults.required("spec.maxReplicas")]
    if least == 0:
        why = "must specify at least one Object or External metric to support scaling to zero replicas"
        causes.append(faults.forbidden("spec.metrics", why))
    for index, metric in enumerate(spec["metrics"]):
        source = metric["type"][:1].lower() + metric["type"][1:]
        if source not in metric:
            why = "must populate information for the given metric source"
            causes.append(faults.required(f"spec.metrics[{index}].{source}", why))
    return causes


def _reference(reference: Json) -> Iterator[Cause]:
    for field in ("kind", "name"):
        if not reference.get(field):
            yield faults.required(f"spec.scaleTargetRef.{field}")
    if not reference.get("apiVersion"):
        yield faults.invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group")


def _targets(obj: Json, _: float) -> str:
    """``cpu: <unknown>/80%``: nothing is measured here."""
    return ", ".join(_target(metric) for metric in obj["spec"]["metrics"]) or "<none>"


def _target(metric: Json) -> str:
    source = metric.get(metric["type"][:1].lower() + metric["type"][1:], {})
    target = source.get("target", {})
    if "averageUtilization" in target:
        return f"{source.get('name')}: <unknown>/{target['averageUtilization']}%"
    value = target.get("averageValue") or target.get("value", "<auto>")
    average = " (avg)" if "averageValue" in target and metric["type"] != "Resource" else ""
    return f"<unknown>/{value}{average}" if metric["type"] != "Resource" else f"{source.get('name')}: <unknown>/{value}"


def from_v1(obj: Json) -> Json:
    """An autoscaling/v1 object as autoscaling/v2."""
    spec = {key: value for key, value in obj.get("spec", {}).items() if key != "targetCPUUtilizationPercentage"}
    percent = obj.get("spec", {}).get("targetCPUUtilizationPercentage")
    if percent is not None:
        spec["metrics"] = [_cpu(percent)]
    return {**obj, "apiVersion": "autoscaling/v2", "spec": spec}


def to_v1(obj: Json) -> Json:
    """What v1 cannot say goes into annotations."""
    spec = {key: value for key, value in obj["spec"].items() if key != "metrics"}
    others = []
    for metric in obj["spec"].get("metrics", []):
        resource = metric.get("resource", {})
        if resource.get("name") == "cpu" and "averageUtilization" in resource["target"]:
            spec["targetCPUUtilizationPercentage"] = resource["target"]["averageUtilization"]
        else:
            others.append(metric)
    given = obj.get("status", {})
    status = {"currentReplicas": 0, "desiredReplicas": 0} | {
        key: given[key] for key in ("observedGeneration", "currentReplicas", "desiredReplicas") if key in given
    }
    told = {"conditions": given.get("conditions"), "metrics": others}
    notes = {f"autoscaling.alpha.kubernetes.io/{key}": json.dumps(value, separators=(",", ":"))
             for key, value in told.items() if value}  # fmt: skip
    annotations = {**obj["metadata"].get("annotations", {}), **notes}
    meta = {**obj["metadata"], **({"annotations": annotations} if annotations else {})}
    return {**obj, "apiVersion": "autoscaling/v1", "metadata": meta, "spec": spec, "status": status}


KIND = Kind(
    kind="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    group="autoscaling",
    version="v2",
    older=(Older("v1", from_v1, to_v1),),
    short=("hpa",),
    categories=("all",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Reference", lambda obj, _: "{kind}/{name}".format(**obj["spec"]["scaleTargetRef"])),
        Column("Targets", _targets),
        Column("MinPods", lambda obj, _: str(obj["spec"]["minReplicas"])),
        Column("MaxPods", lambda obj, _: str(obj["spec"]["maxReplicas"])),
        Column("Replicas", lambda obj, _: str(obj["status"].get("currentReplicas", 0))),
        AGE,
    ),
    default=_default,
    validate=_validate,
)
