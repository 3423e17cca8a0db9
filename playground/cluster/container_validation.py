"""What the API server refuses in one container of a pod."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from playground.cluster import faults
from playground.cluster.label_syntax import variable_causes
from playground.cluster.quantity import parse
from playground.cluster.status import Cause

Json = dict[str, Any]
_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_RESOURCES = ("cpu", "memory", "ephemeral-storage")
_FIELDS = re.compile(
    r"metadata\.(name|namespace|uid|labels\['.+'\]|annotations\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?)"
)
_PORTS, _USERS = (1, 65_535), (0, 2**31 - 1)


def container_causes(container: Json, path: str, volumes: set[str], restart_policy: str = "Always") -> Iterator[Cause]:
    """``volumes``: the names that its pod has. ``restart_policy``: the pod's."""
    if not container.get("image"):
        yield faults.required(f"{path}.image")
    yield from _lifecycle(container, path)
    yield from _probes(container, path)
    yield from faults.one_of(
        f"{path}.terminationMessagePolicy", container.get("terminationMessagePolicy"), _MESSAGE_POLICIES
    )
    yield from _ports(container, path)
    yield from _env(container, path)
    yield from _mounts(container, path, volumes)
    yield from faults.one_of(f"{path}.imagePullPolicy", container.get("imagePullPolicy"), _PULL_POLICIES)
    yield from _resources(container, path)
    yield from _security(container, path)
    if restart_policy not in {"Always", "OnFailure", "Never"}:
        return
    yield from faults.one_of(f"{path}.restartPolicy", container.get("restartPolicy"), ("Always", "OnFailure", "Never"))


def pod_user_causes(context: Json, path: str) -> Iterator[Cause]:
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        yield from _between(f"{path}.{key}", context.get(key), _USERS)


def _between(field: str, value: Any, limits: tuple[int, int]) -> list[Cause]:
    if not isinstance(value, int) or limits[0] <= value <= limits[1]:
        return []
    return [faults.invalid(field, value, f"must be between {limits[0]} and {limits[1]}, inclusive")]


def _handler(handler: Json, path: str) -> Iterator[Cause]:
    given = [name for name in _HANDLERS if name in handler]
    if not given:
        yield faults.required(path, "must specify a handler type")
    for name in given[1:]:
        yield faults.forbidden(f"{path}.{name}", "may not specify more than 1 handler type")
    if given[:1] == ["exec"] and not handler["exec"].get("command"):
        yield faults.required(f"{path}.exec.command")
    for name in given[:1]:
        port = handler[name].get("port", 0) if name in {"httpGet", "tcpSocket", "grpc"} else None
        yield from _between(f"{path}.{name}.port", port, _PORTS)


def _lifecycle(container: Json, path: str) -> Iterator[Cause]:
    for name in ("postStart", "preStop"):
        if name in container.get("lifecycle", {}):
            yield from _handler(container["lifecycle"][name], f"{path}.lifecycle.{name}")


def _probes(container: Json, path: str) -> Iterator[Cause]:
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        yield from _handler(probe, f"{path}.{name}")
        for key in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
            yield from faults.not_negative(f"{path}.{name}.{key}", probe.get(key))
        if name != "readinessProbe" and probe.get("successThreshold") != 1:
            yield faults.invalid(f"{path}.{name}.successThreshold", probe.get("successThreshold"), "must be 1")


def _ports(container: Json, path: str) -> Iterator[Cause]:
    names: set[str] = set()
    for index, port in enumerate(container.get("ports", ())):
        field, name = f"{path}.ports[{index}]", port.get("name", "")
        if name and (wrong := list(_port_name(name))):
            yield from (faults.invalid(f"{field}.name", name, fault) for fault in wrong)
        elif name in names:
            yield faults.duplicate(f"{field}.name", name)
        elif name:
            names.add(name)
        if not port.get("containerPort"):
            yield faults.required(f"{field}.containerPort")
        else:
            yield from _between(f"{field}.containerPort", port["containerPort"], _PORTS)
        yield from _between(f"{field}.hostPort", port.get("hostPort"), _PORTS)
        yield from faults.one_of(f"{field}.protocol", port.get("protocol"), _PROTOCOLS)


