"""``quarterdeck check``: a line for each thing, with the mend; it tests what it may, and names what it skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.workspace import Workspace
from quarterdeck.checks import clusters, redis
from quarterdeck.checks.finding import Finding
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.unit.quarterdeck.run import config, quarterdeck


def test_without_tokens_and_kubeconfig_it_says_what_it_skipped(tmp_path: Path, redis_server: RedisServer):
    done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=redis_server.url)
    assert done.returncode == 0
    assert "skip  Slack: SLACK_BOT_TOKEN is not set here; run check where the bot runs" in done.stdout
    assert "skip  cluster main: /nowhere/kubeconfig is not on this machine" in done.stdout
    assert "warn  Redis keeps no append-only file" in done.stdout


def test_a_redis_that_is_not_there(tmp_path: Path):
    done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL="redis://127.0.0.1:1")
    assert done.returncode == 1
    assert "fail  Redis does not answer" in done.stdout


def test_a_missing_scope_and_a_channel_that_cannot_be_seen(
    tmp_path: Path, redis_server: RedisServer, workspace: Workspace
):
    path = config(tmp_path)
    path.write_text(path.read_text().replace("namespace: prod", "namespace: prod, channel: C0NOWHERE"))
    workspace.revoke_scopes("usergroups:read")
    env = {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.url,
    }
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    assert "fail  the scope usergroups:read is missing: add it" in done.stdout
    assert "fail  prod: its channel C0NOWHERE cannot be seen" in done.stdout
    assert "ok    Socket Mode can be opened" in done.stdout
    assert workspace.bot_token not in done.stdout + done.stderr


@pytest.mark.parametrize("private", [True, False])
def test_a_channel_that_the_bot_is_not_in(
    tmp_path: Path, redis_server: RedisServer, workspace: Workspace, private: bool
):
    channel = workspace.add_channel("deploys", private=private)
    path = config(tmp_path)
    path.write_text(path.read_text().replace("namespace: prod", f"namespace: prod, channel: {channel.id}"))
    env = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": workspace.url}
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url, **env)
    assert "ok    prod: its messages go to #deploys" in done.stdout
    workspace.remove_bot(channel)
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    seen = "its channel" if private else "the bot is not in #deploys: invite it there"
    assert f"fail  prod: {seen}" in done.stdout


def test_over_http_the_signing_secret_takes_the_app_tokens_place(
    tmp_path: Path, redis_server: RedisServer, workspace: Workspace
):
    env = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": workspace.url}
    done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 0
    assert "ok    SLACK_SIGNING_SECRET is set" in done.stdout
    assert "SLACK_APP_TOKEN" not in done.stdout


@pytest.mark.parametrize("url", ["nonsense", "http://redis:6379", "redis://redis:port"])
def test_an_address_that_is_no_rediss_is_a_line_and_the_rest_is_checked(tmp_path: Path, url: str):
    done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=url)
    assert done.returncode == 1
    assert "fail  REDIS_URL is no address of a Redis" in done.stdout
    assert "skip  cluster main" in done.stdout


def test_every_problem_of_the_configuration_is_a_line(tmp_path: Path, redis_server: RedisServer):
    path = config(tmp_path)
    path.write_text(
        path.read_text().replace("roles: [developer]", "roles: [nobody]").replace("cluster: main", "cluster: man")
    )
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url)
    assert done.returncode == 1
    assert len([line for line in done.stdout.splitlines() if line.startswith(f"fail  {path}:")]) >= 2


@pytest.mark.control_plane
def test_each_missing_permission_is_named(tmp_path: Path, redis_server: RedisServer, control_plane: ControlPlane):
    namespace = control_plane.namespace()
    path = config(tmp_path, str(control_plane.kubeconfig_for("quarterdeck")))
    path.write_text(path.read_text().replace("namespace: prod", f"namespace: {namespace}"))
    rules = [
        {"apiGroups": [group], "resources": [resource], "verbs": [v for v in verbs if v != "patch"]}
        for (group, resource), verbs in clusters.PERMISSIONS.items()
        if (group, resource) not in clusters.SPARED
    ]
    control_plane.grant("quarterdeck", namespace, rules)
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url)
    failed = [line for line in done.stdout.splitlines() if line.startswith("fail")]
    assert [line.split(":")[1].strip() for line in failed] == [
        f"the account may not patch {workload}.apps in namespace {namespace}" for workload in clusters.WORKLOADS
    ]
    [spared] = [line for line in done.stdout.splitlines() if line.startswith("warn  prod:")]
    assert "may not list horizontalpodautoscalers.autoscaling" in spared
    assert spared.endswith("or plans do not tell that an autoscaler owns the replicas")


@pytest.mark.parametrize(
    ("info", "level"),
    [
        ({"redis_version": "6.0.16"}, "fail"),
        ({"redis_version": "6.2.0"}, "ok"),
        ({"redis_version": "7.2.4"}, "ok"),
        ({}, "fail"),
    ],
)
def test_versions_of_redis(info: dict[str, object], level: str):
    assert redis.version(info).level == level


def test_a_finding_reads_as_one_line():
    assert str(Finding("warn", "x", "do y")) == "warn  x: do y"
