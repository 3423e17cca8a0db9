"""Each process holds only what is its own, tells how it is, and ends when it is told to."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from commands.proof.signing import Key
from commands.registry import discover
from commands.store import Store, patient
from playground.workspace import Workspace
from quarterdeck.manifest import manifest
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.quarterdeck.run import BARE, config, quarterdeck


@pytest.mark.parametrize(
    ("kind", "never"),
    [("bot", "kubernetes"), ("worker", "slack_sdk"), ("worker", "slack_bolt"), ("watcher", "slack_sdk")],
)
def test_a_process_imports_nothing_of_the_other_side(kind: str, never: str):
    code = f"import sys, quarterdeck.{kind}; sys.exit(int({never!r} in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env=BARE, check=False).returncode == 0


def get(port: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def announced(redis: RedisServer) -> dict[str, frozenset[str]]:
    """Who has said by now which signing key it has."""
    with patient(redis.url) as client:
        heard = Store(client, PREFIX).announcements.heard(time.time())
    return {who.partition("@")[0]: frozenset(keys) for who, keys in heard.items()}


@pytest.mark.control_plane
def test_ready_means_connected_and_sigterm_ends_everything_in_time(control_plane: ControlPlane, workspace: Workspace):
    with RedisServer() as redis, Stack(control_plane, control_plane.kubeconfig, redis, workspace) as stack:
        stack.start("bot", "worker", "watcher")
        for name in stack.processes:
            assert get(stack.health[name], "/healthz")[0] == 200
            stack.processes[name].wait_until(lambda name=name: get(stack.health[name], "/readyz")[0] == 200, 45)
        assert "quarterdeck_queue_depth" in get(stack.health["worker"], "/metrics")[1]
        key = frozenset({Key(b"5" * 64).id})
        wait_until(lambda: announced(redis) == dict.fromkeys(("bot", "worker", "watcher"), key), 45)
        redis.kill()
        stack.processes["bot"].wait_until(lambda: get(stack.health["bot"], "/readyz")[0] == 503, 45)
        assert get(stack.health["bot"], "/healthz")[0] == 200, "alive does not mean connected"
        redis.start()
        for name, child in stack.processes.items():
            assert child.terminate(timeout=29) in {0, -15}, name


@pytest.mark.parametrize("prefix", ["", "qd-"])
@pytest.mark.parametrize("url", [None, "https://example.com/slack/events"])
def test_the_manifest_installs(workspace: Workspace, prefix: str, url: str | None):
    workspace.install(manifest(discover(), prefix, url))


@pytest.mark.parametrize("url", ["bot.test", "http://bot.test/slack/events", "https://bot.test/"])
def test_a_request_url_that_slack_would_not_ask(tmp_path: Path, url: str):
    done = quarterdeck("--config", config(tmp_path), "manifest", "--request-url", url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "write it as https://HOST/slack/events" in done.stderr


def test_the_manifest_follows_the_configuration(tmp_path: Path):
    path = config(tmp_path)
    path.write_text(path.read_text() + "slack: {command_prefix: qd-}\n")
    made = yaml.safe_load(quarterdeck("--config", path, "manifest").stdout)
    assert [c["command"] for c in made["features"]["slash_commands"]] == [
        "/qd-deploy",
        "/qd-rollback",
        "/qd-scale",
        "/qd-ops",
    ]
    assert made["settings"]["socket_mode_enabled"] is True
