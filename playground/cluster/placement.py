"""Which nodes a pod may run on, by what its spec says of them: selectors, affinity and tolerated taints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from playground.cluster.selectors import matches_all

Json = dict[str, Any]
KEEPS_OUT = ("NoSchedule", "NoExecute")
"""Effects of taints that a pod must tolerate to be placed on a node."""


def tolerates(tolerations: Iterable[Json], taint: Json) -> bool:
    return any(_tolerates(toleration, taint) for toleration in tolerations)


def _tolerates(toleration: Json, taint: Json) -> bool:
    if (
        toleration.get("effect", taint["effect"]) != taint["effect"]
        or toleration.get("key", taint["key"]) != taint["key"]
    ):
        return False
    return bool(toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", ""))


def untolerated(tolerations: Sequence[Json], node: Json, effects: Collection[str] = KEEPS_OUT) -> Json | None:
    """The node's first taint of those effects that is not tolerated."""
    taints = node.get("spec", {}).get("taints", ())
    return next((taint for taint in taints if taint["effect"] in effects and not tolerates(tolerations, taint)), None)


def accepts(spec: Json, node: Json) -> bool:
    """Whether the pod's ``nodeName``, ``nodeSelector`` and required node affinity allow the node."""
    labels = node["metadata"].get("labels", {})
    if spec.get("nodeName", node["metadata"]["name"]) != node["metadata"]["name"]:
        return False
    required = spec.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    picked = required is None or any(_term(term, node) for term in required["nodeSelectorTerms"])
    return picked and matches_all(spec.get("nodeSelector", {}), labels)


def _term(term: Json, node: Json) -> bool:
    expressions, fields = term.get("matchExpressions", []), term.get("matchFields", [])
    if not expressions and not fields:
        return False
    labels = node["metadata"].get("labels", {})
    return all(_holds(one, labels) for one in expressions) and all(
        _holds(one, {"metadata.name": node["metadata"]["name"]}) for one in fields
    )


def _holds(requirement: Json, values: Json) -> bool:
    held, wanted = values.get(requirement["key"]), requirement.get("values", [])
    match requirement["operator"]:
        case "In":
            return held in wanted
        case "NotIn":
            return held not in wanted
        case "Exists":
            return held is not None
        case "DoesNotExist":
            return held is None
        case "Gt":
            return str(held).isdigit() and int(str(held)) > int(wanted[0])
        case _:
            return str(held).isdigit() and int(str(held)) < int(wanted[0])
