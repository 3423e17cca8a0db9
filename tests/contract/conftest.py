"""The same tests against the simulated cluster and the real control plane: a difference is a fault of the simulator."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.harness.api import Api
from tests.harness.controlplane import ControlPlane
from tests.harness.fixtures import need
from tests.harness.simulated import SimulatedCluster

Cluster = SimulatedCluster | ControlPlane
SIMULATOR, REAL = "simulator", "real"
SECONDS = 60


@dataclass(frozen=True)
class Kubectl:
    """Runs kubectl as a user of one cluster. ``home`` holds its caches: discovery is cached by host and port."""

    cluster: Cluster
    home: Path
    namespace: str

    def __call__(self, *args: str, user: str = "admin", stdin: str = "") -> tuple[int, str, str]:
        """Exit code, output and errors. In the test's own namespace unless the arguments name another."""
        command = [
            "kubectl",
            "--kubeconfig",
            str(self.cluster.kubeconfig_for(user)),
            "--namespace",
            self.namespace,
            *args,
        ]
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "KUBECTL_COMMAND_HEADERS": "false"}
        done = subprocess.run(
            command, env=env, input=stdin, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def simulated_cluster() -> Iterator[SimulatedCluster]:
    with SimulatedCluster() as started:
        yield started


@pytest.fixture(params=[SIMULATOR, pytest.param(REAL, marks=pytest.mark.control_plane)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """One of each for the whole session, so keep to the ``namespace`` of your test."""
    name = {SIMULATOR: "simulated_cluster", REAL: "control_plane"}[request.param]
    found: Cluster = request.getfixturevalue(name)
    return found


@pytest.fixture
def namespace(cluster: Cluster) -> str:
    return cluster.namespace()


@pytest.fixture
def kubectl(cluster: Cluster, namespace: str, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    need("kubectl")
    return kubectl_of(cluster, namespace, tmp_path_factory)


def kubectl_of(cluster: Cluster, namespace: str, paths: pytest.TempPathFactory) -> Kubectl:
    """A home per server: what kubectl learned of another one on the same port must not mislead it."""
    home = paths.getbasetemp() / f"home-{cluster.server.rpartition(':')[2]}"
    home.mkdir(exist_ok=True)
    return Kubectl(cluster, home, namespace)


@pytest.fixture
def api_of(cluster: Cluster) -> Iterator[Callable[[str], Api]]:
    """A client with a user's token."""
    clients: list[Api] = []

    def made(user: str) -> Api:
        config = yaml.safe_load(cluster.kubeconfig_for(user).read_text())
        authority = cluster.folder / "authority.crt"
        authority.write_bytes(base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]))
        clients.append(Api(cluster.server, config["users"][0]["user"]["token"], authority))
        return clients[-1]

    yield made
    for client in clients:
        client.close()
