"""Break-glass: nobody is asked and no freeze holds, the cluster's own rights do; announced, reviewed, and kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Channel, Workspace
from tests.harness.redis import RedisServer
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import SECONDS, Cast, Stack

ALWAYS = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}]
READ = ["get", "list", "watch"]
READING = [
    {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets"], "verbs": READ},
    {"apiGroups": ["apps"], "resources": ["replicasets", "controllerrevisions"], "verbs": READ},
    {"apiGroups": [""], "resources": ["pods", "events"], "verbs": READ},
]
WRITING = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}]


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    """Prod and vault ask for approvals and are frozen for ever; SREs may break the glass. The worker may not write in vault."""
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig_for("powerless"), redis, workspace) as started,
    ):
        cluster.grant("powerless", started.namespaces["prod"], [*WRITING, *READING])
        cluster.grant("powerless", started.namespaces["vault"], READING)
        freeze = {"name": "always", "environments": ["prod", "vault"], "timezone": "UTC", "weekly": ALWAYS}
        started.extra["freezes"] = [freeze]
        started.extra["break_glass"] = {"roles": ["sre"], "channel": started.channel("alarms").id}
        started.write_config()
        yield started.start()


@pytest.fixture
def alarms(stack: Stack) -> Channel:
    return next(channel for channel in stack.workspace.state.channels.values() if channel.name == "alarms")


def breaking(web: str, environment: str) -> str:
    return f'/deploy {web} 1.4.2 to {environment} break-glass reason="the shop is down"'


def test_it_goes_through_at_once_and_somebody_else_looks_at_it(scene: Scene, cast: Cast, alarms: Channel) -> None:
    web = scene.deployed("prod")
    scene.say(cast.sam, f"/deploy {web} 1.4.2 to prod")
    scene.told(cast.sam, "always")
    scene.say(cast.dev, breaking(web, "prod"))
    scene.told(cast.dev, "Break-glass needs the role sre")
    assert not scene.writes("prod", web)

    done = scene.ended(scene.ask(cast.sam, breaking(web, "prod")), "succeeded")
    assert scene.images("prod", web) == ["registry.test/web:1.4.2"]
    alarm = scene.workspace.wait_message(alarms, operation(done), SECONDS)
    assert "@sam breaks the glass" in alarm.plain()
    assert "the shop is down" in alarm.plain()

    scene.press(cast.sam, alarm, "Acknowledge")
    scene.workspace.wait(
        lambda: any("yourself" in m.plain() for m in scene.workspace.private(cast.sam, alarms)), SECONDS
    )
    scene.press(cast.robin, alarm, "Acknowledge")
    seen = scene.workspace.wait_message(alarms, "Acknowledged by @robin", SECONDS)
    assert not seen.buttons()

    entries = scene.audit(operation=operation(done))
    assert all(e["break_glass"] for e in entries if "requester" in e)
    assert {"requested", "written", "break-glass acknowledged"} <= {e["event"] for e in entries}
    assert "approved" not in {e["event"] for e in entries}


def test_what_the_cluster_does_not_let_the_worker_do_it_does_not_do(scene: Scene, cast: Cast, alarms: Channel) -> None:
    web = scene.deployed("vault")
    scene.say(cast.sam, breaking(web, "vault"))
    told = scene.told(cast.sam, "rejected").plain()
    assert f"may not patch deployments in namespace {scene.stack.namespaces['vault']}" in told
    assert scene.images("vault", web) == ["registry.test/web:1.4.1"]
    assert not [m for m in scene.workspace.messages(alarms) if web in m.plain()]
