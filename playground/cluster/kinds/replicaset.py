"""ReplicaSets: so many pods of one template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import SCALE, STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.pod_template import default_template, replicated_causes, selector_causes
from playground.cluster.status import Cause
from playground.cluster.workload_checks import immutable_causes, number_causes
from playground.cluster.workload_columns import CONTAINERS, IMAGES, SELECTOR, counted

Json = dict[str, Any]


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("status", {"replicas": 0})
    spec = obj.setdefault("spec", {})
    spec.setdefault("replicas", 1)
    default_template(spec.setdefault("template", {}))


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [
        *number_causes(spec, "replicas", "minReadySeconds"),
        *selector_causes(spec, "deployment"),
        *replicated_causes(spec),
        *immutable_causes(new, old, "selector"),
    ]


KIND = Kind(
    kind="ReplicaSet",
    plural="replicasets",
    group="apps",
    short=("rs",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    columns=(
        NAME,
        Column("Desired", lambda obj, _: obj["spec"]["replicas"], type="integer"),
        counted("Current", "replicas"),
        counted("Ready", "readyReplicas"),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ),
    default=_default,
    validate=_validate,
)
