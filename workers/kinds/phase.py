"""What a rollout waits for, in words, from the states of its new pods. Pure.

``PodReadyToStartContainers`` tells a pull from what comes before it: the kubelet says so once sandbox, network and volumes
stand (KEP-3085). Kubelets before 1.36 said it only after the pull, and gave no reason for False (kubernetes#134660, #135300).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.progress import Phase
from commands.times import seconds_of
from commands.wording import counted
from workers.kinds.faults import is_leaving
from workers.kinds.faults.container import CREATING, Container, condition, containers, could_start

Object = Mapping[str, Any]

_WAITS = {
    "ErrImagePull": "the image could not be pulled and is tried again",
    "ImagePullBackOff": "the image could not be pulled and is tried again",
    "CrashLoopBackOff": "it crashed and waits to be started again",
}
_CREATED = "containers are being created"


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a pod is on its way. ``order``: the earlier in its life, the lower; ``since``: in Unix seconds."""

    order: int
    words: str
    since: float


def phase(pods: Iterable[Object], desired: int, old: int, min_ready: int = 0, now: float = 0.0) -> Phase | None:
    """Of ``desired`` new pods these exist; so many ``old`` ones are left. None where there is nothing to wait for.

    Most pods decide; among as many, those that have come less far.
    """
    staying = [pod for pod in pods if not is_leaving(pod)]
    stages: dict[str, list[_Stage]] = defaultdict(list)
    for pod in staying:
        if stage := _stage(pod):
            stages[stage.words].append(stage)
    if stages:
        words, most = max(stages.items(), key=lambda each: (len(each[1]), -each[1][0].order))
        since = min(stage.since for stage in most)
        return Phase(f"waiting for {len(most)} of {counted(desired, 'new pod')}: {words}", since or None)
    if len(staying) < desired:
        return Phase(f"waiting for {desired - len(staying)} of {counted(desired, 'new pod')} to be created")
    if not all(is_available(pod, min_ready, now) for pod in staying):  # until then the old ones stay
        return Phase(f"all new pods are ready; waiting until they have been so for {min_ready} s (minReadySeconds)")
    return Phase(f"waiting for {counted(old, 'old pod')} to end") if old else None


def is_ready(pod: Object) -> bool:
    return condition(pod, "Ready").get("status") == "True"


def is_available(pod: Object, min_ready: int, now: float) -> bool:
    """It has been ready for ``min_ready`` seconds, by Unix time ``now``: as the controllers count it."""
    return is_ready(pod) and (
        not min_ready or now - seconds_of(condition(pod, "Ready").get("lastTransitionTime")) >= min_ready
    )


def _stage(pod: Object) -> _Stage | None:
    """None where it is ready."""
    if is_ready(pod):
        return None
    if condition(pod, "PodScheduled").get("status") != "True":
        return _Stage(0, "no node has taken it yet", seconds_of(pod["metadata"].get("creationTimestamp")))
    held = next((container for container in containers(pod) if not _is_past(container)), None)
    if held is None:
        return _unopened(pod)
    return _running(pod, held) if held.running else _not_running(pod, held)


def _running(pod: Object, container: Container) -> _Stage:
    began = seconds_of((container.running or {}).get("startedAt"))
    if container.part == "init container":
        return _Stage(3, f"{container.called} is running", began)
    spec = _spec(pod, container.name)
    if not container.status.get("started") and "startupProbe" in spec:
        return _Stage(5, f"{container.called} runs, its start-up probe has not passed yet", began)
    probe = "its readiness probe has not passed yet" if "readinessProbe" in spec else "it is not ready yet"
    return _Stage(6, f"{container.called} runs, {probe}", began)


def _not_running(pod: Object, container: Container) -> _Stage:
    reason = str(container.waiting.get("reason") or "")
    if container.terminated:
        return _Stage(4, "it ended and is to be started again", seconds_of(container.terminated.get("finishedAt")))
    if reason and reason not in CREATING:
        return _Stage(4, _WAITS.get(reason, f"{container.called} waits ({reason})"), 0.0)
    since, started = could_start(pod), condition(pod, "PodReadyToStartContainers")
    if started.get("status") == "True":
        return _Stage(2, "image is being pulled", max(seconds_of(started.get("lastTransitionTime")), since))
    tells = started.get("status") == "False" and started.get("reason")
    return _Stage(1, "its network and volumes are being prepared" if tells else _CREATED, since)


def _unopened(pod: Object) -> _Stage:
    """Its containers have nothing left to do; or the kubelet has not spoken of them yet."""
    if not (pod.get("status") or {}).get("containerStatuses"):
        return _Stage(1, _CREATED, could_start(pod))
    ready = condition(pod, "Ready")
    since = seconds_of(ready.get("lastTransitionTime"))
    if ready.get("reason") == "ReadinessGatesNotReady":
        gates = ", ".join(gate["conditionType"] for gate in pod["spec"].get("readinessGates") or ())
        return _Stage(7, f"its readiness gate {gates} is not open", since)
    return _Stage(7, "its node has not said that it is ready", since)


def _is_past(container: Container) -> bool:
    """It keeps nothing waiting: an init container that is done, another that is ready."""
    if container.part == "init container":
        ended = container.terminated
        return ended is not None and not ended.get("exitCode")
    return bool(container.status.get("ready"))


def _spec(pod: Object, name: str) -> Object:
    every: Sequence[Object] = [*(pod["spec"].get("containers") or ()), *(pod["spec"].get("initContainers") or ())]
    return next((spec for spec in every if spec["name"] == name), {})
