"""Columns that the tables of workloads share: their pods' containers, and which pods are theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.cluster.kind import Column
from playground.cluster.selectors import format_selector

Json = dict[str, Any]


def _containers(key: str) -> Callable[[Json, float], str]:
    return lambda obj, _: ",".join(
        container.get(key, "") for container in obj["spec"]["template"]["spec"]["containers"]
    )


CONTAINERS = Column("Containers", _containers("name"), wide=True)
IMAGES = Column("Images", _containers("image"), wide=True)
SELECTOR = Column("Selector", lambda obj, _: format_selector(obj["spec"]["selector"]), wide=True)


def counted(name: str, status_field: str, type: str = "integer") -> Column:
    """A number from the status; 0 until a controller has written it."""
    return Column(name, lambda obj, _: obj.get("status", {}).get(status_field, 0), type=type)


READY = Column(
    "Ready", lambda obj, _: f"{obj.get('status', {}).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 1)}"
)
