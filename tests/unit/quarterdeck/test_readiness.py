"""Ready means connected, not merely started; alive depends on nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from playground.workspace import Workspace
from tests.harness.ports import free_ports
from tests.harness.processes import Child
from tests.harness.redis import RedisServer
from tests.unit.quarterdeck.peers import SilentCluster
from tests.unit.quarterdeck.run import BARE, config
from tests.unit.quarterdeck.test_processes import get
from tests.unit.workers.cluster.stub import answer, hang_up, stubbed

VERSION = answer(200, {"gitVersion": "v1.37.2"})
FORBIDDEN = answer(403, {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no"})


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as started:
        yield started


@contextmanager
def started(
    folder: Path, kind: str, path: Path, redis: RedisServer, *options: str, **env: str
) -> Iterator[tuple[Child, str]]:
    """The process, and where it serves its health."""
    (port,) = free_ports(1)
    where = f"127.0.0.1:{port}"
    words = ["quarterdeck", "--config", str(path), kind, "--health", where, *options]
    child = Child(words, folder / f"{kind}.log", BARE | env | {"REDIS_URL": redis.url}, forked=True)
    try:
        yield child, where
    finally:
        child.kill()


def details(where: str) -> tuple[int, dict[str, Any]]:
    """Raises ``OSError`` while nothing is served yet."""
    code, body = get(where, "/readyz")
    return code, json.loads(body)


def is_ready(where: str) -> bool:
    try:
        return details(where)[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("kind", ["worker", "watcher"])
def test_not_ready_while_a_cluster_has_not_answered(tmp_path: Path, redis: RedisServer, kind: str):
    with SilentCluster() as cluster:
        path = config(tmp_path, str(cluster.kubeconfig(tmp_path)))
        with started(tmp_path, kind, path, redis) as (child, where):
            child.wait_for_line(f"quarterdeck {kind}:", 45)
            code, told = details(where)
            assert (code, told["clusters"]) == (503, {"main": "has not answered yet"})
            assert get(where, "/healthz")[0] == 200


@pytest.mark.parametrize("kind", ["worker", "watcher"])
@pytest.mark.parametrize("answered", [VERSION, FORBIDDEN], ids=["yes", "a no is an answer too"])
def test_ready_once_the_clusters_answer(tmp_path: Path, redis: RedisServer, kind: str, answered: Any):
    with stubbed(tmp_path, *[hang_up] * 4, answered):
        path = config(tmp_path, str(tmp_path / "kubeconfig"))
        with started(tmp_path, kind, path, redis) as (child, where):
            child.wait_until(lambda: is_ready(where), 45)
            assert details(where)[1]["clusters"] == {"main": "answers"}


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def tokens(workspace: Workspace) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.url,
    }


def test_a_bot_waits_for_slack(tmp_path: Path, redis: RedisServer, workspace: Workspace):
    """Its own tokens are right, so nothing is to be mended: it is alive, not ready, and says so once."""
    workspace.faults.add("*", "500", times=10_000)
    with started(tmp_path, "bot", config(tmp_path), redis, **tokens(workspace)) as (child, where):
        child.wait_until(lambda: len(workspace.calls("auth.test")) > 2, 45)
        assert get(where, "/healthz")[0] == 200
        code, told = details(where)
        assert (code, told["slack"], told["redis"]) == (503, False, True)
        assert child.log.read_text().count("Slack cannot answer just now") == 1
        workspace.faults.clear()
        child.wait_until(lambda: is_ready(where), 45)
        child.wait_for_line("quarterdeck bot: listening", 45)


def test_a_bot_waits_for_its_socket(tmp_path: Path, redis: RedisServer, workspace: Workspace):
    workspace.faults.add("apps.connections.open", "500", times=2)
    with started(tmp_path, "bot", config(tmp_path), redis, **tokens(workspace)) as (child, where):
        child.wait_until(lambda: is_ready(where), 45)
        assert len(workspace.calls("apps.connections.open")) > 2
        assert child.log.read_text().count("Slack cannot answer just now") == 1


def test_a_bot_waits_for_a_slack_that_is_not_there(tmp_path: Path, redis: RedisServer):
    (port,) = free_ports(1)
    env = TOKENS | {"SLACK_API_URL": f"http://127.0.0.1:{port}/api/"}
    with started(tmp_path, "bot", config(tmp_path), redis, **env) as (child, where):
        child.wait_for_line("Slack cannot be reached", 45)
        assert details(where)[0] == 503
        assert child.terminate(timeout=29) == 0


def test_a_bot_over_http_is_ready_while_slack_answers_it(tmp_path: Path, redis: RedisServer, workspace: Workspace):
    """Serving a port is not being connected: no socket would tell that the token was revoked."""
    (port,) = free_ports(1)
    env = tokens(workspace) | {"SLACK_SIGNING_SECRET": workspace.signing_secret}
    http = ("--http", f"127.0.0.1:{port}")
    with started(tmp_path, "bot", config(tmp_path), redis, *http, **env) as (child, where):
        child.wait_until(lambda: is_ready(where), 45)
        assert details(where)[1]["slack_told"].startswith("auth.test answered ")
        workspace.faults.add("auth.test", "error", code="token_revoked", times=1000)
        child.wait_until(lambda: not is_ready(where), 45)
        code, told = details(where)
        assert (code, told["slack"]) == (503, False)
        assert told["slack_told"].endswith("Slack refused auth.test: token_revoked")
        assert get(where, "/healthz")[0] == 200
