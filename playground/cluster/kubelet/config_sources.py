"""What a pod takes from ConfigMaps, Secrets and claims, and the kubelet's words where it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.cluster.verbs import Verbs

Json = dict[str, Any]
_KINDS = {"configMap": ("ConfigMap", "configmap"), "secret": ("Secret", "secret")}


def variable_fault(verbs: Verbs, pod: Json, container: Json) -> str:
    """Why the container cannot be created: the first variable whose source is missing, or ""."""
    namespace = pod["metadata"]["namespace"]
    for source in container.get("envFrom", ()):
        for field in ("configMap", "secret"):
            if fault := _object_fault(verbs, namespace, field, source.get(f"{field}Ref")):
                return fault
    for variable in container.get("env", ()):
        for field in ("configMap", "secret"):
            if fault := _key_fault(verbs, namespace, field, variable.get("valueFrom", {}).get(f"{field}KeyRef")):
                return fault
    return ""


def mount_fault(verbs: Verbs, pod: Json) -> tuple[str, str]:
    """Which volume cannot be mounted, and why; empty if all can."""
    return next(_mount_faults(verbs, pod), ("", ""))


def _mount_faults(verbs: Verbs, pod: Json) -> Iterator[tuple[str, str]]:
    namespace = pod["metadata"]["namespace"]
    for volume in pod["spec"].get("volumes", ()):
        parts = [volume, *volume.get("projected", {}).get("sources", ())]
        for part in parts:
            for field in ("configMap", "secret"):
                source = part.get(field)
                if not source:
                    continue
                source = {**source, "name": source.get("name") or source.get("secretName", "")}
                fault = _object_fault(verbs, namespace, field, source) or _items_fault(verbs, namespace, field, source)
                if fault:
                    yield volume["name"], fault


def _object_fault(verbs: Verbs, namespace: str, field: str, source: Json | None) -> str:
    if not source or source.get("optional"):
        return ""
    kind, word = _KINDS[field]
    return "" if verbs.find(verbs.kind(kind), namespace, source["name"]) else f'{word} "{source["name"]}" not found'


def _key_fault(verbs: Verbs, namespace: str, field: str, source: Json | None) -> str:
    if not source or source.get("optional"):
        return ""
    if fault := _object_fault(verbs, namespace, field, source):
        return fault
    if source["key"] in _keys(verbs, namespace, field, source["name"]):
        return ""
    return f"couldn't find key {source['key']} in {_KINDS[field][0]} {namespace}/{source['name']}"


def _items_fault(verbs: Verbs, namespace: str, field: str, source: Json) -> str:
    if source.get("optional"):
        return ""
    keys = _keys(verbs, namespace, field, source["name"])
    missing = next((item["key"] for item in source.get("items", ()) if item["key"] not in keys), None)
    said = {"configMap": "configmap references non-existent config key", "secret": "references non-existent secret key"}
    return f"{said[field]}: {missing}" if missing is not None else ""


def _keys(verbs: Verbs, namespace: str, field: str, name: str) -> set[str]:
    found = verbs.find(verbs.kind(_KINDS[field][0]), namespace, name) or {}
    return {*found.get("data", {}), *found.get("binaryData", {})}
