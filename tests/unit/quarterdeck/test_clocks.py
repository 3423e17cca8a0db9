"""Every process goes by Redis's clock; only what Slack has stamped is compared with the machine's own."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from commands.config import Rules
from commands.registry import discover
from playground.workspace import Workspace
from quarterdeck import kubeconfigs
from quarterdeck.compose import configuration
from quarterdeck.compose_bot import bot_parts
from quarterdeck.compose_worker import worker_context
from quarterdeck.settings import Settings, SlackSecrets
from tests.harness.redis import RedisServer
from tests.invariants.deck import NoMeter
from tests.unit.quarterdeck.run import config


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    return Settings(config(tmp_path), {"REDIS_URL": redis_server.url}, "test-clocks:")


@pytest.fixture(params=[-600, 600])
def off(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """This machine's clock is ten minutes off."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + request.param)
    return int(request.param)


def rediss(server: RedisServer) -> float:
    with server.client() as client:
        seconds, micros = client.time()
    return float(seconds + micros / 1e6)


def test_the_bot_has_rediss_time_for_records_and_its_own_for_slack(
    settings: Settings, redis_server: RedisServer, workspace: Workspace, off: int
):
    secrets = SlackSecrets(workspace.bot_token, None, workspace.signing_secret, workspace.url)
    parts = bot_parts(settings, secrets, Rules(configuration(settings, discover())), NoMeter())
    try:
        assert parts.now() == pytest.approx(rediss(redis_server), abs=60)
        assert parts.machine() == pytest.approx(time.time(), abs=60)
    finally:
        parts.hurried._wire.client.close()


def test_workers_and_watcher_have_rediss_time(
    settings: Settings, redis_server: RedisServer, off: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kubeconfigs, "check", lambda config: None)  # there is no cluster here
    context = worker_context(settings)
    assert context.now() == pytest.approx(rediss(redis_server), abs=60)
