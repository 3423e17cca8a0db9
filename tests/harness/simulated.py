"""The simulated cluster with the face of `ControlPlane`, so that the same tests run on both."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Self

from playground.cluster.cluster import Cluster as Simulator
from playground.cluster.kubelet.logs import SpokenLogs
from playground.cluster.wire.audit import WriteRequest
from tests.harness.api import Api
from tests.harness.audit import Write
from tests.harness.cluster import Cluster

_HARNESS = "harness"
_LOG_TIME = 1767600000.0  # 2026-01-05T08:00:00Z, as `PodLogs` has it
_UNCOUNTED_GROUPS = {"coordination.k8s.io", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io"}


class SimulatedLogs:
    """One log for all running containers and one for all their previous runs, as `PodLogs` has them."""

    def __init__(self, spoken: SpokenLogs) -> None:
        """`spoken` is what the simulated kubelet serves instead of what images print."""
        self._spoken = spoken
        spoken.time = _LOG_TIME
        self.write = spoken.write
        self.write_bytes = spoken.write_bytes
        self.reset()

    def reset(self) -> None:
        """What every test begins with, whatever another wrote before."""
        self._spoken.write("listening on :8080")
        self._spoken.write("starting", "panic: cannot connect to database", previous=True)


class SimulatedCluster(Cluster):
    """Starts when made, in a thread of this process; `stop` ends it. Users and `logs` as `ControlPlane` has them.

    `simulator` is what is played inside: its time can be stepped, and it plays outages.
    """

    def __init__(
        self,
        *,
        nodes: int = 3,
        users: Sequence[str] = ("powerless", "quarterdeck"),
        speed: float = 1.0,
        ahead: float = 0.0,
    ) -> None:
        """Start and listen. `speed` is cluster seconds per second; its clock is so many seconds `ahead` of ours."""
        self.simulator = Simulator(nodes=nodes, users=users, masters=(_HARNESS,), speed=speed, ahead=ahead).start()
        self.logs = SimulatedLogs(self.simulator.kubelet.spoken_logs)
        super().__init__(Api(self.server, self.simulator.token(_HARNESS), self.simulator.certificate))

    @property
    def server(self) -> str:
        """The API server's base URL."""
        return self.simulator.server

    @property
    def folder(self) -> Path:
        """Where kubeconfigs are."""
        return self.simulator.folder

    @property
    def kubeconfig(self) -> Path:
        """Path of the administrator's kubeconfig."""
        return self.simulator.kubeconfig

    def kubeconfig_for(self, user: str) -> Path:
        """Path of a kubeconfig with the token of `admin` or of one of the `users` given at start."""
        return self.simulator.kubeconfig_for(user)

    def writes(
        self,
        resource: str | None = None,
        namespace: str | None = None,
        *,
        dry_run: bool | None = False,
        user: str | None = None,
    ) -> list[Write]:
        """Return the write requests so far, refused ones included, oldest first: see `ControlPlane.writes`."""
        return [
            _write(request)
            for request in self.simulator.writes()
            if request.group not in _UNCOUNTED_GROUPS
            and request.resource != "events"
            and resource in {None, request.resource}
            and namespace in {None, request.namespace}
            and dry_run in {None, request.dry_run}
            and (request.user == user if user else request.user != _HARNESS)
        ]

    def stop_apiserver(self, *, kill: bool = False) -> None:
        """As if the API server were gone; everything behind it goes on. There is nothing to kill."""
        self.simulator.stop_listening()

    def start_apiserver(self) -> None:
        """Listen again: same port, certificate and data."""
        self.simulator.listen()

    def stop(self) -> None:
        """End everything. Raises what a controller stumbled over, if any did."""
        self.api.close()
        self.simulator.stop()

    def __enter__(self) -> Self:
        """Already started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()


def _write(request: WriteRequest) -> Write:
    return Write(**{name: value for name, value in asdict(request).items() if name != "group"})
