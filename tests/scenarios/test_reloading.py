"""Rules are changed while everything runs: bot, worker and watcher follow, and a broken file changes nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from playground.workspace import Workspace
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.scenarios.bound import stack_on
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Stack

Json = dict[str, Any]


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        stack_on(cluster, redis, workspace) as started,
    ):
        yield started.start()


def config(stack: Stack, name: str) -> Json:
    """What ``/readyz`` says of its rules, be it ready or about to watch one more thing."""
    answer = requests.get(f"http://{stack.health[name]}/readyz", timeout=SECONDS)
    found: Json = answer.json()["config"]
    return found


def test_new_rules_are_in_force_everywhere_and_a_broken_file_leaves_them(scene: Scene) -> None:
    stack, cast = scene.stack, scene.cast
    web = scene.deployed("prod")
    waiting = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")

    since = {name: config(stack, name)["since"] for name in stack.processes}
    rules = stack.configuration()
    rules["permissions"][1]["roles"] = ["sre"]
    stack.extra["permissions"] = rules["permissions"]
    stack.write_config()
    for name, before in since.items():
        wait_until(lambda name=name, before=before: config(stack, name)["since"] != before, SECONDS)

    scene.say(cast.dev, f"/deploy {web} 1.4.3 to prod")
    assert "sre" in scene.told(cast.dev, "needs the role").plain()
    scene.press(cast.sam, waiting, "Approve")
    scene.ended(waiting, "failed")
    assert scene.images("prod", web) == ["registry.test/web:1.4.1"]

    stack.config.write_text("permissions: [")
    for name, child in stack.processes.items():
        child.send(signal.SIGHUP)
        wait_until(lambda name=name: config(stack, name)["problems"], SECONDS)
        assert child.running
    scene.say(cast.dev, f"/deploy {web} 1.4.3 to prod")
    assert "sre" in scene.told(cast.dev, "needs the role").plain()
