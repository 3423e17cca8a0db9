"""The kubeconfig's user lacks a right: the message says which verb, on which resource, in which namespace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Workspace
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Stack

READ = ["get", "list", "watch"]
READING = [
    {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets", "replicasets"], "verbs": READ},
    {"apiGroups": ["apps"], "resources": ["controllerrevisions"], "verbs": READ},
    {"apiGroups": [""], "resources": ["pods", "events"], "verbs": READ},
]

WRITING = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    """Its user may read in staging and prod, and nothing at all in vault."""
    kubeconfig = cluster.kubeconfig_for("powerless")
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, kubeconfig, redis, workspace) as started,
    ):
        for environment in ("staging", "prod"):
            cluster.grant("powerless", started.namespaces[environment], READING)
        yield started.start()


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_who_may_only_read_cannot_deploy(scene: Scene, environment: str) -> None:
    """The dry run finds out, so nobody is asked to approve what would fail."""
    web = scene.deployed(environment)
    scene.say(scene.cast.dev, f"/deploy {web} 1.4.2 to {environment}")
    told = scene.told(scene.cast.dev, "rejected").plain()
    assert f"may not patch deployments in namespace {scene.stack.namespaces[environment]}" in told
    assert scene.messages() == []
    assert scene.images(environment, web) == ["registry.test/web:1.4.1"]


def test_a_right_that_is_lost_while_it_waits_ends_it_in_the_open(scene: Scene) -> None:
    web = scene.deployed("prod")
    cluster, namespace = scene.stack.cluster, scene.stack.namespaces["prod"]
    cluster.grant("powerless", namespace, [WRITING, *READING])
    asked = scene.until(scene.ask(scene.cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    cluster.grant("powerless", namespace, READING)
    wait_until(lambda: not cluster._allowed({"kind": "User", "name": "powerless"}, namespace, WRITING), SECONDS)
    scene.press(scene.cast.sam, asked, "Approve")
    ended = scene.ended(asked, "failed")
    assert f"may not patch deployments in namespace {namespace}" in ended.plain()
    assert [button.text for button in ended.buttons()] == ["Retry"]
    assert scene.images("prod", web) == ["registry.test/web:1.4.1"]


def test_who_may_not_even_read_cannot_plan(scene: Scene) -> None:
    web = scene.deployed("vault")
    scene.say(scene.cast.dev, f"/deploy {web} 1.4.2 to vault")
    told = scene.told(scene.cast.dev, "rejected").plain()
    assert f"may not get deployments in namespace {scene.stack.namespaces['vault']}" in told
    assert scene.messages() == []


def test_a_question_says_it_too(scene: Scene) -> None:
    scene.say(scene.cast.dev, "/ops status in vault")
    told = scene.told(scene.cast.dev, "may not list deployments in namespace").plain()
    assert scene.stack.namespaces["vault"] in told
    assert scene.messages() == []


def test_logs_that_may_not_be_read(scene: Scene) -> None:
    web = scene.deployed("staging", replicas=1)
    scene.say(scene.cast.dev, f"/ops logs {web} in staging")
    told = scene.told(scene.cast.dev, "may not get pods/log in namespace").plain()
    assert scene.stack.namespaces["staging"] in told
