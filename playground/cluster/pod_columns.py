"""What ``kubectl get pods`` shows of a pod: the one word for its state, its restarts, and where it is.

The rules are those of the API server's own printer: the first init container that is not done, else the containers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.cluster.columns import AGE, NAME, since
from playground.cluster.conditions import find, is_true
from playground.cluster.kind import Column

Json = dict[str, Any]
NONE = "<none>"


@dataclass(frozen=True)
class Summary:
    """``last_restart`` is RFC 3339, "" if nothing was restarted."""

    ready: int
    of: int
    state: str
    restarts: int
    last_restart: str


def summary(pod: Json) -> Summary:
    spec, status = pod["spec"], pod.get("status", {})
    sidecars = {one["name"] for one in spec.get("initContainers", ()) if one.get("restartPolicy") == "Always"}
    first = status.get("initContainerStatuses", [])
    usual = status.get("containerStatuses", [])
    state = status.get("reason") or status.get("phase", "")
    if (find(pod, "PodScheduled") or {}).get("reason") == "SchedulingGated":
        state = "SchedulingGated"
    place, initializing = next(_unfinished(first, sidecars, len(spec.get("initContainers", ()))), (len(first), ""))
    passed = [one for one in first[:place] if one["name"] in sidecars]
    ready = sum(bool(one.get("ready")) for one in passed if "terminated" not in one["state"])
    counted = first[: place + 1]
    state = initializing or state
    if not initializing or is_true(pod, "Initialized"):
        counted = [one for one in counted if one["name"] in sidecars] + usual
        running = [one for one in usual if one.get("ready") and "running" in one["state"]]
        ready += len(running)
        state = next(filter(None, map(_ended_or_waiting, usual)), state)
        if state == "Completed" and running:
            state = "Running" if is_true(pod, "Ready") else "NotReady"
    dates = [at for one in counted if (at := one.get("lastState", {}).get("terminated", {}).get("finishedAt"))]
    return Summary(
        ready,
        len(spec["containers"]) + len(sidecars),
        _deleted(pod) or state,
        sum(one.get("restartCount", 0) for one in counted),
        max(dates, default=""),
    )


def _unfinished(statuses: list[Json], sidecars: set[str], total: int) -> Iterator[tuple[int, str]]:
    """Place and word of the init containers that hold the others back."""
    for place, one in enumerate(statuses):
        state = one["state"]
        ended, waits = state.get("terminated"), state.get("waiting", {}).get("reason", "")
        if (ended and not ended["exitCode"]) or (one["name"] in sidecars and one.get("started")):
            continue
        if ended:
            yield place, f"Init:{_ending(ended)}"
        elif waits not in {"", "PodInitializing"}:
            yield place, f"Init:{waits}"
        else:
            yield place, f"Init:{place}/{total}"


def _ended_or_waiting(status: Json) -> str:
    state = status["state"]
    if reason := state.get("waiting", {}).get("reason"):
        return str(reason)
    return _ending(state["terminated"]) if "terminated" in state else ""


def _ending(ended: Json) -> str:
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended['exitCode']}"


def _deleted(pod: Json) -> str:
    status = pod.get("status", {})
    if "deletionTimestamp" not in pod["metadata"]:
        return ""
    if status.get("reason") == "NodeLost":
        return "Unknown"
    return "" if status.get("phase") in {"Failed", "Succeeded"} else "Terminating"


def _ready(pod: Json, _: float) -> str:
    found = summary(pod)
    return f"{found.ready}/{found.of}"


def _restarts(pod: Json, now: float) -> str:
    found = summary(pod)
    ago = f" ({since(found.last_restart, now)} ago)" if found.restarts and found.last_restart else ""
    return f"{found.restarts}{ago}"


def _gates(pod: Json, _: float) -> str:
    gates = [gate["conditionType"] for gate in pod["spec"].get("readinessGates", ())]
    return f"{sum(is_true(pod, gate) for gate in gates)}/{len(gates)}" if gates else NONE


COLUMNS = (
    NAME,
    Column("Ready", _ready),
    Column("Status", lambda pod, _: summary(pod).state),
    Column("Restarts", _restarts),
    AGE,
    Column("IP", lambda pod, _: pod.get("status", {}).get("podIP") or NONE, wide=True),
    Column("Node", lambda pod, _: pod["spec"].get("nodeName") or NONE, wide=True),
    Column("Nominated Node", lambda pod, _: pod.get("status", {}).get("nominatedNodeName") or NONE, wide=True),
    Column("Readiness Gates", _gates, wide=True),
)
