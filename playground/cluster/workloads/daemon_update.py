"""Which of a DaemonSet's pods go and which nodes get another one in a rolling update. Pure decisions, node by node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.workloads.shares import resolved

Json = dict[str, Any]
Test = Callable[[Json], bool]


@dataclass
class Moves:
    """Pods to delete, and names of nodes to start a pod on."""

    delete: list[Json] = field(default_factory=list)
    start: list[str] = field(default_factory=list)


def limits(daemon_set: Json, desired: int) -> tuple[int, int]:
    """How many nodes may have a second pod, and how many may be without an available one."""
    rolling = daemon_set["spec"]["updateStrategy"]["rollingUpdate"]
    surge = resolved(rolling["maxSurge"], desired, up=True)
    unavailable = resolved(rolling["maxUnavailable"], desired, up=True)
    return surge, unavailable if surge or unavailable else 1


def replacing(pods: Mapping[str, Sequence[Json]], updated: Test, available: Test, unavailable: int) -> Moves:
    """Without surge: old pods are deleted, those that are unavailable anyway first; the nodes get new ones afterwards."""
    missing = 0
    broken: list[Json] = []
    candidates: list[Json] = []
    for on_node in pods.values():
        new, old = _split(on_node, updated)
        if len(new) + len(old) != 1:  # still to be made, or cleaned up
            missing += 1
        elif new:
            missing += not available(new[0])
        elif not available(old[0]):
            broken.append(old[0])
            missing += 1
        else:
            candidates.append(old[0])
    return Moves(delete=[*broken, *candidates[: max(0, unavailable - missing)]])


def surging(pods: Mapping[str, Sequence[Json]], updated: Test, available: Test, surge: int) -> Moves:
    """With surge: a new pod first; the old one goes when the new one is available, or has never been of use."""
    moves, extra = Moves(), 0
    broken: list[str] = []
    candidates: list[str] = []
    for node, on_node in pods.items():
        new, old = _split(on_node, updated)
        if len(new) > 1 or len(old) > 1:
            extra += 1
        elif old and not new:
            (candidates if available(old[0]) else broken).append(node)
        elif old and new:
            if available(new[0]):
                moves.delete.append(old[0])
            else:
                extra += 1
    moves.start = [*broken, *candidates[: max(0, surge - extra)]]
    return moves


def _split(pods: Sequence[Json], updated: Test) -> tuple[list[Json], list[Json]]:
    return [pod for pod in pods if updated(pod)], [pod for pod in pods if not updated(pod)]
