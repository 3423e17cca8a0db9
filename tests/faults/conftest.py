"""One stack a module, mended before each test: what a test has killed is started again, what it has added is ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from playground.workspace import Workspace
from tests.faults.story import Story
from tests.faults.supervisor import is_ready
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.scenarios.stack import SECONDS, Stack

KINDS = ("bot", "worker", "watcher")
Tell = Callable[..., Story]


@pytest.fixture(scope="module")
def running(control_plane: ControlPlane) -> Iterator[Stack]:
    """A Redis of its own, that keeps what it was told when it is killed."""
    with (
        RedisServer(appendonly=True) as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(control_plane, control_plane.kubeconfig, redis, workspace) as made,
    ):
        yield made


@pytest.fixture
def stack(running: Stack) -> Stack:
    """One process of each kind, all ready, and a minute of Slack's that nobody has used up."""
    for name in [name for name in running.processes if name not in KINDS]:
        running.processes.pop(name).terminate()
    for kind in KINDS:
        if kind not in running.processes or not running.processes[kind].running:
            running.spawn(kind)
    wait_until(lambda: all(is_ready(running, kind) for kind in KINDS), SECONDS)
    running.workspace.wait_for_sockets(1, SECONDS)
    running.new_minute()
    return running


@pytest.fixture
def tell(stack: Stack, control_plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Begin a story. How long it took from the fault to its end goes into the report (``--junitxml``)."""
    told: list[Story] = []

    def begin(environment: str = "prod", tag: str = "v2") -> Story:
        told.append(Story(stack, control_plane, environment, tag))
        return told[-1]

    yield begin
    stack.workspace.faults.clear()
    for story in told:
        request.node.user_properties.append(("seconds from the fault to the end", round(story.recovered_after, 1)))
