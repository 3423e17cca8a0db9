"""What rules a node out, in the order in which the default scheduler asks, with its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.scheduling import neighbours, node_affinity, spreading
from playground.cluster.scheduling.neighbours import NamespaceLabels
from playground.cluster.scheduling.snapshot import Room, requests
from playground.cluster.scheduling.taints import KEEPS_AWAY, tolerates, untolerated

Json = dict[str, Any]
VolumeCheck = Callable[[Json], str]
"""What keeps the pod's volumes from a node, or ""."""
CORDONED = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


@dataclass(frozen=True)
class Refusal:
    """``resolvable``: whether fewer pods on the node would help, so that preemption is worth a thought."""

    reasons: tuple[str, ...]
    resolvable: bool = False


@dataclass(frozen=True)
class Question:
    """Where may this pod go? ``volumes`` checks a node for what the pod mounts."""

    pod: Json
    rooms: Sequence[Room]
    namespaces: NamespaceLabels = field(default_factory=dict)
    volumes: VolumeCheck = lambda _: ""

    def refusal(self, room: Room) -> Refusal | None:
        return next(self._refusals(room), None)

    def _refusals(self, room: Room) -> Iterator[Refusal]:
        spec, node = self.pod["spec"], room.node
        if node["spec"].get("unschedulable") and not any(
            tolerates(one, CORDONED) for one in spec.get("tolerations", ())
        ):
            yield Refusal(("node(s) were unschedulable",))
        if untolerated(spec, node["spec"].get("taints", ()), KEEPS_AWAY):
            yield Refusal(("node(s) had untolerated taint(s)",))
        if not node_affinity.fits(spec, node):
            yield Refusal(("node(s) didn't match Pod's node affinity/selector",))
        if _ports(self.pod) & {port for other in room.pods for port in _ports(other)}:
            yield Refusal(("node(s) didn't have free ports for the requested pod ports",), resolvable=True)
        if lacking := lack(self.pod, room):
            yield lacking
        if reason := self.volumes(node):
            yield Refusal((reason,))
        if reason := spreading.refusal(self.pod, room, self.rooms):
            yield Refusal((reason,), resolvable=reason == spreading.UNEVEN)
        if reason := neighbours.refusal(self.pod, room, self.rooms, self.namespaces):
            yield Refusal((reason,), resolvable=reason != neighbours.AFFINITY)


def lack(pod: Json, room: Room) -> Refusal | None:
    """What the node has too little of, all of it at once."""
    reasons, resolvable = [], True
    if len(room.pods) + 1 > room.allocatable.get("pods", 0):
        reasons.append("Too many pods")
    for name, amount in requests(pod["spec"]).items():
        if amount > room.left(name):
            reasons.append(f"Insufficient {name}")
            resolvable = resolvable and amount <= room.allocatable.get(name, 0)
    return Refusal(tuple(reasons), resolvable) if reasons else None


def _ports(pod: Json) -> set[tuple[str, int]]:
    return {
        (port.get("protocol", "TCP"), port["hostPort"])
        for container in pod["spec"]["containers"]
        for port in container.get("ports", ())
        if port.get("hostPort")
    }
