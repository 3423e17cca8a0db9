"""Two real servers and three Sentinels, and a master that is killed with operations at every stage (`make sentinel`).

Outside the default run: it takes a minute or two. What it measures it prints; nothing here asserts a time.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from commands.store import Address, Store, hurried
from commands.store.permissions import rules
from playground.workspace import Message, Workspace
from playground.workspace.errors import NotPossible
from tests.faults.supervisor import children
from tests.harness.guarded_redis import ENCODED, Certificates
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.harness.sentinels import THEIRS, Sentinels
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import PREFIX, Stack, ended
from tests.unit.quarterdeck.run import quarterdeck
from tests.unit.test_operations_page import below, run

SECONDS = 60.0
GONE = "I can't reach my own records"


@pytest.fixture(scope="module", params=["plain", "tls"])
def certificates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Certificates | None:
    return Certificates(tmp_path_factory.mktemp("certificates")) if request.param == "tls" else None


@pytest.fixture(scope="module")
def redis(certificates: Certificates | None) -> Iterator[Sentinels]:
    with Sentinels(rules(PREFIX), certificates) as started:
        yield started


@pytest.fixture(scope="module")
def stack(redis: Sentinels) -> Iterator[Stack]:
    with (
        SimulatedCluster() as cluster,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace) as started,  # type: ignore[arg-type]  # it has the face
    ):
        yield started.start()


@pytest.fixture
def scene(stack: Stack, redis: Sentinels) -> Scene:
    """Both servers are well, and everything that was to be said is said."""
    for server in redis.servers.values():
        if not _runs(server):
            server.start()
    redis.wait_until_followed()
    return Scene(stack, stack.channel())


def _runs(server: RedisServer) -> bool:
    return server._child.running


def tell(what: str, since: float) -> None:
    print(f"\n{what}: {time.monotonic() - since:.1f} s")


class Deploys:
    """Several in prod, each of a workload of its own, which has to be approved."""

    def __init__(self, scene: Scene, count: int) -> None:
        self.scene = scene
        self.names = [scene.deployed("prod") for _ in range(count)]
        self.messages: dict[str, Message] = {}

    def ask(self, name: str) -> None:
        """As a person does: once more where the answer is that nothing was changed, or where none followed.

        The old master takes words until it is told that it no longer leads; what it took then is gone.
        """

        def posted() -> Message | None:
            return next((m for m in self.scene.messages() if f"deploy {name} " in m.text), None)

        for _ in range(50):
            said = self.scene.say(self.scene.cast.dev, f"/deploy {name} 1.4.2 to prod")
            if GONE in str(said.ack) or said.error:
                continue
            with suppress(TimeoutError):
                wait_until(lambda: posted() is not None, 20)
                break
        found = posted()
        assert found, name
        self.messages[name] = found

    def approve(self, name: str) -> None:
        """Until it no longer waits for it: a vote that was lost is given once more."""

        def decided() -> bool:
            now = self.scene.now(self.messages[name])
            if not now.button("Approve"):
                return not ended(now, "awaiting approval") and not ended(now, "planning")
            with suppress(NotPossible):
                self.scene.press(self.scene.cast.sam, now, "Approve")
            return False

        wait_until(decided, SECONDS, 0.2)

    def is_over(self, name: str) -> bool:
        return ended(self.scene.now(self.messages[name]), "succeeded")

    def until_over(self, *names: str) -> None:
        wait_until(lambda: all(self.is_over(name) for name in names), SECONDS)

    def written(self, name: str) -> int:
        return len([write for write in self.scene.writes("prod", name) if write.code == 200])

    def is_done_once(self) -> None:
        """One change each, one parent message each, and the audit one chain."""
        self.scene.rest()
        for name in self.names:
            assert self.written(name) == 1, name
            assert self.scene.images("prod", name) == ["registry.test/web:1.4.2"]
            assert len([m for m in self.scene.messages() if f"deploy {name} " in m.text]) == 1, name
        acted = [e["operation"] for e in self.scene.audit(event="acting", channel=self.scene.channel.id)]
        assert sorted(acted) == sorted(set(acted))


def kill(redis: Sentinels) -> RedisServer:
    master = redis.master
    master.kill()
    return master


def change_places(redis: Sentinels) -> RedisServer:
    master = redis.master
    redis.fail_over()
    return master


@pytest.mark.parametrize("fault", [kill, change_places])
@pytest.mark.timeout(300)
def test_operations_at_every_stage_end_true(
    scene: Scene, redis: Sentinels, fault: Callable[[Sentinels], RedisServer]
) -> None:
    deploys = Deploys(scene, 12)
    earlier, meanwhile, waiting, later = (deploys.names[at : at + 3] for at in range(0, 12, 3))
    for name in (*earlier, *meanwhile, *waiting):
        deploys.ask(name)
    wait_until(lambda: all(scene.now(deploys.messages[n]).button("Approve") for n in deploys.messages), SECONDS)
    for name in earlier:
        deploys.approve(name)
    for name in meanwhile:
        scene.press(scene.cast.sam, scene.now(deploys.messages[name]), "Approve")
    old = fault(redis)
    struck = time.monotonic()
    probe = Store(hurried(Address.read(redis.variables)), PREFIX)
    wait_until(lambda: _writes(probe, redis, old), SECONDS)
    tell(f"{fault.__name__}: until the new master took a write", struck)
    deploys.ask(later[0])
    tell(f"{fault.__name__}: until the first command was taken and planned", struck)
    deploys.approve(later[0])
    deploys.until_over(later[0])
    tell(f"{fault.__name__}: until the first operation after it had succeeded", struck)
    for name in later[1:]:
        deploys.ask(name)
    for name in (*meanwhile, *waiting, *later):
        deploys.approve(name)
    deploys.until_over(*deploys.names)
    tell(f"{fault.__name__}: until all twelve had succeeded", struck)
    deploys.is_done_once()


def _writes(probe: Store, redis: Sentinels, old: RedisServer) -> bool:
    try:
        probe.announcements.announce("probe", "here", None, time.time())
    except Exception:  # noqa: BLE001 - whatever it is, there is no master yet
        return False
    return redis.master is not old


@pytest.mark.timeout(300)
def test_nothing_acts_on_an_approval_that_the_new_master_does_not_have(scene: Scene, redis: Sentinels) -> None:
    """The follower is stopped before the vote, and the worker too: only the old master ever has vote and job."""
    deploys = Deploys(scene, 2)
    [lost, kept] = deploys.names
    for name in deploys.names:
        deploys.ask(name)
    wait_until(lambda: all(scene.now(m).button("Approve") for m in deploys.messages.values()), SECONDS)
    scene.rest()
    worker, old, other = scene.stack.processes["worker"], redis.master, redis.other
    os.kill(other.pid, signal.SIGSTOP)
    with closing(old.client()) as admin:  # else what is on its way to the follower would still arrive
        admin.execute_command("CLIENT", "KILL", "TYPE", "replica")
    halted = [worker.pid, *children(worker.pid)]
    for pid in halted:
        os.kill(pid, signal.SIGSTOP)
    scene.press(scene.cast.sam, scene.now(deploys.messages[lost]), "Approve")
    wait_until(lambda: _is_recorded(old, "approved", lost), SECONDS)
    old.kill()
    os.kill(other.pid, signal.SIGCONT)
    redis.wait_for_another(old)
    for pid in halted:
        os.kill(pid, signal.SIGCONT)
    deploys.approve(kept)
    deploys.until_over(kept)
    assert not _is_recorded(redis.master, "approved", lost)
    assert deploys.written(lost) == 0
    deploys.approve(lost)
    deploys.until_over(lost)
    deploys.is_done_once()


def _is_recorded(server: RedisServer, event: str, name: str) -> bool:
    """In this server's audit."""
    with closing(server.client()) as client:
        entries = [json.loads(fields[b"entry"]) for _, fields in client.xrange(f"{PREFIX}audit")]
    return any(entry["event"] == event and name in json.dumps(entry) for entry in entries)