def _port_name(name: str) -> Iterator[str]:
    if len(name) > 15:
        yield "must be no more than 15 characters"
    if not re.fullmatch("[-a-z0-9]+", name):
        yield "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    if not re.search("[a-z]", name):
        yield "must contain at least one letter (a-z)"
    if "--" in name:
        yield "must not contain consecutive hyphens"
    if name[0] == "-" or name[-1] == "-":
        yield "must not begin or end with a hyphen"


def _env(container: Json, path: str) -> Iterator[Cause]:
    for index, variable in enumerate(container.get("env", ())):
        field = f"{path}.env[{index}]"
        if not variable.get("name"):
            yield faults.required(f"{field}.name")
        else:
            yield from variable_causes(f"{field}.name", variable["name"])
        if "valueFrom" in variable:
            yield from _value_from(variable, f"{field}.valueFrom")
    for index, source in enumerate(container.get("envFrom", ())):
        if not source.keys() & {"configMapRef", "secretRef"}:
            yield faults.invalid(f"{path}.envFrom", "", "must specify one of: `configMapRef` or `secretRef`")
        for name in source.keys() & {"configMapRef", "secretRef"}:
            if not source[name].get("name"):
                yield faults.required(f"{path}.envFrom[{index}].{name}.name")


def _value_from(variable: Json, path: str) -> Iterator[Cause]:
    source = variable["valueFrom"]
    if variable.get("value"):
        yield faults.invalid(path, "", "may not be specified when `value` is not empty")
    if not source.keys() & set(_SOURCES):
        *names, last = [f"`{name}`" for name in _SOURCES]
        yield faults.invalid(path, "", f"must specify one of: {', '.join(names)} or {last}")
    field = source.get("fieldRef", {}).get("fieldPath")
    if field and not _FIELDS.fullmatch(field):
        why = f"error converting fieldPath: field label not supported: {field}"
        yield faults.invalid(f"{path}.fieldRef.fieldPath", field, why)
    for name in ("configMapKeyRef", "secretKeyRef"):
        for key in ("name", "key"):
            if name in source and not source[name].get(key):
                yield faults.required(f"{path}.{name}.{key}")


def _mounts(container: Json, path: str, volumes: set[str]) -> Iterator[Cause]:
    places: set[str] = set()
    for index, mount in enumerate(container.get("volumeMounts", ())):
        field, place = f"{path}.volumeMounts[{index}]", mount.get("mountPath", "")
        if not mount.get("name"):
            yield faults.required(f"{field}.name")
        if mount.get("name", "") not in volumes:
            yield faults.not_found(f"{field}.name", mount.get("name", ""))
        if not place:
            yield faults.required(f"{field}.mountPath")
        elif place in places:
            yield faults.invalid(f"{field}.mountPath", place, "must be unique")
        places.add(place)


def _resources(container: Json, path: str) -> Iterator[Cause]:
    resources = container.get("resources", {})
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    for part, amounts in (("limits", limits), ("requests", requests)):
        for name, amount in sorted(amounts.items()):
            field = f"{path}.resources.{part}[{name}]"
            if "/" not in name and name not in _RESOURCES and not name.startswith("hugepages-"):
                yield faults.invalid(field, name, "must be a standard resource type or fully qualified")
                yield faults.invalid(field, name, "must be a standard resource for containers")
            if parse(amount) < 0:
                yield faults.invalid(field, amount, "must be greater than or equal to 0")
    for name, amount in sorted(requests.items()):
        if name in limits and parse(amount) > parse(limits[name]):
            why = f"must be less than or equal to {name} limit of {limits[name]}"
            yield faults.invalid(f"{path}.resources.requests", amount, why)


def _security(container: Json, path: str) -> Iterator[Cause]:
    context = container.get("securityContext", {})
    for key in ("runAsUser", "runAsGroup"):
        yield from _between(f"{path}.securityContext.{key}", context.get(key), _USERS)
