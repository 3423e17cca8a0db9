"""Services: an address for the pods that a selector picks. Addresses are given out by ``controllers/service_addresses.py``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.naming import invalid_value, label_fault
from playground.cluster.selectors import format_labels
from playground.cluster.status import Cause

Json = dict[str, Any]
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")
NONE = "<none>"


def _default(obj: Json) -> None:
    spec = obj.setdefault("spec", {})
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    obj.setdefault("status", {"loadBalancer": {}})
    for port in spec.get("ports", []):
        port.setdefault("protocol", "TCP")
        port["targetPort"] = port.get("targetPort") or port.get("port", 0)
    if spec["type"] == "ExternalName":
        return
    spec.setdefault("internalTrafficPolicy", "Cluster")
    if spec["type"] != "ClusterIP":
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


def _prepare(new: Json, _: Json | None) -> None:
    """What nobody owns: it comes with the address."""
    if new["spec"]["type"] != "ExternalName":
        new["spec"] = {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", **new["spec"]}


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [*_missing(spec), *_port_causes(spec), *_kept_address(spec, (old or new)["spec"])]


def _missing(spec: Json) -> Iterator[Cause]:
    if not spec.get("ports") and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        yield Cause("spec.ports", "Required value", "FieldValueRequired")
    if spec["type"] == "ExternalName" and not spec.get("externalName"):
        yield Cause("spec.externalName", "Required value", "FieldValueRequired")


def _port_causes(spec: Json) -> Iterator[Cause]:
    ports = spec.get("ports", [])
    for index, port in enumerate(ports):
        at = f"spec.ports[{index}]"
        name = port.get("name", "")
        if not name and len(ports) > 1:
            yield Cause(f"{at}.name", "Required value", "FieldValueRequired")
        elif name and label_fault(name):
            yield invalid_value(f"{at}.name", name, label_fault(name))
        elif name and name in {other.get("name") for other in ports[:index]}:
            yield Cause(f"{at}.name", f'Duplicate value: "{name}"', "FieldValueDuplicate")
        yield from _number(f"{at}.port", port.get("port", 0))
        yield from _one_of(f"{at}.protocol", port["protocol"], PROTOCOLS)
        if isinstance(port["targetPort"], int):
            yield from _number(f"{at}.targetPort", port["targetPort"])
        if port.get("nodePort") and spec["type"] == "ClusterIP":
            message = "Forbidden: may not be used when `type` is 'ClusterIP'"
            yield Cause(f"{at}.nodePort", message, "FieldValueForbidden")
    yield from _duplicates(ports)
    yield from _one_of("spec.type", spec["type"], TYPES)
    yield from _one_of("spec.sessionAffinity", spec["sessionAffinity"], ("ClientIP", "None"))


def _number(field: str, value: int) -> Iterator[Cause]:
    if not 1 <= value <= 65535:
        yield Cause(field, f"Invalid value: {value}: must be between 1 and 65535, inclusive")


def _one_of(field: str, value: str, known: Sequence[str]) -> Iterator[Cause]:
    if value not in known:
        listed = ", ".join(f'"{one}"' for one in known)
        yield Cause(field, f'Unsupported value: "{value}": supported values: {listed}', "FieldValueNotSupported")


def _duplicates(ports: Sequence[Json]) -> Iterator[Cause]:
    seen: Counter[tuple[str, int]] = Counter()
    for index, port in enumerate(ports):
        key = port["protocol"], port.get("port", 0)
        if seen[key]:
            shown = (
                f'{{"Name":"","Protocol":"{key[0]}","AppProtocol":null,"Port":{key[1]},"TargetPort":0,"NodePort":0}}'
            )
            yield Cause(f"spec.ports[{index}]", f"Duplicate value: {shown}", "FieldValueDuplicate")
        seen[key] += 1


def _kept_address(spec: Json, old: Json) -> Iterator[Cause]:
    given, held = spec.get("clusterIP"), old.get("clusterIP")
    if held and given != held and spec["type"] != "ExternalName":
        yield Cause("spec.clusterIPs[0]", f'Invalid value: ["{given}"]: may not change once set')


def _external(obj: Json, _: float) -> str:
    spec = obj["spec"]
    if spec["type"] == "ExternalName":
        return str(spec.get("externalName", ""))
    ingress = [one.get("ip") or one.get("hostname", "") for one in obj["status"]["loadBalancer"].get("ingress", [])]
    waiting = "<pending>" if spec["type"] == "LoadBalancer" else NONE
    return ",".join([*ingress, *spec.get("externalIPs", [])]) or waiting


def _ports(obj: Json, _: float) -> str:
    shown = [
        f"{port['port']}:{port['nodePort']}/{port['protocol']}"
        if port.get("nodePort")
        else f"{port['port']}/{port['protocol']}"
        for port in obj["spec"].get("ports", [])
    ]
    return ",".join(shown) or NONE


KIND = Kind(
    kind="Service",
    plural="services",
    short=("svc",),
    categories=("all",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Type", lambda obj, _: obj["spec"]["type"]),
        Column("Cluster-IP", lambda obj, _: obj["spec"].get("clusterIP") or NONE),
        Column("External-IP", _external),
        Column("Port(s)", _ports),
        AGE,
        Column("Selector", lambda obj, _: format_labels(obj["spec"].get("selector")), wide=True),
    ),
    default=_default,
    prepare=_prepare,
    validate=_validate,
    name_fault=label_fault,
    has_generation=False,
    deletes_to_object=True,
    fields={
        "spec.clusterIP": lambda obj: str(obj["spec"].get("clusterIP", "")),
        "spec.type": lambda obj: str(obj["spec"]["type"]),
    },
)
