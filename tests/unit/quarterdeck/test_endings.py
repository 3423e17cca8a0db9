"""SIGTERM ends every process in time, also while one of its peers hangs, and what was begun stays to be done."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from playground.workspace import Workspace
from tests.harness.processes import Child
from tests.harness.redis import RedisServer
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.quarterdeck.peers import SilentCluster
from tests.unit.quarterdeck.run import BARE, config

SECONDS = 29.0
"""A moment less than Kubernetes waits after SIGTERM."""
KINDS = ("bot", "worker", "watcher")
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize("kind", KINDS)
def test_told_to_stop_while_it_waits_for_redis(tmp_path: Path, kind: str) -> None:
    with SilentCluster() as cluster:
        path = config(tmp_path, str(cluster.kubeconfig(tmp_path)))
        words = ["quarterdeck", "--log-format", "json", "--config", str(path), kind]
        env = BARE | TOKENS | {"REDIS_URL": "redis://127.0.0.1:1/0"}
        child = Child(words, tmp_path / "log", env, forked=True)
        child.wait_for_line("waiting for Redis", SECONDS)
        child.send(signal.SIGTERM)
        child.assert_exit(0, SECONDS)
    lines = [json.loads(line) for line in child.log.read_text().splitlines()]
    assert {line["level"] for line in lines} == {"warning"}, "each line is JSON, and none is of a fault"


def test_whatever_hangs_keeps_nobody_and_what_was_begun_stays_due(tmp_path: Path, workspace: Workspace) -> None:
    """A job waits for a cluster that never answers, then Redis stops answering too."""
    with (
        RedisServer() as redis,
        SilentCluster() as cluster,
        Stack(cluster, cluster.kubeconfig(tmp_path), redis, workspace) as stack,  # type: ignore[arg-type]
        closing(redis.client()) as client,
    ):
        stack.start(*KINDS)
        workspace.say(stack.cast.dev, stack.channel(), "/ops status in staging")
        cluster.wait_for_a_request()
        redis._child.send(signal.SIGSTOP)
        try:
            _probes_tell(stack)
            _all_end(stack)
        finally:
            redis._child.send(signal.SIGCONT)
        [due] = client.zrange(f"{PREFIX}due", 0, -1)
        assert due.startswith(b"re-"), "the question is asked again by the next worker"


def _probes_tell(stack: Stack) -> None:
    """At once: a probe does not wait as long as a job would."""
    for where in stack.health.values():
        with urllib.request.urlopen(f"http://{where}/metrics", timeout=SECONDS) as answer:
            assert "quarterdeck_redis_up 0.0" in answer.read().decode()


def _all_end(stack: Stack) -> None:
    until = time.monotonic() + SECONDS
    for child in stack.processes.values():
        child.send(signal.SIGTERM)
    for child in stack.processes.values():
        child.assert_exit(0, until - time.monotonic())
