"""Which volume a claim gets: of those that fit the smallest, as the volume controller chooses. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from playground.cluster.quantity import parse
from playground.cluster.scheduling.node_affinity import picks
from playground.cluster.selectors import matches
from playground.cluster.volumes.fields import class_of

Json = dict[str, Any]


def best(claim: Json, volumes: Iterable[Json], node: Json | None = None) -> Json | None:
    """``node``: where the volume must be reachable from. One that names the claim already goes first."""
    fitting = [volume for volume in volumes if is_for(volume, claim) or (is_free(volume) and fits(claim, volume))]
    reachable = [volume for volume in fitting if node is None or reaches(volume, node)]
    return min(reachable, key=lambda volume: (not is_for(volume, claim), capacity(volume)), default=None)


def is_free(volume: Json) -> bool:
    return "claimRef" not in volume["spec"] and "deletionTimestamp" not in volume["metadata"]


def is_for(volume: Json, claim: Json) -> bool:
    """Whether the volume names this claim, and no earlier one of its name."""
    ref, meta = volume["spec"].get("claimRef"), claim["metadata"]
    if not ref or (ref.get("namespace"), ref.get("name")) != (meta["namespace"], meta["name"]):
        return False
    return ref.get("uid") in {None, "", meta["uid"]}


def fits(claim: Json, volume: Json) -> bool:
    asked, held = claim["spec"], volume["spec"]
    modes = set(asked.get("accessModes", ())) <= set(held.get("accessModes", ()))
    selected = "selector" not in asked or matches(asked["selector"], volume["metadata"].get("labels"))
    same = (class_of(claim) or "", asked["volumeMode"]) == (class_of(volume) or "", held["volumeMode"])
    return modes and selected and same and capacity(volume) >= parse(asked["resources"]["requests"]["storage"])


def capacity(volume: Json) -> Fraction:
    return parse(volume["spec"]["capacity"]["storage"])


def reaches(volume: Json, node: Json) -> bool:
    required = volume["spec"].get("nodeAffinity", {}).get("required")
    return required is None or picks(required, node)
