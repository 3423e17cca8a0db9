"""A Deployment's conditions: which reasons there are, and how one replaces another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.clock import stamp

Json = dict[str, Any]
AVAILABLE, PROGRESSING, FAILURE = "Available", "Progressing", "ReplicaFailure"
CREATED, FOUND, UPDATED, DONE = (
    "NewReplicaSetCreated",
    "FoundNewReplicaSet",
    "ReplicaSetUpdated",
    "NewReplicaSetAvailable",
)
TIMED_OUT, NOT_CREATED = "ProgressDeadlineExceeded", "ReplicaSetCreateError"
PAUSED, RESUMED = "DeploymentPaused", "DeploymentResumed"
NO_DEADLINE = 2**31 - 1
"""As ``progressDeadlineSeconds`` it means none."""


def condition(type: str, status: str, reason: str, message: str, now: float) -> Json:
    at = stamp(now)
    return {
        "type": type,
        "status": status,
        "lastUpdateTime": at,
        "lastTransitionTime": at,
        "reason": reason,
        "message": message,
    }


def found(conditions: Sequence[Json], type: str) -> Json | None:
    return next((one for one in conditions if one["type"] == type), None)


def without(conditions: Sequence[Json], type: str) -> list[Json]:
    return [one for one in conditions if one["type"] != type]


def replaced(conditions: Sequence[Json], new: Json) -> list[Json]:
    """With the new condition last. One that says the same already stays as it is, message and times included."""
    old = found(conditions, new["type"])
    if old is not None and (old["status"], old["reason"]) == (new["status"], new["reason"]):
        return list(conditions)
    kept = {"lastTransitionTime": old["lastTransitionTime"]} if old and old["status"] == new["status"] else {}
    return [*without(conditions, new["type"]), {**new, **kept}]


def has_deadline(deployment: Json) -> bool:
    return bool(deployment["spec"].get("progressDeadlineSeconds", NO_DEADLINE) != NO_DEADLINE)
