"""Redis is gone: people are told at once, and nothing is changed behind their backs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.scenarios.bound import stack_on
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Stack

GONE = "I can't reach my own records, nothing was changed."


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    """Its Redis keeps what it was told, so that it can come back."""
    with (
        RedisServer(appendonly=True) as redis,
        Workspace(rate_limits=False) as workspace,
        stack_on(cluster, redis, workspace) as started,
    ):
        yield started.start()


@contextmanager
def killed(redis: RedisServer) -> Iterator[None]:
    """Connections are refused."""
    redis.kill()
    try:
        yield
    finally:
        redis.start()


@contextmanager
def hung(redis: RedisServer) -> Iterator[None]:
    """Connections stand, and nobody answers."""
    os.kill(redis.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(redis.pid, signal.SIGCONT)


@pytest.mark.parametrize("trouble", [killed, hung])
def test_a_command_is_answered_at_once_with_what_is_wrong(scene: Scene, trouble: type) -> None:
    web = scene.deployed("staging")
    with trouble(scene.stack.redis):
        said = scene.say(scene.cast.dev, f"/deploy {web} 1.4.2 to staging")
        assert GONE in str(said.ack), "within the three seconds after which Slack gives up"
    assert scene.messages() == []
    assert scene.writes("staging", web) == []


@pytest.mark.parametrize("trouble", [killed, hung])
def test_a_press_is_answered_too(scene: Scene, trouble: type) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(scene.cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    with trouble(scene.stack.redis):
        scene.press(scene.cast.sam, asked, "Approve")
        scene.told(scene.cast.sam, GONE)
    scene.press(scene.cast.robin, asked, "Approve")
    assert "Approved by @robin" in scene.ended(asked, "succeeded").plain()


def test_a_mention_is_answered_too(scene: Scene) -> None:
    with killed(scene.stack.redis):
        talk = scene.say(scene.cast.dev, "@quarterdeck deploy web 1.4.2 to staging").message
        assert talk
        scene.told(scene.cast.dev, GONE)


def test_once_it_is_back_everything_goes_on(scene: Scene) -> None:
    web = scene.deployed("staging")
    with killed(scene.stack.redis):
        scene.say(scene.cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.ended(scene.ask(scene.cast.dev, f"/deploy {web} 1.4.3 to staging"), "succeeded")
    assert scene.images("staging", web) == ["registry.test/web:1.4.3"]
    assert len(scene.messages()) == 1
