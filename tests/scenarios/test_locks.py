"""Hands off: a lock is set, refuses, is taken off by somebody else, which its owner is told, or ends by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.proof.signing import VARIABLE
from playground.workspace import User, Workspace
from quarterdeck.compose_worker import worker_context
from quarterdeck.settings import Settings
from tests.harness.redis import RedisServer
from tests.scenarios.bound import stack_on
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import PREFIX, SECONDS, Cast, Stack
from workers.watcher.sweep import Sweep
from workers.watcher.wake import Wake


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    """Everyone may lock, and SREs may take off others' locks."""
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        stack_on(cluster, redis, workspace) as started,
    ):
        started.extra["permissions"] = [
            {"roles": ["developer"], "commands": ["deploy", "lock"], "environments": ["staging"]},
            {"roles": ["sre"], "commands": ["unlock"], "environments": ["staging"]},
        ]
        started.write_config()
        yield started.start()


def lock(scene: Scene, web: str) -> None:
    """Dev asks everybody to leave it alone."""
    scene.say(scene.cast.dev, f'/ops lock {web} in staging reason="moving its database" for=2h')
    scene.wait(f"{web} in staging is locked by @dev since")


def direct(scene: Scene, person: User, text: str) -> None:
    """Wait until the person has read it in a direct message."""
    scene.workspace.wait_message(scene.workspace.dm(person), text, SECONDS)


def test_it_refuses_saying_who_why_and_when_until_somebody_who_may_takes_it_off(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    lock(scene, web)
    scene.say(cast.sam, f"/deploy {web} 1.4.2 to staging")
    told = scene.told(cast.sam, f"{web} in staging is locked by @dev").plain()
    assert all(words in told for words in ("moving its database", "since", "until"))
    scene.say(cast.mallory, f"/ops unlock {web} in staging")
    scene.told(cast.mallory, "`unlock` in staging needs the role sre")
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]
    scene.say(cast.sam, f"/ops unlock {web} in staging")
    direct(scene, cast.dev, f"@sam has taken your lock off {web} in staging (moving its database).")
    scene.carried_out(cast.sam, f"/deploy {web} 1.4.2 to staging")
    assert [e["event"] for e in scene.audit(owner=cast.dev.id, detail="moving its database")] == ["locked", "unlocked"]


def test_it_ends_by_itself(scene: Scene, cast: Cast) -> None:
    """That its owner is told before is shown where the bot's clock can be turned too (tests/invariants/test_locks.py)."""
    web = scene.deployed("staging")
    lock(scene, web)
    swept(scene, 7200 - 1200)
    scene.say(cast.sam, f"/deploy {web} 1.4.2 to staging")
    scene.told(cast.sam, f"{web} in staging is locked by @dev")
    swept(scene, 7200 + 60)
    scene.carried_out(cast.sam, f"/deploy {web} 1.4.2 to staging")
    assert scene.audit(event="lock ended", actor="quarterdeck", owner=cast.dev.id)


def swept(scene: Scene, later: float) -> None:
    """What is due is looked at so many seconds later: by a watcher of that time, built as any other."""
    stack = scene.stack
    settings = Settings(stack.config, {"REDIS_URL": stack.redis.url}, PREFIX, stack.environ("worker")[VARIABLE])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(stack.kubeconfig))
        clock = worker_context(settings).now
        context = worker_context(settings, now=lambda: clock() + later)
    lease = context.store.leases.take("later", 30)
    assert lease
    Sweep(context.store, context.queue, Wake(), context.now).step(lease)
    context.store.leases.release(lease)
