"""What the API server refuses in the spec of a pod or of a pod template, sentence by sentence.

Covers what people write by hand; the many fields of exotic volumes and security profiles are taken as they come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.container_validation import container_causes, pod_user_causes
from playground.cluster.label_syntax import key_faults, value_faults
from playground.cluster.naming import label_fault, subdomain_fault
from playground.cluster.status import Cause

Json = dict[str, Any]
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_NEEDED_BY_VOLUME = {
    "secret": "secretName",
    "configMap": "name",
    "persistentVolumeClaim": "claimName",
    "hostPath": "path",
}
_WHEN_UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")


def pod_spec_causes(spec: Json, path: str = "spec") -> list[Cause]:
    """Of a defaulted spec; ``path`` is the field it is found in."""
    volumes = {volume.get("name", "") for volume in spec.get("volumes", ())}
    return [
        *_volumes(spec, path),
        *_containers(spec, path, volumes),
        *faults.one_of(f"{path}.restartPolicy", spec.get("restartPolicy"), _RESTART_POLICIES),
        *faults.one_of(f"{path}.dnsPolicy", spec.get("dnsPolicy"), _DNS_POLICIES),
        *_node_selector(spec, path),
        *pod_user_causes(spec.get("securityContext", {}), f"{path}.securityContext"),
        *_names(spec, path),
        *_tolerations(spec, path),
        *_spread(spec, path),
    ]


def _volumes(spec: Json, path: str) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, volume in enumerate(spec.get("volumes", ())):
        field, name = f"{path}.volumes[{index}]", volume.get("name", "")
        sources = [source for source in volume if source != "name"]
        # In the order in which the API server looks at them.
        ordered = sorted(sources, key=lambda source: (source != "emptyDir", source != "hostPath"))
        for source in ordered[1:]:
            yield faults.forbidden(f"{field}.{source}", "may not specify more than 1 volume type")
        for source in ordered[:1]:
            needed = _NEEDED_BY_VOLUME.get(source)
            if needed and not volume[source].get(needed):
                yield faults.required(f"{field}.{source}.{needed}")
        yield from _name(f"{field}.name", name, seen)


def _containers(spec: Json, path: str, volumes: set[str]) -> Iterator[Cause]:
    seen: set[str] = set()
    containers = spec.get("containers", [])
    if not containers:
        yield faults.required(f"{path}.containers")
    for part, listed in (("containers", containers), ("initContainers", spec.get("initContainers", ()))):
        for index, container in enumerate(listed):
            field = f"{path}.{part}[{index}]"
            yield from _name(f"{field}.name", container.get("name", ""), seen)
            yield from container_causes(container, field, volumes, spec.get("restartPolicy", "Always"))
    yield from _host_ports(containers, f"{path}.containers")


def _host_ports(containers: Sequence[Json], path: str) -> Iterator[Cause]:
    seen: set[str] = set()
    for index, container in enumerate(containers):
        for place, port in enumerate(container.get("ports", ())):
            if not port.get("hostPort"):
                continue
            shown = f"{port['protocol']}/{port.get('hostIP', '')}/{port['hostPort']}"
            if shown in seen:
                yield faults.duplicate(f"{path}[{index}].ports[{place}].hostPort", shown)
            seen.add(shown)


def _name(field: str, name: str, seen: set[str]) -> Iterator[Cause]:
    if not name:
        yield faults.required(field)
    elif fault := label_fault(name):
        yield faults.invalid(field, name, fault)
    elif name in seen:
        yield faults.duplicate(field, name)
    seen.add(name)


def _node_selector(spec: Json, path: str) -> Iterator[Cause]:
    field = f"{path}.nodeSelector"
    for key, value in sorted(spec.get("nodeSelector", {}).items()):
        for text, found in ((key, key_faults(key)), (value, value_faults(value))):
            yield from (faults.invalid(field, text, fault) for fault in found)


def _names(spec: Json, path: str) -> Iterator[Cause]:
    for key, check in (
        ("serviceAccountName", subdomain_fault), ("nodeName", subdomain_fault), ("hostname", label_fault),
        ("subdomain", label_fault), ("priorityClassName", subdomain_fault),
    ):  # fmt: skip
        if spec.get(key) and (fault := check(spec[key])):
            yield faults.invalid(f"{path}.{key}", spec[key], fault)
    seconds = spec.get("activeDeadlineSeconds")
    if seconds is not None and not 1 <= seconds <= 2**31 - 1:
        yield faults.invalid(f"{path}.activeDeadlineSeconds", seconds, "must be between 1 and 2147483647, inclusive")


def _tolerations(spec: Json, path: str) -> Iterator[Cause]:
    for index, toleration in enumerate(spec.get("tolerations", ())):
        field = f"{path}.tolerations[{index}]"
        key, operator, value = toleration.get("key", ""), toleration.get("operator"), toleration.get("value", "")
        if key:
            yield from (faults.invalid(f"{field}.key", key, fault) for fault in key_faults(key))
        elif operator != "Exists":
            why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            yield faults.invalid(f"{field}.operator", operator or "", why)
        if "tolerationSeconds" in toleration and toleration.get("effect") != "NoExecute":
            why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            yield faults.invalid(f"{field}.effect", toleration.get("effect", ""), why)
        yield from faults.one_of(f"{field}.operator", operator, ("Equal", "Exists"))
        if operator == "Exists" and value:
            yield faults.invalid(f"{field}.operator", value, "value must be empty when `operator` is 'Exists'")
        elif operator in {None, "Equal"}:
            yield from (faults.invalid(f"{field}.operator", value, fault) for fault in value_faults(value))
        yield from faults.one_of(f"{field}.effect", toleration.get("effect"), _EFFECTS)


def _spread(spec: Json, path: str) -> Iterator[Cause]:
    for index, constraint in enumerate(spec.get("topologySpreadConstraints", ())):
        field = f"{path}.topologySpreadConstraints[{index}]"
        if constraint.get("maxSkew", 0) <= 0:
            yield faults.invalid(f"{field}.maxSkew", constraint.get("maxSkew", 0), "must be greater than zero")
        if not constraint.get("topologyKey"):
            yield faults.required(f"{field}.topologyKey", "can not be empty")
        when = constraint.get("whenUnsatisfiable", "")
        yield from faults.one_of(f"{field}.whenUnsatisfiable", when, _WHEN_UNSATISFIABLE)
