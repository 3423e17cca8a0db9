"""Redis (with its append-only file), the API server or Slack goes away and comes back: the same processes end it true.

A frozen API server (SIGSTOP) holds a job in the middle of its call to the cluster.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.conftest import Tell
from tests.faults.story import Story
from tests.harness.controlplane import ControlPlane
from tests.scenarios.stack import SECONDS

pytestmark = pytest.mark.control_plane

Outage = Callable[[Story], None]


@pytest.fixture(params=["redis", "API server"])
def outage(request: pytest.FixtureRequest, control_plane: ControlPlane) -> Outage:
    """Kill it, and start it again."""

    def redis(story: Story) -> None:
        story.stack.redis.kill()
        story.stack.redis.start()
        thaw(control_plane)
        story.hurt = time.time()

    def api_server(story: Story) -> None:
        control_plane.stop_apiserver(kill=True)
        control_plane.start_apiserver()
        story.hurt = time.time()

    return redis if request.param == "redis" else api_server


@pytest.fixture(autouse=True)
def thawed(control_plane: ControlPlane) -> Iterator[None]:
    yield
    thaw(control_plane)


def freeze(cluster: ControlPlane) -> None:
    os.kill(cluster.pids["kube-apiserver"], signal.SIGSTOP)


def thaw(cluster: ControlPlane) -> None:
    os.kill(cluster.pids["kube-apiserver"], signal.SIGCONT)


def test_while_planning(tell: Tell, control_plane: ControlPlane, outage: Outage) -> None:
    story = tell()
    freeze(control_plane)
    story.ask()
    story.until_held()
    outage(story)
    story.approve()
    story.ends()
    story.true_in_the_end()


def test_while_acting(tell: Tell, control_plane: ControlPlane, outage: Outage) -> None:
    story = tell()
    story.ask()
    story.asked()
    freeze(control_plane)
    story.approve()
    story.until_recorded("acting")
    outage(story)
    story.ends()
    story.true_in_the_end()


def test_while_observing(tell: Tell, outage: Outage) -> None:
    story = tell(tag="v2-slow")
    story.ask()
    story.approve()
    story.until_recorded("written")
    outage(story)
    story.ends()
    story.true_in_the_end()


def test_slack_is_down_at_the_end(tell: Tell) -> None:
    """Every method, and the socket too."""
    story = tell(tag="v2-slow")
    story.ask()
    story.approve()
    story.until_recorded("written")
    story.workspace.faults.add("*", "500", times=10_000)
    story.workspace.close_sockets()
    story.until_recorded("succeeded")
    recorded = time.time()
    story.workspace.wait(
        lambda: any(c.at > recorded and c.status == 500 for c in story.workspace.calls("chat.update")), SECONDS, "a try"
    )
    story.workspace.faults.clear()
    story.hurt = time.time()
    story.ends()
    story.true_in_the_end()