def test_the_page_says_how_to_name_them(
    tmp_path: Path, scene: Scene, redis: Sentinels, certificates: Certificates | None
) -> None:
    env = {"PASSWORD": ENCODED, "SENTINELS": ",".join(f"127.0.0.1:{port}" for port in redis.ports), "THEIRS": THEIRS}
    given = {**env, "QUARTERDECK_CONFIG": str(scene.stack.config), "QUARTERDECK_REDIS_PREFIX": PREFIX}
    heading = "Failover with Sentinel"
    if certificates:
        heading, given["CERTS"] = "TLS with Sentinel", str(Path(certificates.ca).parent)
    done = run(below("Redis", heading), tmp_path, **given)
    assert "ok    Redis evicts nothing" in done.stdout, done.stderr
    assert "fail  Redis" not in done.stdout
    assert "which stands by" not in done.stdout


def test_check_looks_at_what_stands_by(scene: Scene, redis: Sentinels) -> None:
    def told() -> list[str]:
        done = quarterdeck("--config", scene.stack.config, "check", **redis.variables, QUARTERDECK_REDIS_PREFIX=PREFIX)
        return re.findall(r"^.*Redis (?:evicts|keeps|does not let).*$|^.*stands by.*$", done.stdout, re.MULTILINE)

    other = redis.other
    with closing(other.client()) as admin:
        admin.config_set("maxmemory-policy", "allkeys-lru")
        assert f"warn  127.0.0.1:{other.port}, which stands by: Redis evicts keys (allkeys-lru)" in "\n".join(told())
        admin.config_set("maxmemory-policy", "noeviction")
    assert not [line for line in told() if "stands by" in line]
