"""What is wrong with a pod: proven (a fault), or perhaps only for now (a warning). Pure.

The table is that of facts/rollouts.md, "When is it broken?". Users hate both mistakes: waiting on a crash loop
(kubectl#738, helm#7429) and giving up on a pull that failed once (krane#819) or on a pod not scheduled yet (helm#31896).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.times import seconds_of
from workers.redact import redact

Object = Mapping[str, Any]

TOLERANCE = 30.0
"""Seconds for which a pull may fail for a reason that could pass, and a container may run without being ready."""

_MESSAGE_LENGTH = 300
_PULLS = ("ErrImagePull", "ImagePullBackOff")
_ABSENT = ("not found", "manifest unknown", "does not exist", "no such manifest")
_BARRED = (
    "unauthorized",
    "401",
    "403 forbidden",
    "access denied",
    "denied:",
    "authentication required",
    "no basic auth",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a pod will not become ready. ``cause`` is a sentence; ``previous``: the run that broke is the one before."""

    cause: str
    pod: str
    container: str
    image: str
    reason: str
    exit_code: int | None = None
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod with its status."""

    pod: Object
    name: str
    image: str
    status: Object
    init: bool

    @property
    def called(self) -> str:
        return f"{'init container' if self.init else 'container'} {self.name}"

    @property
    def waiting(self) -> Object:
        waiting: Object = (self.status.get("state") or {}).get("waiting") or {}
        return waiting

    @property
    def message(self) -> str:
        return _short(self.waiting.get("message") or "")

    def is_unready(self, now: float) -> bool:
        """Running for a while, and still not ready."""
        running = (self.status.get("state") or {}).get("running")
        ready = self.init or self.status.get("ready")
        return running is not None and not ready and now - seconds_of(running.get("startedAt")) >= TOLERANCE

    def fault(self, cause: str, **more: Any) -> Fault:
        name = str(self.pod["metadata"]["name"])
        return Fault(
            f"{self.called}{cause}", name, self.name, self.image, str(self.waiting.get("reason") or ""), **more
        )


def first_fault(pods: Iterable[Object], now: float) -> Fault | None:
    """The first one, in the order of the pods' names."""
    ordered = sorted(pods, key=lambda pod: str(pod["metadata"]["name"]))
    return next((fault for pod in ordered if (fault := fault_of(pod, now))), None)


def fault_of(pod: Object, now: float) -> Fault | None:
    """What keeps this pod from ever becoming ready; None also where the pod itself is on its way out."""
    if is_leaving(pod):
        return None
    rules = [(container, _RULES.get(container.waiting.get("reason", ""))) for container in _containers(pod)]
    return next((fault for each, rule in rules if rule and (fault := rule(each, now))), None)


def warnings(pods: Iterable[Object], now: float) -> tuple[str, ...]:
    """What may yet mend itself, each sentence once."""
    return tuple(dict.fromkeys(text for pod in pods if not is_leaving(pod) for text in _warnings(pod, now)))


def unready(pods: Iterable[Object], now: float) -> Fault | None:
    """The first container that runs and is not ready: no proof, but where to look when time is over."""
    containers = (each for pod in pods if not is_leaving(pod) for each in _containers(pod))
    return next((each.fault(" runs but is not ready") for each in containers if each.is_unready(now)), None)


def is_leaving(pod: Object) -> bool:
    """Deleted, evicted, preempted, or refused by its node: not the rollout's fault, and another pod takes its place."""
    status = pod.get("status") or {}
    disrupted = any(
        c.get("type") == "DisruptionTarget" and c.get("status") == "True" for c in status.get("conditions") or ()
    )
    return bool(pod["metadata"].get("deletionTimestamp")) or status.get("phase") in {"Failed", "Succeeded"} or disrupted


def _crash(container: Container, _now: float) -> Fault:
    ended = (container.status.get("lastState") or {}).get("terminated") or {}
    code, reason = ended.get("exitCode"), ended.get("reason") or "CrashLoopBackOff"
    if reason == "OOMKilled":
        cause = " runs out of memory (OOMKilled)"
    elif reason in {"StartError", "ContainerCannotRun"}:
        cause = f" cannot start: {_short(ended.get('message') or reason)}"
    elif code is None:
        cause = " keeps crashing (CrashLoopBackOff)"
    elif code == 0:
        cause = " ends with code 0 although it should keep running (CrashLoopBackOff)"
    else:
        cause = f" exits with code {code} (CrashLoopBackOff)"
    return container.fault(cause, exit_code=code, previous=True)


def _pull(container: Container, now: float) -> Fault | None:
    said = container.message.lower()
    if any(word in said for word in _BARRED):
        return container.fault(f": image {container.image} may not be pulled (unauthorized)")
    if any(word in said for word in _ABSENT):
        return container.fault(f": image {container.image} not found")
    if now - _started(container.pod) >= TOLERANCE:
        return container.fault(f": image {container.image} cannot be pulled: {container.message}")
    return None


def _config(container: Container, _now: float) -> Fault | None:
    said = container.message
    if "failed to sync" in said and "cache" in said:  # the kubelet has not yet read what it needs
        return None
    return container.fault(f" cannot be configured: {said}")


def _name(container: Container, _now: float) -> Fault:
    return container.fault(f": {container.image} is no valid image name")


def _run(container: Container, _now: float) -> Fault:
    return container.fault(
        f" cannot be started: {container.message}", previous=bool(container.status.get("restartCount"))
    )


def _never(container: Container, _now: float) -> Fault:
    return container.fault(f": image {container.image} is not on the node, and its pull policy is Never")


_RULES: Mapping[str, Callable[[Container, float], Fault | None]] = {
    "CrashLoopBackOff": _crash,
    "ErrImagePull": _pull,
    "ImagePullBackOff": _pull,
    "CreateContainerConfigError": _config,
    "InvalidImageName": _name,
    "RunContainerError": _run,
    "ErrImageNeverPull": _never,
}


def _warnings(pod: Object, now: float) -> Iterator[str]:
    for condition in (pod.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "PodScheduled" and condition.get("reason") == "Unschedulable":
            yield f"no node takes the pod: {_short(condition.get('message') or '')}"
    for container in _containers(pod):
        if container.waiting.get("reason") in _PULLS:
            yield f"{container.called}: image {container.image} could not be pulled yet: {container.message}"
        if container.is_unready(now):
            yield f"{container.called} runs but is not ready"


def _containers(pod: Object) -> Iterator[Container]:
    """Those that have a status, init containers first."""
    for init, specs, statuses in (
        (True, "initContainers", "initContainerStatuses"),
        (False, "containers", "containerStatuses"),
    ):
        images = {spec["name"]: spec.get("image", "") for spec in pod["spec"].get(specs) or ()}
        for status in (pod.get("status") or {}).get(statuses) or ():
            yield Container(pod, status["name"], images.get(status["name"], status.get("image", "")), status, init)


def _started(pod: Object) -> float:
    """The latest moment from which its images could be pulled (Unix seconds)."""
    status = pod.get("status") or {}
    conditions: Sequence[Object] = status.get("conditions") or ()
    times = [c.get("lastTransitionTime") for c in conditions if c.get("type") in {"PodScheduled", "Initialized"}]
    return max((seconds_of(time) for time in [status.get("startTime"), *times]), default=0.0)


def _short(message: str) -> str:
    text = " ".join(redact(message).split())
    return text if len(text) <= _MESSAGE_LENGTH else text[: _MESSAGE_LENGTH - 1] + "…"
