"""A container of a pod with its status, as the rules look at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from commands.times import seconds_of
from workers.kinds.faults.fault import Circumstances, Fault, Object, short

CREATING = frozenset({"ContainerCreating", "PodInitializing"})


@dataclass(frozen=True, slots=True)
class Container:
    """``part``: "container", "init container", or "sidecar" (an init container that goes on running)."""

    pod: Object
    name: str
    image: str
    status: Object
    part: str

    @property
    def called(self) -> str:
        return f"{self.part} {self.name}"

    @property
    def waiting(self) -> Object:
        return self._state("waiting") or {}

    @property
    def running(self) -> Object | None:
        return self._state("running")

    @property
    def terminated(self) -> Object | None:
        """How the present run ended, where no other has begun."""
        return self._state("terminated")

    @property
    def last(self) -> Object:
        """How the run before ended."""
        ended: Object = (self.status.get("lastState") or {}).get("terminated") or {}
        return ended

    @property
    def restarts(self) -> int:
        return int(self.status.get("restartCount") or 0)

    @property
    def message(self) -> str:
        return short(self.waiting.get("message") or "")

    def heard(self, around: Circumstances, *reasons: str) -> Sequence[Object]:
        """What the kubelet said of this container (or of the pod without naming one), the latest first."""
        paths = {f"spec.{part}{{{self.name}}}" for part in ("containers", "initContainers")} | {None, ""}
        found = around.heard(self.pod, *reasons)
        return [event for event in found if (event.get("involvedObject") or {}).get("fieldPath") in paths]

    def fault(self, cause: str, **more: Any) -> Fault:
        """``cause`` goes on after the container's name."""
        name, reason = str(self.pod["metadata"]["name"]), str(self.waiting.get("reason") or "")
        return Fault(f"{self.called}{cause}", name, self.name, self.image, **({"reason": reason} | more))

    def _state(self, name: str) -> Object | None:
        found: Object | None = (self.status.get("state") or {}).get(name)
        return found


def containers(pod: Object) -> Iterator[Container]:
    """Those that have a status, init containers first."""
    for init, specs, statuses in (
        (True, "initContainers", "initContainerStatuses"),
        (False, "containers", "containerStatuses"),
    ):
        known = {spec["name"]: spec for spec in pod["spec"].get(specs) or ()}
        for status in (pod.get("status") or {}).get(statuses) or ():
            spec = known.get(status["name"]) or {}
            part = ("sidecar" if spec.get("restartPolicy") == "Always" else "init container") if init else "container"
            yield Container(pod, status["name"], spec.get("image") or status.get("image", ""), status, part)


def condition(pod: Object, type_: str) -> Object:
    """The condition of that type in a pod's status; empty where there is none."""
    found = ((pod.get("status") or {}).get("conditions")) or ()
    return next((each for each in found if each.get("type") == type_), {})


def could_start(pod: Object) -> float:
    """The latest moment from which its containers could be made (Unix seconds)."""
    conditions = (condition(pod, type_) for type_ in ("PodScheduled", "Initialized"))
    times = [(pod.get("status") or {}).get("startTime"), *(each.get("lastTransitionTime") for each in conditions)]
    return max(map(seconds_of, times))
