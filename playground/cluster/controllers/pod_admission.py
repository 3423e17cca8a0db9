"""What the cluster adds to every new pod: its service account and token, patience with lost nodes, and a priority."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.kind import Kind
from playground.cluster.metadata import random_suffix
from playground.cluster.request import Asking
from playground.cluster.status import forbidden
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
TOKEN_SECONDS = 3607
PATIENCE_SECONDS = 300
PRIORITIES = {"": 0, "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
"""The classes that every cluster has; others are not played."""


class PodAdmission:
    name = "pod-admission"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {}

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        """Nothing: all is done when a pod is created."""

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:  # noqa: ARG002
        if kind.kind != "Pod" or old is not None:
            return new
        spec = _with_account(verbs, new)
        return {**new, "spec": {**spec, **_priority(new), "tolerations": _tolerations(spec)}}


def _with_account(verbs: Verbs, pod: Json) -> Json:
    spec, meta = pod["spec"], pod["metadata"]
    name, namespace = spec.get("serviceAccountName") or "default", meta.get("namespace", "")
    account = verbs.find(verbs.kind("ServiceAccount"), namespace, name)
    if account is None:
        why = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
        raise forbidden("", "pods", meta["name"], why)
    spec = {**spec, "serviceAccountName": name, "serviceAccount": name}
    if account.get("imagePullSecrets") and not spec.get("imagePullSecrets"):
        spec["imagePullSecrets"] = account["imagePullSecrets"]
    if spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True)):
        return _with_token(spec)
    return spec


def _with_token(spec: Json) -> Json:
    containers = [*spec.get("initContainers", []), *spec.get("containers", [])]
    if all(_has_token(container) for container in containers):
        return spec
    volume = f"kube-api-access-{random_suffix()}"
    mount = {"name": volume, "readOnly": True, "mountPath": TOKEN_PATH}
    mounted: Json = {
        field: [
            one if _has_token(one) else {**one, "volumeMounts": [*one.get("volumeMounts", []), mount]}
            for one in spec[field]
        ]
        for field in ("initContainers", "containers")
        if field in spec
    }
    return {**spec, **mounted, "volumes": [*spec.get("volumes", []), {"name": volume, "projected": _projected()}]}


def _has_token(container: Json) -> bool:
    return any(mount["mountPath"] == TOKEN_PATH for mount in container.get("volumeMounts", []))


def _projected() -> Json:
    namespace = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    authority = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    token = {"expirationSeconds": TOKEN_SECONDS, "path": "token"}
    sources = [{"serviceAccountToken": token}, {"configMap": authority}, {"downwardAPI": {"items": [namespace]}}]
    return {"sources": sources, "defaultMode": 0o644}


def _priority(pod: Json) -> Json:
    spec, name = pod["spec"], pod["metadata"]["name"]
    wanted = spec.get("priorityClassName", "")
    if wanted not in PRIORITIES:
        raise forbidden("", "pods", name, f"no PriorityClass with name {wanted} was found")
    priority = PRIORITIES[wanted]
    if spec.get("priority", priority) != priority:
        why = (
            f"the integer value of priority ({spec['priority']}) must not be provided in pod spec; "
            f"priority admission controller computed {priority} from the given PriorityClass name"
        )
        raise forbidden("", "pods", name, why)
    return {"priority": priority, "preemptionPolicy": spec.get("preemptionPolicy", "PreemptLowerPriority")}


def _tolerations(spec: Json) -> list[Json]:
    """Pods stay five minutes on a node that is lost, unless they say otherwise."""
    given = spec.get("tolerations", [])
    added = [
        {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": PATIENCE_SECONDS}
        for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
        if not any(_covers(toleration, key) for toleration in given)
    ]
    return [*given, *added]


def _covers(toleration: Json, key: str) -> bool:
    return bool(toleration.get("key", key) == key and toleration.get("effect", "NoExecute") == "NoExecute")


CONTROLLER = PodAdmission
