"""One stack a worker, shared by all scenarios that break nothing of it; a channel and names of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Workspace
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Cast, Stack


@pytest.fixture(scope="session")
def stack(control_plane: ControlPlane) -> Iterator[Stack]:
    """Everything, over Socket Mode. A Redis of its own, for other tests count the keys in theirs."""
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(control_plane, control_plane.kubeconfig, redis, workspace) as started,
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
