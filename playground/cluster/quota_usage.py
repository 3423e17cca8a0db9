"""What an object uses of a quota, by the quota's own names: ``pods``, ``requests.cpu``, ``count/deployments.apps``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.quantity import canonical, parse

Json = dict[str, Any]
Usage = dict[str, Fraction]
_COUNTED = ("pods", "services", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims")
_OF_PODS = ("cpu", "memory", "ephemeral-storage")


def concerns(kind: Kind, names: Iterable[str]) -> bool:
    """Whether any of those names counts objects of that kind."""
    return any(_concerns(kind, name) for name in names)


def of(kind: Kind, obj: Json) -> Usage:
    if kind.kind == "Pod" and obj.get("status", {}).get("phase") in {"Failed", "Succeeded"}:
        return {f"count/{kind.resource}": Fraction(1)}
    used: Usage = {f"count/{kind.resource}": Fraction(1)}
    if not kind.group and kind.plural in _COUNTED:
        used[kind.plural] = Fraction(1)
    match kind.kind:
        case "Pod":
            used |= _of_pod(obj["spec"])
        case "Service":
            used |= _of_service(obj["spec"])
        case "PersistentVolumeClaim":
            asked = obj["spec"].get("resources", {}).get("requests", {}).get("storage", "0")
            used["requests.storage"] = parse(asked)
    return used


def unspecified(kind: Kind, obj: Json, hard: Mapping[str, str]) -> str:
    """``limits.cpu for: web; requests.memory for: web``: what a quota counts and a new pod's containers do not say, or ""."""
    if kind.kind != "Pod":
        return ""
    containers = [*obj["spec"].get("initContainers", []), *obj["spec"]["containers"]]
    parts = []
    for name in sorted(hard):
        section, resource = _place(name)
        if section and resource in {"cpu", "memory"}:
            without = sorted({one["name"] for one in containers if resource not in _amounts(one, section)})
            parts += [f"{name} for: {','.join(without)}"] if without else []
    return "; ".join(parts)


def example(name: str, obj: Json) -> str:
    """How the object itself writes that amount, if it has exactly one container that does."""
    section, resource = _place(name)
    written_so = [_amounts(one, section)[resource] for one in obj.get("spec", {}).get("containers", [])
                  if section and resource in _amounts(one, section)]  # fmt: skip
    return str(written_so[0]) if written_so else ""


def written(amount: Fraction | None, like: str) -> str:
    """In the units that ``like`` uses: bytes in Mi stay in Mi."""
    if not amount:
        return "0"
    if like.endswith("i") and amount.denominator == 1:
        return (
            canonical(f"{amount.numerator / 1024}Ki") if amount % 1024 else canonical(f"{amount.numerator // 1024}Ki")
        )
    nano = amount * 10**9
    return canonical(f"{-(-nano.numerator // nano.denominator)}n")


def _concerns(kind: Kind, name: str) -> bool:
    if name in {f"count/{kind.resource}", kind.plural if not kind.group else ""}:
        return True
    match kind.kind:
        case "Pod":
            return bool(_place(name)[0])
        case "Service":
            return name.startswith("services.")
        case _:
            return kind.kind == "PersistentVolumeClaim" and name == "requests.storage"


def _place(name: str) -> tuple[str, str]:
    """``requests.cpu`` → (requests, cpu); ``cpu`` is short for that; others → ("", "")."""
    section, dot, resource = name.partition(".")
    if name in _OF_PODS:
        return "requests", name
    if dot and section in {"requests", "limits"} and resource != "storage":
        return section, resource
    return "", ""


def _amounts(container: Json, section: str) -> Json:
    resources = container.get("resources", {})
    limits = resources.get("limits", {})
    amounts: Json = {**limits, **resources.get("requests", {})} if section == "requests" else limits
    return amounts


def _of_pod(spec: Json) -> Usage:
    """Containers run together; init containers before them, one by one: the greater of the two counts."""
    used: Usage = {}
    for section in ("requests", "limits"):
        for resource, amount in _together(spec, section):
            used[f"{section}.{resource}"] = amount
            if section == "requests":
                used[resource] = amount
    return used


def _together(spec: Json, section: str) -> Iterator[tuple[str, Fraction]]:
    running: Usage = {}
    for container in spec.get("containers", []):
        for resource, amount in _amounts(container, section).items():
            running[resource] = running.get(resource, Fraction()) + parse(amount)
    for container in spec.get("initContainers", []):
        for resource, amount in _amounts(container, section).items():
            running[resource] = max(running.get(resource, Fraction()), parse(amount))
    yield from running.items()


def _of_service(spec: Json) -> Usage:
    used: Usage = {}
    if spec["type"] in {"NodePort", "LoadBalancer"}:
        used["services.nodeports"] = Fraction(len(spec.get("ports", [])))
    if spec["type"] == "LoadBalancer":
        used["services.loadbalancers"] = Fraction(1)
    return used
