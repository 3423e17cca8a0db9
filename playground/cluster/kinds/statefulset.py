"""StatefulSets: numbered pods, each with its own claims, replaced from the highest number down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import SCALE, STATUS, Kind
from playground.cluster.naming import label_fault, namespace_fault
from playground.cluster.normal_form import read
from playground.cluster.pod_template import default_template, replicated_causes, selector_causes
from playground.cluster.status import Cause
from playground.cluster.workload_checks import (
    immutable_causes,
    is_zero,
    number_causes,
    share_causes,
)  # fmt: skip
from playground.cluster.workload_columns import CONTAINERS, IMAGES, READY

Json = dict[str, Any]
_POLICIES = ("OrderedReady", "Parallel")
_STRATEGIES = ("RollingUpdate", "OnDelete")
_RETENTION = ("Retain", "Delete")


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("status", {"replicas": 0, "availableReplicas": 0})
    spec = obj.setdefault("spec", {})
    default_template(spec.setdefault("template", {}))
    for name, value in (
        ("replicas", 1),
        ("revisionHistoryLimit", 10),
        ("podManagementPolicy", "OrderedReady"),
        ("serviceName", ""),
    ):
        spec.setdefault(name, value)
    strategy = spec.setdefault("updateStrategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("partition", 0)
        rolling.setdefault("maxUnavailable", 1)
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    retention.setdefault("whenDeleted", "Retain")
    retention.setdefault("whenScaled", "Retain")
    if "ordinals" in spec:
        spec["ordinals"].setdefault("start", 0)
    for claim in spec.get("volumeClaimTemplates", ()):
        _default_claim(claim)


def _default_claim(claim: Json) -> None:
    claim.update(kind="PersistentVolumeClaim", apiVersion="v1")
    claim.setdefault("metadata", {})
    claim.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")
    claim["spec"].setdefault("resources", {})
    claim["status"] = {"phase": "Pending"}


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [
        *_policies(spec),
        *_claims(spec),
        *number_causes(spec, "replicas", "minReadySeconds"),
        *_ordinals(spec),
        *selector_causes(spec, "statefulset"),
        *_service(spec),
        *replicated_causes(_with_claims(spec), of="StatefulSet"),
        *immutable_causes(new, old, "serviceName", "podManagementPolicy", "selector"),
        *_immutable_claims(new, old),
    ]


def _policies(spec: Json) -> Iterator[Cause]:
    policy, strategy = spec["podManagementPolicy"], spec["updateStrategy"]
    if policy not in _POLICIES:
        yield faults.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
    field, rolling = "spec.updateStrategy.rollingUpdate", strategy.get("rollingUpdate")
    shown = rolling and {"Partition": rolling.get("partition"), "MaxUnavailable": rolling.get("maxUnavailable")}
    if strategy["type"] not in _STRATEGIES:
        value = {"Type": strategy["type"], "RollingUpdate": shown}
        yield faults.invalid("spec.updateStrategy", value, "must be 'RollingUpdate' or 'OnDelete'")
    elif strategy["type"] == "OnDelete" and rolling is not None:
        yield faults.invalid(field, shown, "only allowed for updateStrategy 'RollingUpdate'")
    elif rolling is not None and strategy["type"] == "RollingUpdate":
        yield from faults.not_negative(f"{field}.partition", rolling["partition"])
        yield from share_causes(f"{field}.maxUnavailable", rolling["maxUnavailable"], at_most_all=True)
        if is_zero(rolling["maxUnavailable"]):
            yield faults.invalid(f"{field}.maxUnavailable", rolling["maxUnavailable"], "cannot be 0")
    for when, value in spec["persistentVolumeClaimRetentionPolicy"].items():
        yield from faults.one_of(f"spec.persistentVolumeClaimRetentionPolicy.{when}", value, _RETENTION)


def _claims(spec: Json) -> Iterator[Cause]:
    for index, claim in enumerate(spec.get("volumeClaimTemplates", ())):
        field = f"spec.volumeClaimTemplates[{index}].spec"
        if not claim["spec"].get("accessModes"):
            yield faults.required(f"{field}.accessModes", "at least 1 access mode is required")
        if "storage" not in claim["spec"]["resources"].get("requests", {}):
            yield faults.required(f"{field}.resources[storage]")


def _ordinals(spec: Json) -> Iterator[Cause]:
    yield from faults.not_negative("spec.ordinals.start", spec.get("ordinals", {}).get("start"))


def _service(spec: Json) -> Iterator[Cause]:
    name = spec["serviceName"]
    if name and (fault := label_fault(name)):
        yield faults.invalid("spec.serviceName", name, fault)


def _with_claims(spec: Json) -> Json:
    """The spec whose template has a volume for each claim, as its pods will have."""
    names = [claim["metadata"].get("name", "") for claim in spec.get("volumeClaimTemplates", ())]
    claims = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in names]
    pod = spec["template"]["spec"]
    volumes = [*claims, *(volume for volume in pod.get("volumes", ()) if volume.get("name") not in names)]
    return {**spec, "template": {**spec["template"], "spec": {**pod, "volumes": volumes}}}


def _immutable_claims(new: Json, old: Json | None) -> Iterator[Cause]:
    claims = new["spec"].get("volumeClaimTemplates", [])
    if old is not None and claims != old["spec"].get("volumeClaimTemplates", []):
        yield faults.invalid("spec.volumeClaimTemplates", [_shown(claim) for claim in claims], "field is immutable")


def _shown(claim: Json) -> Json:
    """A claim template as the API server's messages show it: its own structure, every field named."""
    spec = claim["spec"]
    resources = spec["resources"]
    return {
        **{key: value for key, value in claim["metadata"].items() if value},
        "Spec": {
            "AccessModes": spec.get("accessModes"), "Selector": spec.get("selector"),
            "Resources": {"Limits": resources.get("limits"), "Requests": resources.get("requests")},
            "VolumeName": spec.get("volumeName", ""), "StorageClassName": spec.get("storageClassName"),
            "VolumeMode": spec["volumeMode"], "DataSource": None, "DataSourceRef": None,
            "VolumeAttributesClassName": spec.get("volumeAttributesClassName"),
        },
        "Status": {
            "Phase": "Pending", "AccessModes": None, "Capacity": None, "Conditions": None, "AllocatedResources": None,
            "AllocatedResourceStatuses": None, "CurrentVolumeAttributesClassName": None, "ModifyVolumeStatus": None,
            "HealthStatus": None,
        },
    }  # fmt: skip


KIND = Kind(
    kind="StatefulSet",
    plural="statefulsets",
    group="apps",
    short=("sts",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    columns=(NAME, READY, AGE, CONTAINERS, IMAGES),
    name_fault=namespace_fault,
    default=_default,
    validate=_validate,
)
