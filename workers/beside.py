"""What is written in a target's stead: its autoscaler, which has the say on how many replicas there are.

Whoever handles a plan reads both: the target, which the operation claims and follows, and this.
"""

from __future__ import annotations

from typing import Protocol

from commands.draft import Beside
from commands.errors import Missing
from commands.objects import Object


class Reader(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def get(self, kind: str, namespace: str, name: str) -> Object: ...


def read_beside(cluster: Reader, namespace: str, beside: Beside | None) -> Object | None:
    """What bears its name now; None where nothing does, and where the target itself is written.

    Raises ``ClusterError``'s other kinds.
    """
    if beside is None:
        return None
    try:
        return cluster.get(beside.kind, namespace, beside.name)
    except Missing:
        return None
