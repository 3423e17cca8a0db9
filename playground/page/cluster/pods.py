"""One pod as a cell: how it is in a word and a sign, and why it is not ready. Pure functions over the pod's object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
SIGNS = {"ready": "✓", "starting": "…", "waiting": "?", "unready": "○", "failing": "✘", "ending": "↓", "done": "■"}
_FAILING = ("BackOff", "Err", "Error", "OOMKilled", "Invalid", "ContainerCannotRun")


@dataclass(frozen=True, slots=True)
class Cell:
    """``state`` is a key of ``SIGNS``; ``why`` one sentence, or "" if all is well."""

    namespace: str
    name: str
    node: str
    state: str
    why: str

    @property
    def sign(self) -> str:
        return SIGNS[self.state]


def cell(pod: Json) -> Cell:
    state, why = _state(pod)
    meta = pod["metadata"]
    return Cell(meta["namespace"], meta["name"], pod["spec"].get("nodeName", ""), state, why)


def _state(pod: Json) -> tuple[str, str]:
    """The first of these that has something to say; a pod of which nothing is known yet is starting."""
    for looked in (_over, _ready, _placed, _broken, _running):
        if found := looked(pod):
            return found
    return "starting", "its containers are being started"


def _over(pod: Json) -> tuple[str, str] | None:
    status = pod.get("status", {})
    if "deletionTimestamp" in pod["metadata"]:
        return "ending", "it is being stopped"
    if status.get("phase") == "Failed":
        return "failing", _sentence(status.get("reason", "Failed"), status.get("message", ""))
    return ("done", "it has completed") if status.get("phase") == "Succeeded" else None


def _ready(pod: Json) -> tuple[str, str] | None:
    return ("ready", "") if _condition(pod, "Ready").get("status") == "True" else None


def _placed(pod: Json) -> tuple[str, str] | None:
    scheduled = _condition(pod, "PodScheduled")
    return (
        ("waiting", scheduled.get("message", "no node was found for it"))
        if scheduled.get("status") == "False"
        else None
    )


def _broken(pod: Json) -> tuple[str, str] | None:
    return next(_troubles(pod.get("status", {})), None)


def _running(pod: Json) -> tuple[str, str] | None:
    if not any(
        "running" in container.get("state", {}) for container in pod.get("status", {}).get("containerStatuses", [])
    ):
        return None
    return "unready", _condition(pod, "Ready").get("message") or "it runs, and is not ready yet"


def _troubles(status: Json) -> Iterator[tuple[str, str]]:
    for container in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]:
        state = container.get("state", {})
        found = state.get("waiting") or (
            state.get("terminated") if state.get("terminated", {}).get("exitCode") else None
        )
        reason = (found or {}).get("reason", "")
        if any(word in reason for word in _FAILING):
            ended = container.get("lastState", {}).get("terminated") or state.get("terminated") or {}
            code = f", exit code {ended['exitCode']}" if ended.get("exitCode") else ""
            yield (
                "failing",
                f"container {container['name']}: {_sentence(reason + code, (found or {}).get('message', ''))}",
            )


def _condition(pod: Json, kind: str) -> Json:
    conditions: list[Json] = pod.get("status", {}).get("conditions", [])
    return next((condition for condition in conditions if condition["type"] == kind), {})


def _sentence(reason: str, message: str) -> str:
    return f"{reason}: {message}" if message else reason
