"""The nodes as one look at the cluster finds them, each with its pods and what is left of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from playground.cluster.quantity import parse
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
Amounts = dict[str, Fraction]


@dataclass(frozen=True)
class Room:
    """A node and the pods that are on it or about to be."""

    node: Json
    pods: Sequence[Json]

    @property
    def name(self) -> str:
        return str(self.node["metadata"]["name"])

    @property
    def labels(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.node["metadata"].get("labels", {})
        return found

    @cached_property
    def allocatable(self) -> Amounts:
        return {name: parse(amount) for name, amount in self.node.get("status", {}).get("allocatable", {}).items()}

    @cached_property
    def used(self) -> Amounts:
        return total(requests(pod["spec"]) for pod in self.pods)

    def left(self, resource: str) -> Fraction:
        return self.allocatable.get(resource, Fraction()) - self.used.get(resource, Fraction())


def rooms(verbs: Verbs) -> list[Room]:
    """In the order of names. Pods that have ended take no room."""
    placed: dict[str, list[Json]] = defaultdict(list)
    for pod in verbs.list(verbs.kind("Pod")):
        if pod.get("status", {}).get("phase") not in {"Failed", "Succeeded"}:
            placed[pod["spec"].get("nodeName", "")].append(pod)
    return [Room(node, placed[node["metadata"]["name"]]) for node in verbs.list(verbs.kind("Node"))]


def requests(spec: Json) -> Amounts:
    """What a pod needs at its hungriest: all containers together, or an init container beside the sidecars before it."""
    sidecars: Amounts = {}
    highest: dict[str, Fraction] = {}
    for container in spec.get("initContainers", ()):
        with_it = total((sidecars, _requests(container)))
        if container.get("restartPolicy") == "Always":
            sidecars = with_it
        highest = {name: max(highest.get(name, Fraction()), amount) for name, amount in (highest | with_it).items()}
    running = total((sidecars, *map(_requests, spec.get("containers", ()))))
    names = highest.keys() | running.keys()
    needed = {name: max(highest.get(name, Fraction()), running.get(name, Fraction())) for name in names}
    return total((needed, {name: parse(amount) for name, amount in spec.get("overhead", {}).items()}))


def total(parts: Any) -> Amounts:
    added: dict[str, Fraction] = defaultdict(Fraction)
    for part in parts:
        for name, amount in part.items():
            added[name] += amount
    return added


def _requests(container: Json) -> Amounts:
    return {name: parse(amount) for name, amount in container.get("resources", {}).get("requests", {}).items()}
