"""When anything of a rollout last moved, read off the objects themselves: so a watcher that has just begun knows it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.times import seconds_of

Object = Mapping[str, Any]

QUIET = 180.0
"""Seconds without any movement after which people are told: longer than most pulls and starts, shorter than a usual deadline."""


def still_since(workload: Object, owned: Iterable[Object], written_at: float, now: float) -> float | None:
    """When it last moved (Unix seconds), where that is too long ago; ``owned``: its children and pods.

    What waits for ``minReadySeconds`` is meant to be still. A node's clock that is ahead delays this, and proves nothing.
    """
    moments = (at for obj in (workload, *owned) for at in _moments(obj))
    last = max(moments, default=written_at)
    last = max(last, written_at)
    patience = QUIET + int(workload["spec"].get("minReadySeconds") or 0)
    return last if now - last >= patience else None


def _moments(obj: Object) -> Iterator[float]:
    """When it was made, last changed a condition, began or ended a run, and was told to go. A failed pull tried again is no movement."""
    metadata, status = obj["metadata"], obj.get("status") or {}
    if obj.get("kind") in {"Pod", "ReplicaSet"}:
        yield seconds_of(metadata.get("creationTimestamp"))
    yield seconds_of(status.get("startTime"))
    for condition in status.get("conditions") or ():
        yield max(seconds_of(condition.get("lastUpdateTime")), seconds_of(condition.get("lastTransitionTime")))
    for key in ("initContainerStatuses", "containerStatuses"):
        for container in status.get(key) or ():
            yield from _runs(container)
    if metadata.get("deletionTimestamp"):
        yield seconds_of(metadata["deletionTimestamp"]) - int(metadata.get("deletionGracePeriodSeconds") or 0)


def _runs(container: Object) -> Iterator[float]:
    states: Sequence[Object] = (container.get("state") or {}, container.get("lastState") or {})
    for state in states:
        yield seconds_of((state.get("running") or {}).get("startedAt"))
        yield seconds_of((state.get("terminated") or {}).get("finishedAt"))
