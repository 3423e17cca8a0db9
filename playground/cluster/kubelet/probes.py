"""Startup, readiness and liveness probes of a running container: what each finds, when, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.kubelet.container import Container, Run

Json = dict[str, Any]
STARTUP, READINESS, LIVENESS = "startupProbe", "readinessProbe", "livenessProbe"
_WORDS = {STARTUP: "Startup", READINESS: "Readiness", LIVENESS: "Liveness"}
_UNASKED = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 10, "failureThreshold": 1, "successThreshold": 1}
"""The probe of a container that has none and whose image never gets ready: without it nobody could tell."""


@dataclass
class Probe:
    """``due`` is when it is made next; ``failures`` and ``successes`` are in a row."""

    kind: str
    spec: Json
    due: float
    failures: int = 0
    successes: int = 0


@dataclass
class Prober:
    """Of one run."""

    run: Run
    probes: dict[str, Probe] = field(default_factory=dict)

    @classmethod
    def of(cls, container: Container, run: Run) -> Prober:
        specs = {kind: container.spec[kind] for kind in (STARTUP, READINESS, LIVENESS) if kind in container.spec}
        if run.image.ready_after is None:
            specs.setdefault(READINESS, _UNASKED)
        probes = {
            kind: Probe(kind, spec, run.began + spec.get("initialDelaySeconds", 0)) for kind, spec in specs.items()
        }
        container.started = STARTUP not in probes
        container.ready = READINESS not in probes and container.started
        return cls(run, probes)

    def due(self, container: Container) -> float | None:
        """When the next probe is to be made."""
        return min((probe.due for probe in self._active(container)), default=None)

    def advance(self, container: Container, address: str, now: float) -> Iterator[tuple[str, str]]:
        """Make the probes that are due. Yields reason and message of events; a kind in ``failed`` then has given up."""
        for probe in list(self._active(container)):
            if probe.due > now:
                continue
            fault = self._fault(probe, container, address, now)
            probe.due = now + probe.spec.get("periodSeconds", 10)
            if fault:
                probe.failures, probe.successes = probe.failures + 1, 0
                yield "Unhealthy", f"{_WORDS[probe.kind]} probe failed: {fault}"
            else:
                probe.failures, probe.successes = 0, probe.successes + 1
            self._conclude(probe, container)

    def verdict(self) -> str:
        """``liveness`` or ``startup`` if such a probe has failed too often, so that the container is to be restarted; else ""."""
        for kind in (STARTUP, LIVENESS):
            probe = self.probes.get(kind)
            if probe and probe.failures >= probe.spec.get("failureThreshold", 3):
                return _WORDS[kind].lower()
        return ""

    def _active(self, container: Container) -> Iterator[Probe]:
        """Only the startup probe until it has succeeded, then the others; none whose answer cannot change any more."""
        for kind, probe in self.probes.items():
            settled = container.ready if kind == READINESS else kind == LIVENESS and self.run.image.healthy_for is None
            if (kind == STARTUP) != container.started and not settled:
                yield probe

    def _conclude(self, probe: Probe, container: Container) -> None:
        if probe.kind == STARTUP and probe.successes:
            container.started = True
            container.ready = READINESS not in self.probes
            for other in self.probes.values():
                other.due = max(other.due, probe.due - probe.spec.get("periodSeconds", 10))
        elif probe.kind == READINESS:
            if probe.successes >= probe.spec.get("successThreshold", 1):
                container.ready = True
            elif probe.failures >= probe.spec.get("failureThreshold", 3):
                container.ready = False

    def _fault(self, probe: Probe, container: Container, address: str, now: float) -> str:
        image, age = self.run.image, now - self.run.began
        doomed = image.ends_after is not None and image.exit_code != 0  # it dies before it serves anything
        up = not doomed and image.ready_after is not None and age >= image.ready_after
        alive = image.healthy_for is None or age < image.healthy_for
        well = alive if probe.kind == LIVENESS else up
        return "" if well else image.probe_fault or _usual_fault(probe.spec, container, address, up=up)


def _usual_fault(spec: Json, container: Container, address: str, *, up: bool) -> str:
    """What a probe of that kind finds: nobody listening yet, or an answer that says no."""
    if "exec" in spec:
        return "command failed"
    if "tcpSocket" in spec:
        return f"dial tcp {address}:{_port(spec['tcpSocket'], container)}: connect: connection refused"
    if "grpc" in spec:
        return f'timeout: failed to connect service "{address}:{spec["grpc"]["port"]}" within 1s: context deadline exceeded'
    if up:
        return "HTTP probe failed with statuscode: 500"
    get = spec["httpGet"]
    place = f"{address}:{_port(get, container)}"
    url = f"{get.get('scheme', 'HTTP').lower()}://{place}{get.get('path', '/')}"
    return f'Get "{url}": dial tcp {place}: connect: connection refused'


def _port(spec: Json, container: Container) -> Any:
    """Its number, also where it is named."""
    named = {port.get("name"): port["containerPort"] for port in container.spec.get("ports", ())}
    return named.get(spec["port"], spec["port"])
