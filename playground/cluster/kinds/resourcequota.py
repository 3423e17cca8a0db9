"""ResourceQuotas: what a namespace may use. Counted and enforced by ``controllers/quota.py``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.quantity import parse
from playground.cluster.status import Cause, not_simulated

Json = dict[str, Any]
COUNTED = ("pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps",
           "persistentvolumeclaims", "services.nodeports", "services.loadbalancers")  # fmt: skip
COMPUTED = ("cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
            "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage")  # fmt: skip


def _default(obj: Json) -> None:
    read(obj)
    obj.setdefault("spec", {})
    obj.setdefault("status", {})
    if obj["spec"].get("scopes") or obj["spec"].get("scopeSelector"):
        raise not_simulated("quotas with scopes")
    if any(".storageclass.storage.k8s.io/" in name for name in obj["spec"].get("hard") or {}):
        raise not_simulated("quotas per storage class")


def _validate(new: Json, _: Json | None) -> Sequence[Cause]:
    hard = new["spec"].get("hard") or {}
    return [*(cause for name in sorted(hard) for cause in _resource(name, hard[name]))]


def _resource(name: str, amount: str) -> Iterator[Cause]:
    at = f"spec.hard[{name}]"
    if "/" not in name and name not in {*COUNTED, *COMPUTED}:
        yield faults.invalid(at, name, "must be a standard resource type or fully qualified")
        yield faults.invalid(at, name, "must be a standard resource for quota")
    value = parse(amount)
    if value < 0:
        yield faults.invalid(at, amount, "must be greater than or equal to 0")
    elif name in COUNTED and value.denominator != 1:
        yield faults.invalid(at, amount, "must be an integer")


def _used(obj: Json, *, limits: bool) -> str:
    """``pods: 1/2, requests.cpu: 500m/1``: of the requests and counts, or of the limits."""
    used = obj["status"].get("used", {})
    hard = obj["status"].get("hard", {})
    return ", ".join(
        f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard) if name.startswith("limits.") == limits
    )


KIND = Kind(
    kind="ResourceQuota",
    plural="resourcequotas",
    short=("quota",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Request", lambda obj, _: _used(obj, limits=False)),
        Column("Limit", lambda obj, _: _used(obj, limits=True)),
        AGE,
    ),
    default=_default,
    validate=_validate,
    deletes_to_object=True,
    has_generation=False,
)
