"""A pod's phase and conditions, of what its containers do. Pure: the kubelet writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.conditions import find, with_condition
from playground.cluster.kubelet.container import INIT, MAIN, SIDECAR, Container

Json = dict[str, Any]
PENDING, RUNNING, SUCCEEDED, FAILED = "Pending", "Running", "Succeeded", "Failed"


def phase(containers: Sequence[Container], restart_policy: str) -> str:
    """By the containers that are neither init containers nor sidecars; those only hold them back."""
    main = [one for one in containers if one.part == MAIN]
    first = [one for one in containers if one.part == INIT]
    if restart_policy == "Never" and any(_has_failed(one) for one in first):
        return FAILED
    if not is_initialized(containers) or any(one.run is None and one.previous is None for one in main):
        return PENDING
    if restart_policy == "Always" or any(one.is_running for one in main):
        return RUNNING
    if all(one.is_done for one in main):
        return SUCCEEDED
    return FAILED if restart_policy == "Never" else RUNNING


def is_initialized(containers: Sequence[Container]) -> bool:
    done = all(one.is_done for one in containers if one.part == INIT)
    return done and all(one.started or one.run is not None for one in containers if one.part == SIDECAR)


def conditions(pod: Json, containers: Sequence[Container], of_phase: str, now: str) -> list[Json]:
    """All five of a kubelet, and what others have said. ``now`` is RFC 3339."""
    held: list[Json] = pod.get("status", {}).get("conditions", [])
    sandbox = any(one.has_sandbox for one in containers)
    ready = _ready(containers, of_phase)
    made = {
        "PodReadyToStartContainers": ("True", "", "")
        if sandbox and of_phase in {PENDING, RUNNING}
        else ("False", "PodSandboxNotReady", "no pod sandbox exists"),
        "Initialized": _initialized(containers, of_phase),
        "Ready": _with_gates(pod, ready),
        "ContainersReady": ready,
        "PodScheduled": ("True", "", ""),
    }
    found: list[Json] = []
    for name, (status, reason, message) in made.items():
        said = {**({"message": message} if message else {}), **({"reason": reason} if reason else {})}
        new = {"type": name, "status": status, "lastProbeTime": None, "lastTransitionTime": now, **said,
               "observedGeneration": pod["metadata"].get("generation", 1)}  # fmt: skip
        old = find(pod, name)
        found += with_condition([old], new) if old else [new]
    return [*found, *(one for one in held if one["type"] not in made)]


def _has_failed(container: Container) -> bool:
    return container.run is not None and not container.run.is_on() and container.run.code != 0


def _initialized(containers: Sequence[Container], of_phase: str) -> tuple[str, str, str]:
    if of_phase == SUCCEEDED:
        return "True", "PodCompleted", ""
    missing = [one.name for one in containers
               if (one.part == INIT and not one.is_done) or (one.part == SIDECAR and not one.started)]  # fmt: skip
    if not missing:
        return "True", "", ""
    return "False", "ContainersNotInitialized", f"containers with incomplete status: [{' '.join(missing)}]"


def _ready(containers: Sequence[Container], of_phase: str) -> tuple[str, str, str]:
    if of_phase in {SUCCEEDED, FAILED}:
        return "False", "PodCompleted" if of_phase == SUCCEEDED else "PodFailed", ""
    unready = [one.name for one in containers if one.part in {MAIN, SIDECAR} and not one.ready]
    if unready:
        return "False", "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    return "True", "", ""


def _with_gates(pod: Json, ready: tuple[str, str, str]) -> tuple[str, str, str]:
    """Ready too only if whoever else has a say in it agrees."""
    if ready[0] != "True":
        return ready
    faults = []
    for gate in pod["spec"].get("readinessGates", ()):
        name = gate["conditionType"]
        condition = find(pod, name)
        if condition is None:
            faults.append(f'corresponding condition of pod readiness gate "{name}" does not exist.')
        elif condition["status"] != "True":
            faults.append(f'the status of pod readiness gate "{name}" is not "True", but {condition["status"]}')
    return ("False", "ReadinessGatesNotReady", ", ".join(faults)) if faults else ready
