"""Keeps a Service's EndpointSlice and Endpoints: the addresses of the pods that its selector picks, and which are ready.

One slice per Service, however many pods (a real one begins a new slice at a hundred).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from playground.cluster.conditions import is_true
from playground.cluster.controller import Key, own
from playground.cluster.selectors import matches_all
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
NAME_LABEL = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
EVERY_SERVICE = "*"
"""A key's name for a change of a pod: which Services pick it is looked up when its turn comes."""


def _pods(change: Change) -> Iterable[Key]:
    return [(change.object["metadata"]["namespace"], EVERY_SERVICE)]


def _of_slice(change: Change) -> Iterable[Key]:
    meta = change.object["metadata"]
    name = meta.get("labels", {}).get(NAME_LABEL)
    return [(meta["namespace"], name)] if name and change.type == "DELETED" else []


class EndpointsController:
    name = "endpoints"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "services": own,
        "pods": _pods,
        "endpointslices.discovery.k8s.io": _of_slice,
    }

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        namespace, name = key
        kind = verbs.kind("Service")
        if name == EVERY_SERVICE:
            services = verbs.list(kind, namespace)
        elif found := verbs.find(kind, namespace, name):
            services = [found]
        else:
            _remove_endpoints(verbs, namespace, name)
            return
        for service in services:
            if service["spec"].get("selector") and service["spec"]["type"] != "ExternalName":
                _keep(verbs, service)


def _keep(verbs: Verbs, service: Json) -> None:
    namespace = service["metadata"]["namespace"]
    selector = service["spec"]["selector"]
    pods = [
        pod
        for pod in verbs.list(verbs.kind("Pod"), namespace)
        if matches_all(selector, pod["metadata"].get("labels"))
        and pod.get("status", {}).get("podIP")
        and pod["status"].get("phase") not in {"Failed", "Succeeded"}
    ]
    _write_slice(verbs, service, pods)
    _write_endpoints(verbs, service, [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]])


def _write_slice(verbs: Verbs, service: Json, pods: Sequence[Json]) -> None:
    kind, meta = verbs.kind("EndpointSlice"), service["metadata"]
    headless = {"service.kubernetes.io/headless": ""} if service["spec"]["clusterIP"] == "None" else {}
    managed = {MANAGED_BY: "endpointslice-controller.k8s.io", NAME_LABEL: meta["name"]}
    labels = {**meta.get("labels", {}), **headless, **managed}
    ports = _ports(service, pods)
    content = {"endpoints": [_endpoint(pod) for pod in pods] or None, "ports": ports if pods else None}
    known = next((one for one in verbs.list(kind, meta["namespace"]) if _is_of(one, service)), None)
    if known is None:
        reference = {"apiVersion": "v1", "kind": "Service", "name": meta["name"], "uid": meta["uid"]}
        owner = {**reference, "controller": True, "blockOwnerDeletion": True}
        born = {"generateName": f"{meta['name']}-", "namespace": meta["namespace"], "ownerReferences": [owner]}
        verbs.create(kind, {"addressType": "IPv4", "metadata": {**born, "labels": labels}, **content})
    elif {key: known[key] for key in content} != content or known["metadata"]["labels"] != labels:
        verbs.update(kind, {**known, **content, "metadata": {**known["metadata"], "labels": labels}})


def _is_of(endpoint_slice: Json, service: Json) -> bool:
    owners = endpoint_slice["metadata"].get("ownerReferences", [])
    return any(owner["uid"] == service["metadata"]["uid"] for owner in owners)


def _endpoint(pod: Json) -> Json:
    ending, ready = "deletionTimestamp" in pod["metadata"], is_true(pod, "Ready")
    conditions = {"ready": ready and not ending, "serving": ready, "terminating": ending}
    return {"addresses": [pod["status"]["podIP"]], "conditions": conditions, **_place(pod)}


def _place(pod: Json) -> Json:
    meta = pod["metadata"]
    target = {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}
    return {"nodeName": pod["spec"].get("nodeName", ""), "targetRef": target}


def _ports(service: Json, pods: Sequence[Json]) -> list[Json]:
    """As the pods have them: a port named by the Service is looked up in the first pod that has it."""
    found = []
    for port in service["spec"].get("ports", []):
        number = port["targetPort"]
        if isinstance(number, str):
            number = next((number for pod in pods if (number := _named(pod, port["targetPort"]))), None)
        if number is not None:
            found.append({"name": port.get("name", ""), "port": number, "protocol": port["protocol"]})
    return found


def _named(pod: Json, name: str) -> int | None:
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports", [])]
    return next((port["containerPort"] for port in ports if port.get("name") == name), None)


def _write_endpoints(verbs: Verbs, service: Json, pods: Sequence[Json]) -> None:
    kind, meta = verbs.kind("Endpoints"), service["metadata"]
    ports = [{key: value for key, value in port.items() if value} for port in _ports(service, pods)]
    subset: Json = {}
    for field, ready in (("addresses", True), ("notReadyAddresses", False)):
        listed = [{"ip": pod["status"]["podIP"], **_place(pod)} for pod in pods if is_true(pod, "Ready") == ready]
        subset |= {field: listed} if listed else {}
    headless = service["spec"]["clusterIP"] == "None"
    subsets = [{**subset, **({"ports": ports} if ports else {})}] if subset and (ports or headless) else []
    labels = {**meta.get("labels", {}), "endpoints.kubernetes.io/managed-by": "endpoint-controller"}
    content: Json = {"subsets": subsets} if subsets else {}
    known = verbs.find(kind, meta["namespace"], meta["name"])
    if known is None:
        own_meta = {"name": meta["name"], "namespace": meta["namespace"], "labels": labels}
        verbs.create(kind, {"metadata": own_meta, **content})
    elif known.get("subsets", []) != subsets or known["metadata"].get("labels") != labels:
        rest = {key: value for key, value in known.items() if key != "subsets"}
        verbs.update(kind, {**rest, **content, "metadata": {**known["metadata"], "labels": labels}})


def _remove_endpoints(verbs: Verbs, namespace: str, name: str) -> None:
    kind = verbs.kind("Endpoints")
    if verbs.find(kind, namespace, name):
        verbs.delete(kind, namespace, name)


CONTROLLER = EndpointsController
