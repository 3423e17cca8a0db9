"""How a container comes to run: its image is pulled, it is created and started; or what keeps it from that, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playground.cluster.events import Recorder
from playground.cluster.kubelet import config_sources, images
from playground.cluster.kubelet.backoff import written
from playground.cluster.kubelet.container import INIT, MAIN, Container, Run
from playground.cluster.kubelet.images import Catalogue, Image
from playground.cluster.verbs import Verbs
from playground.cluster.wire.logsource import ContainerLog

Json = dict[str, Any]
SYNC_SECONDS = 0.2
"""Between a failure and the moment at which the kubelet has turned to it."""
AGAIN_SECONDS = 10.0
"""Between two looks at something missing, and between two complaints about it."""


@dataclass
class Starter:
    """For the pods of one node. ``present`` are the images on it; ``begin_log`` gives the log of a new run."""

    verbs: Verbs
    node: str
    catalogue: Catalogue
    present: set[str]
    begin_log: Callable[[Image, float], ContainerLog]

    def attempt(self, pod: Json, container: Container) -> Iterator[float]:
        """Yields the times (seconds since 1970) at which to go on; when it ends, the container runs."""
        yield from self._wait_out_crashes(pod, container)
        image = self.catalogue(container.image)
        yield from self._pull(pod, container, image)
        while fault := config_sources.variable_fault(self.verbs, pod, container.spec) or image.create_fault:
            self._warn(pod, container, "Failed", f"Error: {fault}")
            container.waiting = ("CreateContainerConfigError", fault)
            yield self._now + AGAIN_SECONDS
        self._say(pod, container, "Created", "Container created")
        if image.start_seconds:
            yield self._now + image.start_seconds
        self._say(pod, container, "Started", "Container started")
        self._run(pod, container, image)

    def _wait_out_crashes(self, pod: Json, container: Container) -> Iterator[float]:
        last = container.run
        if last is None or last.ended is None:
            return
        meta = pod["metadata"]
        where = f"{meta['name']}_{meta['namespace']}({meta['uid']})"
        while (left := container.crashes.left(last.ended, self._now)) > 0:
            self._warn(
                pod, container, "BackOff", f"Back-off restarting failed container {container.name} in pod {where}"
            )
            container.run, container.previous = None, last
            delay = written(container.crashes.seconds)
            message = f"back-off {delay} restarting failed container={container.name} pod={where}"
            container.waiting = ("CrashLoopBackOff", message)
            yield self._now + min(left, AGAIN_SECONDS)

    def _pull(self, pod: Json, container: Container, image: Image) -> Iterator[float]:
        reference = container.image
        while not images.is_valid(reference):
            why = f'couldn\'t parse image name "{reference}": invalid reference format'
            message = f'Failed to apply default image tag "{reference}": {why}'
            self._warn(pod, container, "InspectFailed", message)
            yield from self._refused(pod, container, "InvalidImageName", message)
        policy, began = container.spec.get("imagePullPolicy", "IfNotPresent"), self._now
        while policy == "Always" or reference not in self.present:
            if policy == "Never":
                message = f'Container image "{reference}" is not present with pull policy of Never'
                self._warn(pod, container, "ErrImageNeverPull", message)
                yield from self._refused(pod, container, "ErrImageNeverPull", message)
                continue
            self._say(pod, container, "Pulling", f'Pulling image "{reference}"')
            recovery = None if image.pull_recovers is None else began + image.pull_recovers
            if image.pull_fault and not (recovery and self._now >= recovery):
                yield from self._wait_for_registry(pod, container, images.pull_fault(image, reference), recovery)
                continue
            if image.pull_seconds:
                yield self._now + image.pull_seconds
            self._say(pod, container, "Pulled", _pulled(reference, image.pull_seconds))
            self.present.add(reference)
            return
        message = f'Container image "{reference}" already present on machine and can be accessed by the pod'
        self._say(pod, container, "Pulled", message)

    def _refused(self, pod: Json, container: Container, reason: str, message: str) -> Iterator[float]:
        self._warn(pod, container, "Failed", f"Error: {reason}")
        container.waiting = (reason, message)
        yield self._now + AGAIN_SECONDS

    def _wait_for_registry(
        self, pod: Json, container: Container, fault: str, recovery: float | None
    ) -> Iterator[float]:
        """``recovery``: when the registry is well again; it is asked then, and not only when the back-off is over."""
        failed, image = self._now, f'image "{container.image}"'
        container.pulls.failed(failed)
        self._warn(pod, container, "Failed", f"Failed to pull {image}: {fault}")
        self._warn(pod, container, "Failed", "Error: ErrImagePull")
        container.waiting = ("ErrImagePull", fault)
        yield failed + SYNC_SECONDS
        until = failed + container.pulls.seconds
        until = until if recovery is None else min(until, recovery)
        while self._now < until:
            self._say(pod, container, "BackOff", f"Back-off pulling {image}")
            self._warn(pod, container, "Failed", "Error: ImagePullBackOff")
            container.waiting = ("ImagePullBackOff", f"Back-off pulling {image}: ErrImagePull: {fault}")
            yield min(until, self._now + AGAIN_SECONDS)

    def _run(self, pod: Json, container: Container, image: Image) -> None:
        now = self._now
        if container.run or container.previous:
            container.previous = container.run or container.previous
            container.restarts += 1
            container.crashes.failed(now)
        ends_itself = container.part == INIT or (container.part == MAIN and pod["spec"]["restartPolicy"] != "Always")
        lasts = image.task_seconds if image.ends_after is None and ends_itself else image.ends_after
        container.run = Run(image, now, None if lasts is None else now + lasts, self.begin_log(image, now))

    @property
    def _now(self) -> float:
        return self.verbs.clock.now()

    def _say(self, pod: Json, container: Container, reason: str, message: str) -> None:
        self._recorder.normal(pod, reason, message, field_path=container.field_path)

    def _warn(self, pod: Json, container: Container, reason: str, message: str) -> None:
        self._recorder.warning(pod, reason, message, field_path=container.field_path)

    @property
    def _recorder(self) -> Recorder:
        return Recorder(self.verbs, "kubelet", host=self.node)


def _pulled(reference: str, seconds: float) -> str:
    took = f"{seconds:.3f}s" if seconds >= 1 else f"{max(1, round(seconds * 1000))}ms"
    size = 20_000_000 + int(images.image_id(reference)[-6:], 16)
    return f'Successfully pulled image "{reference}" in {took} ({took} including waiting). Image size: {size} bytes.'
