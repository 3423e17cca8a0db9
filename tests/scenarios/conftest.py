"""One stack a worker, shared by all scenarios that break nothing of it; a channel and names of its own for each test.

Every scenario is told twice: to the played cluster, fast and everywhere, and (where there is one) to a real control plane.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Workspace
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.bound import stack_on
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Cast, Stack

Cluster = SimulatedCluster | ControlPlane


@pytest.fixture(scope="session", params=["simulator", pytest.param("real", marks=pytest.mark.control_plane)])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    if request.param == "real":
        yield request.getfixturevalue("control_plane")
        return
    with SimulatedCluster() as started:
        yield started


@pytest.fixture(autouse=True)
def _usual_logs(cluster: Cluster) -> None:
    """Pods log the usual lines at the beginning of each test: no test depends on what another left behind."""
    cluster.logs.reset()


@pytest.fixture(scope="session")
def stack(cluster: Cluster) -> Iterator[Stack]:
    """Everything, over Socket Mode. A Redis of its own, for other tests count the keys in theirs."""
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        stack_on(cluster, redis, workspace) as started,
    ):
        started.add_home()
        yield started.start()


@pytest.fixture
def scene(stack: Stack) -> Iterator[Scene]:
    """A channel nobody has spoken in yet, and a minute of Slack's that nobody has used up."""
    stack.new_minute()
    held = Scene(stack, stack.channel())
    yield held
    stack.workspace.faults.clear()
    held.rest()


@pytest.fixture
def cast(stack: Stack) -> Cast:
    return stack.cast
