"""The types that the API server publishes (OpenAPI v3), as the lines of ``playground/cluster/types.txt``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
GROUPS = (
    "api/v1", "apis/apps/v1", "apis/batch/v1", "apis/autoscaling/v1", "apis/autoscaling/v2", "apis/policy/v1",
    "apis/coordination.k8s.io/v1", "apis/discovery.k8s.io/v1", "apis/storage.k8s.io/v1",
    "apis/rbac.authorization.k8s.io/v1", "apis/authorization.k8s.io/v1", "apis/authentication.k8s.io/v1",
)  # fmt: skip
ROOTS = {
    "core.v1": "ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod ResourceQuota "
               "Secret Service ServiceAccount",
    "apps.v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch.v1": "CronJob Job",
    "autoscaling.v1": "HorizontalPodAutoscaler Scale",
    "autoscaling.v2": "HorizontalPodAutoscaler",
    "policy.v1": "Eviction PodDisruptionBudget",
    "coordination.v1": "Lease",
    "discovery.v1": "EndpointSlice",
    "storage.v1": "StorageClass",
    "rbac.v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "authorization.v1": "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "authentication.v1": "SelfSubjectReview TokenRequest TokenReview",
}  # fmt: skip
"""What is simulated; the table has these types and all that they are made of."""
_LEAVES = {"resource.Quantity": "quantity", "meta.v1.Time": "time", "meta.v1.MicroTime": "time",
           "intstr.IntOrString": "int-or-string", "meta.v1.FieldsV1": "any", "runtime.RawExtension": "any"}  # fmt: skip


def lines(get: Callable[[str], Json]) -> list[str]:
    """``get`` reads a document by its path."""
    schemas: dict[str, Json] = {}
    for group in GROUPS:
        published = get(f"/openapi/v3/{group}")["components"]["schemas"]
        schemas |= {_short(name): schema for name, schema in published.items()}
    wanted = [f"{group}.{kind}" for group, kinds in ROOTS.items() for kind in kinds.split()]
    found: dict[str, list[str]] = {}
    while wanted:
        name = wanted.pop()
        if name not in found and name not in _LEAVES:
            found[name] = [*_type_lines(name, schemas[name])]
            wanted += [word for line in found[name][1:] if (word := line.split()[1].strip("[]{}")) in schemas]
    return [line for name in sorted(found) for line in found[name]]


def _type_lines(name: str, schema: Json) -> Iterator[str]:
    yield f"{name} atomic" if schema.get("x-kubernetes-map-type") == "atomic" else name
    for field, what in sorted(schema.get("properties", {}).items()):
        always = ["always"] if _always_written(what, field in schema.get("required", ())) else []
        yield " ".join([" " + field, _type(what), *_flags(what), *always])


def _type(what: Mapping[str, Any]) -> str:
    if "allOf" in what:
        return _type(what["allOf"][0])
    if "$ref" in what:
        name = _short(what["$ref"].rpartition("/")[2])
        return _LEAVES.get(name, name)
    if what["type"] == "array":
        return "[]" + _type(what["items"])
    if "additionalProperties" in what:
        return "{}" + _type(what["additionalProperties"])
    plain = {"boolean": "bool", "object": "any", "integer": "int64", "number": "double"}.get(what["type"], what["type"])
    return {"byte": "bytes", "date-time": "time"}.get(what.get("format", ""), str(what.get("format", plain)))


def _always_written(what: Mapping[str, Any], required: bool) -> bool:
    """Whether the server's own JSON has the field even when it is empty: what Go holds by value, and required lists."""
    by_value = what.get("default") in ({}, 0, "", False) and not _type(what).startswith("{}")
    return by_value or (required and what.get("type") == "array")


def _flags(what: Mapping[str, Any]) -> Iterator[str]:
    """How a list or map is merged: by server-side apply (set, atomic, keys), and by a strategic patch (merge, retainKeys)."""
    if what.get("x-kubernetes-list-map-keys"):
        yield "keys=" + ",".join(what["x-kubernetes-list-map-keys"])
    elif "x-kubernetes-list-type" in what:
        yield what["x-kubernetes-list-type"]
    if what.get("x-kubernetes-map-type") == "atomic":
        yield "atomic"
    for strategy in filter(None, what.get("x-kubernetes-patch-strategy", "").split(",")):
        key = what.get("x-kubernetes-patch-merge-key")
        yield f"merge={key}" if strategy == "merge" and key else strategy
    if what.get("default") not in (None, 0, "", {}, False):
        yield f"default={what['default']}"


def _short(name: str) -> str:
    """``apps.v1.Deployment`` of ``io.k8s.api.apps.v1.Deployment``."""
    for prefix in ("io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.apimachinery.pkg.api.",
                   "io.k8s.apimachinery.pkg.util.", "io.k8s.apimachinery.pkg."):  # fmt: skip
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name
