"""The simulated cluster with the face of `ControlPlane`, so that the same tests run on both."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from playground.cluster.cluster import Cluster as Simulator
from tests.harness.api import Api
from tests.harness.cluster import Cluster

_HARNESS = "harness"


class SimulatedCluster(Cluster):
    """Starts when made, in a thread of this process; `stop` ends it. Users as `ControlPlane` has them."""

    def __init__(
        self, *, nodes: int = 3, users: Sequence[str] = ("powerless", "quarterdeck"), speed: float = 1.0
    ) -> None:
        """Start and listen. `speed` is cluster seconds per second; `simulator` is what is played inside."""
        self.simulator = Simulator(nodes=nodes, users=users, masters=(_HARNESS,), speed=speed).start()
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

    def stop(self) -> None:
        """End everything."""
        self.api.close()
        self.simulator.stop()

    def __enter__(self) -> Self:
        """Already started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()
