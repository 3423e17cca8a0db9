"""EndpointSlices: the addresses behind a Service, kept by ``controllers/endpoints.py``; and Endpoints, their older form."""

from __future__ import annotations

from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind, wanted

Json = dict[str, Any]
_SHOWN = 3


def _some(parts: list[str], *, none: str = "<unset>") -> str:
    """The first three, and how many more there are."""
    more = f" + {len(parts) - _SHOWN} more..." if len(parts) > _SHOWN else ""
    return (",".join(parts[:_SHOWN]) + more) or none


def _ports(obj: Json, _: float) -> str:
    return _some([str(port.get("port", "*")) for port in obj.get("ports") or []])


def _addresses(obj: Json, _: float) -> str:
    return _some([one for endpoint in obj.get("endpoints") or [] for one in endpoint["addresses"]])


def _ready_addresses(obj: Json, _: float) -> str:
    shown: list[str] = []
    for subset in obj.get("subsets") or []:
        hosts = [one["ip"] for one in subset.get("addresses", [])]
        ports = [port["port"] for port in subset.get("ports", [])]
        shown += [f"{host}:{port}" for port in ports for host in hosts] if ports else hosts
    return _some(shown, none="" if obj.get("subsets") else "<none>")


def _default(obj: Json) -> None:
    for port in obj.get("ports") or []:
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")
    for endpoint in obj.get("endpoints") or []:
        endpoint.setdefault("conditions", {})


def _counted(obj: Json) -> Any:
    """A slice's generation counts changed labels too."""
    return wanted(obj), obj["metadata"].get("labels")


SLICE = Kind(
    kind="EndpointSlice",
    plural="endpointslices",
    group="discovery.k8s.io",
    columns=(
        NAME,
        Column("AddressType", lambda obj, _: obj.get("addressType", "")),
        Column("Ports", _ports),
        Column("Endpoints", _addresses),
        AGE,
    ),
    default=_default,
    counted=_counted,
)
ENDPOINTS = Kind(
    kind="Endpoints",
    plural="endpoints",
    short=("ep",),
    columns=(NAME, Column("Endpoints", _ready_addresses), AGE),
    has_generation=False,
    warning="v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
)
KINDS = (SLICE, ENDPOINTS)
