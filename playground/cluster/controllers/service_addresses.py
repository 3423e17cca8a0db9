"""Gives Services their cluster IPs and node ports when they are written, as the API server's allocators do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.status import Cause, invalid
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
NETWORK = "10.96."
NODE_PORTS = range(30000, 32768)


class ServiceAddresses:
    name = "service-addresses"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {}

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        """Nothing: all is done when a Service is written."""

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        if kind.kind != "Service" or asking.subresource:
            return new
        others = [one for one in verbs.list(kind) if old is None or one["metadata"]["uid"] != old["metadata"]["uid"]]
        spec = _kept(new["spec"], old["spec"] if old else {})
        faults: list[Cause] = []
        spec = _with_address(spec, old["spec"] if old else {}, others, faults)
        spec = _with_node_ports(spec, others, faults)
        if faults:
            raise invalid("", "Service", new["metadata"].get("name", ""), faults[:1])
        return {**new, "spec": spec}


def _kept(spec: Json, old: Json) -> Json:
    """What an update left out stays as it was; what its new type cannot have goes."""
    ports = [dict(port) for port in spec.get("ports", [])]
    held = {(port["protocol"], port["port"]): port.get("nodePort") for port in old.get("ports", [])}
    for port in ports:
        node_port = held.get((port["protocol"], port.get("port")))
        if spec["type"] == "ClusterIP" and port.get("nodePort") and port["nodePort"] == node_port:
            del port["nodePort"]
        elif spec["type"] in {"NodePort", "LoadBalancer"} and node_port:
            port.setdefault("nodePort", node_port)
    kept = {**spec, **({"ports": ports} if ports else {})}
    if spec["type"] == "ExternalName":
        unfit: tuple[str, ...] = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy")
    else:
        kept = {**{key: old[key] for key in ("clusterIP", "clusterIPs") if key in old}, **kept}
        unfit = ("externalName",) if old.get("type") == "ExternalName" else ()
    if spec["type"] in {"ClusterIP", "ExternalName"}:
        unfit += ("externalTrafficPolicy", "allocateLoadBalancerNodePorts")
    return {key: value for key, value in kept.items() if key not in unfit}


def _with_address(spec: Json, old: Json, others: list[Json], faults: list[Cause]) -> Json:
    if spec["type"] == "ExternalName":
        return spec
    taken = {one["spec"].get("clusterIP") for one in others}
    address = spec.get("clusterIP") or _free(taken)
    if address not in {"None", old.get("clusterIP")}:
        why = ""
        if not address.startswith(NETWORK):
            why = "the provided network does not match the current range"
        elif address in taken:
            why = "provided IP is already allocated"
        if why:
            said = f'Invalid value: ["{address}"]: failed to allocate IP {address}: {why}'
            faults.append(Cause("spec.clusterIPs", said))
    return {**spec, "clusterIP": address, "clusterIPs": [address]}


def _free(taken: set[str | None]) -> str:
    while True:
        address = f"{NETWORK}{random.randint(1, 254)}.{random.randint(1, 254)}"
        if address not in taken:
            return address


def _with_node_ports(spec: Json, others: list[Json], faults: list[Cause]) -> Json:
    if spec["type"] not in {"NodePort", "LoadBalancer"}:
        return spec
    taken = {port.get("nodePort") for one in others for port in one["spec"].get("ports", [])}
    ports = []
    for index, port in enumerate(spec.get("ports", [])):
        number = port.get("nodePort") or random.choice([free for free in NODE_PORTS if free not in taken])
        at = f"spec.ports[{index}].nodePort"
        if number not in NODE_PORTS:
            why = "provided port is not in the valid range. The range of valid ports is 30000-32767"
            faults.append(Cause(at, f"Invalid value: {number}: {why}"))
        elif number in taken:
            faults.append(Cause(at, f"Invalid value: {number}: provided port is already allocated"))
        taken.add(number)
        ports.append({**port, "nodePort": number})
    return {**spec, "ports": ports}


CONTROLLER = ServiceAddresses
