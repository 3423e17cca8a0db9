"""Which nodes a pod asks for: node selector and node affinity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.cluster.selectors import matches_all

Json = dict[str, Any]
Labels = Mapping[str, str]


def fits(spec: Json, node: Json) -> bool:
    """Whether the node is one that the pod may run on, by its selector and required affinity."""
    labels = node["metadata"].get("labels", {})
    required = spec.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    return matches_all(spec.get("nodeSelector", {}), labels) and (required is None or picks(required, node))


def picks(selector: Json, node: Json) -> bool:
    """A NodeSelector, also that of a PersistentVolume: one of its terms must hold. A term without anything picks nothing."""
    return any(_holds(term, node) for term in selector.get("nodeSelectorTerms", ()))


def preference(spec: Json, node: Json) -> int:
    """The sum of the weights of what the pod would prefer and the node has."""
    preferred = spec.get("affinity", {}).get("nodeAffinity", {}).get("preferredDuringSchedulingIgnoredDuringExecution")
    return sum(one["weight"] for one in preferred or () if _holds(one["preference"], node))


def named(spec: Json) -> set[str] | None:
    """The only nodes in question, for a pod that names them (a DaemonSet's); None: any."""
    required = spec.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    found: set[str] = set()
    for term in (required or {}).get("nodeSelectorTerms", ()):
        names = [set(one["values"]) for one in term.get("matchFields", ()) if one["operator"] == "In"]
        if not names:
            return None
        found |= set.intersection(*names)
    return found if required else None


def _holds(term: Json, node: Json) -> bool:
    asked = [*term.get("matchExpressions", ()), *term.get("matchFields", ())]
    fields = {"metadata.name": node["metadata"]["name"]}
    labels = node["metadata"].get("labels", {})
    return bool(asked) and all(
        [_meets(one, labels) for one in term.get("matchExpressions", ())]
        + [_meets(one, fields) for one in term.get("matchFields", ())]
    )


def _meets(one: Json, labels: Labels) -> bool:
    held, values = labels.get(one["key"]), one.get("values", [])
    match one["operator"]:
        case "In":
            return held in values
        case "NotIn":
            return held not in values
        case "Exists":
            return held is not None
        case "DoesNotExist":
            return held is None
        case operator:
            return _compares(held, operator, values)


def _compares(held: str | None, operator: str, values: list[str]) -> bool:
    try:
        number, limit = int(held or ""), int(values[0])
    except (ValueError, IndexError):
        return False
    return number > limit if operator == "Gt" else number < limit
