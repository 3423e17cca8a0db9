"""Which pods a pod wants near or far: affinity and anti-affinity between pods, by topology (a node, a zone)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from playground.cluster.scheduling.snapshot import Room
from playground.cluster.selectors import matches

Json = dict[str, Any]
NamespaceLabels = Mapping[str, Mapping[str, str]]
"""By namespace."""
NEAR, FAR = "podAffinity", "podAntiAffinity"
AFFINITY = "node(s) didn't match pod affinity rules"
ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
OF_OTHERS = "node(s) didn't satisfy existing pods anti-affinity rules"


def refusal(pod: Json, room: Room, rooms: Sequence[Room], namespaces: NamespaceLabels) -> str:
    """What keeps the pod from that node, or ""."""

    def matched(term: Json, owner: Json, candidate: Json) -> bool:
        return _picks(term, owner, candidate, namespaces)

    if not _near_enough(pod, room, rooms, matched):
        return AFFINITY
    for term in _required(pod, FAR):
        if any(matched(term, pod, other) for other in _neighbours(room, rooms, term["topologyKey"])):
            return ANTI_AFFINITY
    for other_room in rooms:
        for other in other_room.pods:
            for term in _required(other, FAR):
                if _together(room, other_room, term["topologyKey"]) and matched(term, other, pod):
                    return OF_OTHERS
    return ""


def has_rules(pod: Json) -> bool:
    """Whether it matters to the pod where others are."""
    affinity = pod["spec"].get("affinity", {})
    return NEAR in affinity or FAR in affinity or bool(pod["spec"].get("topologySpreadConstraints"))


def _near_enough(pod: Json, room: Room, rooms: Sequence[Room], matched: Callable[[Json, Json, Json], bool]) -> bool:
    terms = _required(pod, NEAR)
    if not terms:
        return True
    if any(term["topologyKey"] not in room.labels for term in terms):
        return False

    def wanted(candidate: Json) -> bool:
        return all(matched(term, pod, candidate) for term in terms)

    if all(any(map(wanted, _neighbours(room, rooms, term["topologyKey"]))) for term in terms):
        return True
    # The first of a group that wants to be together has nobody to be near to.
    return wanted(pod) and not any(wanted(other) for one in rooms for other in one.pods)


def _required(pod: Json, part: str) -> Sequence[Json]:
    rules = pod["spec"].get("affinity", {}).get(part, {})
    terms: Sequence[Json] = rules.get("requiredDuringSchedulingIgnoredDuringExecution", ())
    return terms


def _picks(term: Json, owner: Json, candidate: Json, namespaces: NamespaceLabels) -> bool:
    own, theirs = owner["metadata"]["namespace"], candidate["metadata"]["namespace"]
    selector, named = term.get("namespaceSelector"), term.get("namespaces", [])
    in_scope = theirs in (named or ([own] if selector is None else []))
    in_scope = in_scope or (selector is not None and matches(selector, namespaces.get(theirs, {})))
    return in_scope and matches(term.get("labelSelector"), candidate["metadata"].get("labels"))


def _neighbours(room: Room, rooms: Sequence[Room], key: str) -> Iterator[Json]:
    for other in rooms:
        if _together(room, other, key):
            yield from other.pods


def _together(room: Room, other: Room, key: str) -> bool:
    return key in room.labels and room.labels[key] == other.labels.get(key)
