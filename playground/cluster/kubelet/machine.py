"""One pod on its node, as the kubelet remembers it: what runs, what is to be started or stopped next, and when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from playground.cluster.events import Recorder
from playground.cluster.kubelet import config_sources, pod_status
from playground.cluster.kubelet.container import INIT, MAIN, SIDECAR, Container, Run
from playground.cluster.kubelet.probes import Prober
from playground.cluster.kubelet.starting import SYNC_SECONDS, Starter
from playground.cluster.volumes.attaching import attach_fault

Json = dict[str, Any]
KILLED = 137
FIRST_MOUNT_SECONDS, LONGEST_MOUNT_SECONDS = 0.5, 122.0


class PodMachine:
    """``sync`` brings it to now; everything in it happens at times that are known beforehand."""

    def __init__(self, pod: Json, starter: Starter, address: str) -> None:
        self.uid = pod["metadata"]["uid"]
        self.address = address
        self.began = starter.verbs.clock.now()
        self.failure: tuple[str, str] | None = None
        """Why the node ended the pod: reason and message of its status."""
        self.containers = list(_containers(pod["spec"]))
        self.removed = False
        """Whether the kubelet has told the API server that nothing of it is left."""
        self._starter = starter
        self._probers: dict[str, Prober] = {}
        self._mounting: Iterator[float] | None = self._mount(pod)
        self._mount_wake: float | None = None

    def sync(self, pod: Json) -> float | None:
        """Do all that is due. Returns the seconds until something is again."""
        now = self._now
        self.failure = self.failure or self._deadline(pod, now)
        if self.is_stopping(pod):
            self._stop_all(pod, now)
        self._finish_runs(pod, now)
        if not self.is_stopping(pod):
            self._replace_changed(pod)
            self._start(pod, now)
            self._probe(pod, now)
            self._finish_runs(pod, now)
        due = min(self._dues(pod, now), default=math.inf)
        return None if due == math.inf else max(0.0, due - now)

    def is_stopping(self, pod: Json) -> bool:
        return "deletionTimestamp" in pod["metadata"] or self.failure is not None

    @property
    def is_stopped(self) -> bool:
        return not any(one.is_running for one in self.containers)

    def phase(self, pod: Json) -> str:
        if self.failure:
            return pod_status.FAILED
        if "deletionTimestamp" in pod["metadata"] and self.is_stopped:
            main = (one for one in self.containers if one.part == MAIN)
            return pod_status.SUCCEEDED if all(one.is_done for one in main) else pod_status.FAILED
        return pod_status.phase(self.containers, pod["spec"]["restartPolicy"])

    @property
    def _now(self) -> float:
        return self._starter.verbs.clock.now()

    def _deadline(self, pod: Json, now: float) -> tuple[str, str] | None:
        seconds = pod["spec"].get("activeDeadlineSeconds")
        if seconds is None or now < self.began + seconds or self._is_over(pod):
            return None
        message = "Pod was active on the node longer than the specified deadline"
        self._recorder.normal(pod, "DeadlineExceeded", message)
        return "DeadlineExceeded", message

    def _is_over(self, pod: Json) -> bool:
        return pod_status.phase(self.containers, pod["spec"]["restartPolicy"]) in {"Succeeded", "Failed"}

    def _mount(self, pod: Json) -> Iterator[float]:
        """Until all volumes are there: attached to the node, then mounted."""
        pause, verbs = FIRST_MOUNT_SECONDS, self._starter.verbs
        while True:
            if fault := attach_fault(verbs, pod):
                Recorder(verbs, "attachdetach-controller").warning(pod, "FailedAttachVolume", fault)
            elif (found := config_sources.mount_fault(verbs, pod)) != ("", ""):
                message = f'MountVolume.SetUp failed for volume "{found[0]}" : {found[1]}'
                self._recorder.warning(pod, "FailedMount", message)
            else:
                return
            yield self._now + pause
            pause = min(pause * 2, LONGEST_MOUNT_SECONDS)

    def _start(self, pod: Json, now: float) -> None:
        """Init containers one after the other, sidecars among them; then all the others."""
        if self._mounting is not None:
            self._mount_wake = _advance(self._mounting, self._mount_wake, now)
            if self._mount_wake is not None:
                return
            self._mounting = None
        if self._is_over(pod):
            for sidecar in self.containers:
                self._stop(pod, sidecar, now, "Stopping container {name}")
            return
        for container in self.containers:
            if not container.is_running and self._is_wanted(pod, container):
                self._push(pod, container, now)
            if container.part == INIT and not container.is_done:
                return
            if container.part == SIDECAR and not container.started:
                return

    def _is_wanted(self, pod: Json, container: Container) -> bool:
        """Whether it is to run (again): by the restart policy, which is Always for sidecars and not for init containers."""
        policy = "Always" if container.part == SIDECAR else pod["spec"]["restartPolicy"]
        if container.run is None or container.run.is_on():
            return True
        if container.run.code == 0:
            return policy == "Always" and container.part != INIT
        return bool(policy != "Never")

    def _push(self, pod: Json, container: Container, now: float) -> None:
        if container.attempt is None:
            container.attempt = self._starter.attempt(pod, container)
        container.wake = _advance(container.attempt, container.wake, now)
        if container.wake is None:
            container.attempt = None
            if container.run is not None:
                self._probers[container.name] = Prober.of(container, container.run)
                self._probe_one(pod, container, now)

    def _probe(self, pod: Json, now: float) -> None:
        for container in self.containers:
            if container.is_running:
                self._probe_one(pod, container, now)

    def _probe_one(self, pod: Json, container: Container, now: float) -> None:
        prober = self._probers[container.name]
        for reason, message in prober.advance(container, self.address, now):
            self._recorder.warning(pod, reason, message, field_path=container.field_path)
        if verdict := prober.verdict():
            self._stop(pod, container, now, f"Container {{name}} failed {verdict} probe, will be restarted")

    def _replace_changed(self, pod: Json) -> None:
        """An image may change while the pod lives; its container starts anew then."""
        for part in ("initContainers", "containers"):
            for spec in pod["spec"].get(part, ()):
                container = next(one for one in self.containers if one.name == spec["name"])
                changed = spec["image"] != container.image
                container.spec = spec
                if changed:
                    container.attempt = container.wake = None
                    self._stop(pod, container, self._now, "Container {name} definition changed, will be restarted")

    def _stop_all(self, pod: Json, now: float) -> None:
        for container in self.containers:
            self._stop(pod, container, now, "Stopping container {name}")

    def _stop(self, pod: Json, container: Container, now: float, message: str) -> None:
        run = container.run
        if run is None or not run.is_on():
            return
        grace = pod["metadata"].get("deletionGracePeriodSeconds", pod["spec"].get("terminationGracePeriodSeconds", 30))
        if run.stopping is not None:
            _hurry(run, grace, now)
            return
        run.stopping, run.grace = now, grace
        hook = container.spec.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        takes = math.inf if run.image.stops_after is None else hook + run.image.stops_after
        run.ends = now + min(takes, grace)
        run.is_killed = takes > grace
        self._recorder.normal(pod, "Killing", message.format(name=container.name), field_path=container.field_path)

    def _finish_runs(self, pod: Json, now: float) -> None:
        for container in self.containers:
            run = container.run
            if run is None or not run.is_on() or run.ends is None or run.ends > now:
                continue
            run.end(run.ends, *_ending(run))
            container.ready = container.started = False
            self._probers.pop(container.name, None)
            if self._is_wanted(pod, container):
                container.wake = now + SYNC_SECONDS

    def _dues(self, pod: Json, now: float) -> Iterator[float]:
        if self._mount_wake is not None:
            yield self._mount_wake
        seconds = pod["spec"].get("activeDeadlineSeconds")
        if seconds is not None and not self.failure and not self._is_over(pod):
            yield self.began + seconds
        for container in self.containers:
            if container.run is not None and container.run.is_on():
                yield container.run.ends or math.inf
                if not self.is_stopping(pod):
                    yield self._probers[container.name].due(container) or math.inf
            elif container.wake is not None and container.wake > now and not self.is_stopping(pod):
                yield container.wake

    @property
    def _recorder(self) -> Recorder:
        return Recorder(self._starter.verbs, "kubelet", host=self._starter.node)


def _containers(spec: Json) -> Iterator[Container]:
    """In the order in which they are started."""
    first = spec.get("initContainers", ())
    reason = "PodInitializing" if first else "ContainerCreating"
    for one in first:
        yield Container(one, SIDECAR if one.get("restartPolicy") == "Always" else INIT, waiting=(reason, ""))
    for one in spec["containers"]:
        yield Container(one, MAIN, waiting=(reason, ""))


def _advance(steps: Iterator[float], wake: float | None, now: float) -> float | None:
    """Go on until it has to wait: returns the time until which, or None at its end."""
    while wake is None or wake <= now:
        wake = next(steps, None)
        if wake is None:
            return None
    return wake


def _hurry(run: Run, grace: float, now: float) -> None:
    """A second deletion may leave less time, which counts from when the kubelet hears of it."""
    if grace >= run.grace:
        return
    run.grace = grace
    if run.ends is None or now + grace < run.ends:
        run.ends, run.is_killed = now + grace, True


def _ending(run: Run) -> tuple[int, str]:
    """Exit code and reason."""
    if run.stopping is not None:
        return (KILLED, "Error") if run.is_killed else (0, "Completed")
    if run.image.out_of_memory:
        return KILLED, "OOMKilled"
    return (run.image.exit_code, "Error") if run.image.exit_code else (0, "Completed")
