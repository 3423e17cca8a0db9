"""Namespaces from first to last: what each is born with, that nothing new enters a dying one, and how it is emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key, own
from playground.cluster.kind import Kind
from playground.cluster.request import Asking, DeleteOptions
from playground.cluster.status import StatusError, forbidden, not_found
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
ROOT_CA = "kube-root-ca.crt"
DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
STILL_THERE_SECONDS = 1.0


def _inside(change: Change) -> Iterable[Key]:
    return [("", change.object["metadata"]["namespace"])]


class Namespaces:
    """``authority``: the certificate that pods trust, PEM."""

    name = "namespace"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "namespaces": own,
        "serviceaccounts": _inside,
        "configmaps": _inside,
        "pods": _inside,
    }

    def __init__(self, authority: str = "") -> None:
        self.authority = authority

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("Namespace")
        namespace = verbs.find(kind, "", key[1])
        if namespace is None:
            return None
        if "deletionTimestamp" not in namespace["metadata"]:
            _furnish(verbs, key[1], self.authority)
            return None
        if _empty(verbs, key[1]):
            spec = {**namespace["spec"], "finalizers": []}
            verbs.update(kind, {**namespace, "spec": spec}, Asking(subresource="finalize"))
            return None
        return STILL_THERE_SECONDS

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        """Objects enter living namespaces only. Only ``finalize`` changes what keeps a namespace."""
        if kind.kind == "Namespace" and old and asking.subresource != "finalize":
            return {**new, "spec": {**new["spec"], "finalizers": old["spec"].get("finalizers", [])}}
        if old is not None or not kind.namespaced or not kind.stored:
            return new
        name = new["metadata"].get("namespace", "")
        namespace = verbs.find(verbs.kind("Namespace"), "", name)
        if namespace is None:
            raise not_found("", "namespaces", name)
        if "deletionTimestamp" in namespace["metadata"]:
            raise _terminating(kind, new["metadata"].get("name", ""), name)
        return new


def _terminating(kind: Kind, name: str, namespace: str) -> StatusError:
    why = f"unable to create new content in namespace {namespace} because it is being terminated"
    error = forbidden(kind.group, kind.plural, name, why)
    cause = {
        "reason": "NamespaceTerminating",
        "message": f"namespace {namespace} is being terminated",
        "field": "metadata.namespace",
    }
    error.details = {**(error.details or {}), "causes": [cause]}
    return error


def _furnish(verbs: Verbs, namespace: str, authority: str) -> None:
    accounts, maps = verbs.kind("ServiceAccount"), verbs.kind("ConfigMap")
    if not verbs.find(maps, namespace, ROOT_CA):
        meta = {"name": ROOT_CA, "namespace": namespace, "annotations": {"kubernetes.io/description": DESCRIPTION}}
        verbs.create(maps, {"metadata": meta, "data": {"ca.crt": authority}})
    if not verbs.find(accounts, namespace, "default"):
        verbs.create(accounts, {"metadata": {"name": "default", "namespace": namespace}})


def _empty(verbs: Verbs, namespace: str) -> bool:
    """Delete all that is in it; whether nothing is left. Events go last, so that what happens meanwhile is told."""
    kinds = sorted((kind for kind in verbs.kinds.values() if kind.namespaced and kind.stored), key=_last_events)
    for kind in kinds:
        for obj in verbs.list(kind, namespace):
            if "deletionTimestamp" not in obj["metadata"]:
                verbs.delete(kind, namespace, obj["metadata"]["name"], DeleteOptions(propagation="Background"))
    return not any(verbs.list(kind, namespace) for kind in kinds)


def _last_events(kind: Kind) -> bool:
    return kind.kind == "Event"


CONTROLLER = Namespaces
