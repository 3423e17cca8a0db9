"""How evenly a pod's like are to be spread over nodes or zones: ``topologySpreadConstraints``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from playground.cluster.scheduling import node_affinity
from playground.cluster.scheduling.snapshot import Room
from playground.cluster.scheduling.taints import KEEPS_AWAY, untolerated
from playground.cluster.selectors import matches

Json = dict[str, Any]
UNEVEN = "node(s) didn't match pod topology spread constraints"
NO_LABEL = f"{UNEVEN} (missing required label)"


def refusal(pod: Json, room: Room, rooms: Sequence[Room]) -> str:
    """What keeps the pod from that node, or ""."""
    for constraint in _constraints(pod, "DoNotSchedule"):
        key = constraint["topologyKey"]
        if key not in room.labels:
            return NO_LABEL
        counts = _counts(pod, constraint, rooms)
        enough_domains = len(counts) >= constraint.get("minDomains", 1)
        least = min(counts.values(), default=0) if enough_domains else 0
        own = _is_like(constraint, pod, pod)
        if counts.get(room.labels[key], 0) + own - least > constraint["maxSkew"]:
            return UNEVEN
    return ""


def crowding(pod: Json, room: Room, rooms: Sequence[Room]) -> int:
    """How many of its like are already where the node is, by the constraints that are only wishes."""
    return sum(
        _counts(pod, constraint, rooms).get(room.labels.get(constraint["topologyKey"], ""), 0)
        for constraint in _constraints(pod, "ScheduleAnyway")
    )


def _constraints(pod: Json, when: str) -> list[Json]:
    return [one for one in pod["spec"].get("topologySpreadConstraints", ()) if one["whenUnsatisfiable"] == when]


def _counts(pod: Json, constraint: Json, rooms: Sequence[Room]) -> dict[str, int]:
    """Of pods like it, by the value of the topology key; nodes that the pod could not be on do not count."""
    counts: Counter[str] = Counter()
    for room in rooms:
        if constraint["topologyKey"] in room.labels and _counts_at_all(pod, constraint, room):
            like = sum(_is_like(constraint, pod, other) for other in room.pods)
            counts[room.labels[constraint["topologyKey"]]] += like
    return counts


def _counts_at_all(pod: Json, constraint: Json, room: Room) -> bool:
    if constraint.get("nodeAffinityPolicy", "Honor") == "Honor" and not node_affinity.fits(pod["spec"], room.node):
        return False
    taints = room.node["spec"].get("taints", ())
    return constraint.get("nodeTaintsPolicy") != "Honor" or not untolerated(pod["spec"], taints, KEEPS_AWAY)


def _is_like(constraint: Json, pod: Json, other: Json) -> bool:
    meta, labels = other["metadata"], pod["metadata"].get("labels", {})
    same = all(meta.get("labels", {}).get(key) == labels.get(key) for key in constraint.get("matchLabelKeys", ()))
    going = "deletionTimestamp" in meta
    here = meta["namespace"] == pod["metadata"]["namespace"]
    return here and same and not going and matches(constraint.get("labelSelector"), meta.get("labels"))
