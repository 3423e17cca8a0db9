"""A container as its kubelet remembers it: the run that goes on, the one before, and what it waits for. And how that reads."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.clock import stamp
from playground.cluster.kubelet.backoff import BackOff
from playground.cluster.kubelet.images import Image, full_name, image_id
from playground.cluster.wire.logsource import ContainerLog

Json = dict[str, Any]
MAIN, INIT, SIDECAR = "containers", "initContainers", "sidecars"
_MESSAGE_LINES = 80
"""How much of the log makes a termination message with FallbackToLogsOnError."""


@dataclass
class Run:
    """From start to end. ``ends`` is when it ends by itself; ``stopping`` since when it has been asked to."""

    image: Image
    began: float
    ends: float | None
    log: ContainerLog
    id: str = field(default_factory=lambda: "containerd://" + secrets.token_hex(32))
    stopping: float | None = None
    grace: float = 0.0
    """Seconds that it was given to stop."""
    is_killed: bool = False
    """Whether it will still run when its grace period ends."""
    ended: float | None = None
    code: int = 0
    reason: str = ""

    def is_on(self) -> bool:
        return self.ended is None

    def end(self, at: float, code: int, reason: str) -> None:
        self.ended, self.code, self.reason = at, code, reason
        self.log.end()


@dataclass
class Container:
    """``part`` is MAIN, INIT or SIDECAR. ``waiting`` is reason and message while nothing runs."""

    spec: Json
    part: str
    run: Run | None = None
    previous: Run | None = None
    restarts: int = 0
    waiting: tuple[str, str] = ("ContainerCreating", "")
    attempt: Iterator[float] | None = None
    """To start it: gives the times at which to go on, until it runs."""
    wake: float | None = None
    """The time that it gave last."""
    pulls: BackOff = field(default_factory=BackOff)
    crashes: BackOff = field(default_factory=BackOff)
    ready: bool = False
    started: bool = False

    @property
    def name(self) -> str:
        return str(self.spec["name"])

    @property
    def image(self) -> str:
        return str(self.spec["image"])

    @property
    def field_path(self) -> str:
        return f"spec.{MAIN if self.part == MAIN else INIT}{{{self.name}}}"

    @property
    def has_sandbox(self) -> bool:
        """Whether its pod's sandbox, network and volumes stand: from then on its image is pulled."""
        return bool(self.run or self.previous or self.attempt)

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.is_on()

    @property
    def is_done(self) -> bool:
        """Whether its last run ended well."""
        return self.run is not None and not self.run.is_on() and self.run.code == 0

    def stop_running(self) -> None:
        """What holds only while it runs does not any more."""
        self.ready = self.started = False


def document(container: Container) -> Json:
    """Its entry in ``containerStatuses``."""
    run, last = container.run, container.previous
    shown: Json = {
        "name": container.name,
        "state": _state(container),
        "lastState": {"terminated": _terminated(last, container.spec)} if last else {},
        "ready": container.ready or (container.part == INIT and container.is_done),
        "restartCount": container.restarts,
        "image": full_name(container.image) if run or last else container.image,
        "imageID": image_id(container.image) if run or last else "",
        "started": container.started and container.is_running,
    }
    if latest := run or last:
        shown["containerID"] = latest.id
    resources = container.spec.get("resources", {})
    if latest and resources:
        shown["resources"] = resources
        shown |= {"allocatedResources": resources["requests"]} if resources.get("requests") else {}
    return shown


def _state(container: Container) -> Json:
    run = container.run
    if run is None:
        reason, message = container.waiting
        return {"waiting": {"reason": reason, **({"message": message} if message else {})}}
    return (
        {"running": {"startedAt": stamp(run.began)}}
        if run.is_on()
        else {"terminated": _terminated(run, container.spec)}
    )


def _terminated(run: Run, spec: Json) -> Json:
    times = {"startedAt": stamp(run.began), "finishedAt": stamp(run.ended or run.began)}
    message = ""
    if run.code and spec.get("terminationMessagePolicy") == "FallbackToLogsOnError":
        message = "".join(line.text.decode(errors="replace") + "\n" for line in run.log.lines[-_MESSAGE_LINES:])
    return {
        "exitCode": run.code, "reason": run.reason, **({"message": message} if message else {}), **times,
        "containerID": run.id,
    }  # fmt: skip
