"""``quarterdeck check``: a line for each thing, with the mend; it tests what it may, and names what it skipped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from commands.proof.signing import Key
from commands.registry import discover
from commands.store import Store, patient
from commands.store.permissions import rules
from playground.workspace import Workspace
from quarterdeck.checks import redis
from quarterdeck.checks.clusters import SPARED, UNSEEN
from quarterdeck.checks.finding import Finding
from tests.harness.api import Json
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.unit.quarterdeck.run import config, quarterdeck
from tests.unit.workers.cluster.stub import Stub, answer, write_kubeconfig
from workers.rights import PROCESSES, Process, Right, rights_of

SCALERS = "horizontalpodautoscalers.autoscaling"


def test_without_tokens_and_kubeconfig_it_says_what_it_skipped(tmp_path: Path, redis_server: RedisServer):
    done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=redis_server.url)
    assert done.returncode == 0
    assert "skip  Slack: SLACK_BOT_TOKEN is not set here; run check where the bot runs" in done.stdout
    assert "skip  cluster main: /nowhere/kubeconfig is not on this machine" in done.stdout
    assert "warn  Redis keeps no append-only file" in done.stdout


def test_approvals_that_may_be_asked_for_where_no_approver_reads(tmp_path: Path):
    path = config(tmp_path)
    written = yaml.safe_load(path.read_text())
    written["environments"]["prod"]["approvals"] = {"required": 1, "approvers": ["developer"]}
    path.write_text(yaml.safe_dump(written, sort_keys=False))
    warning = "warn  prod asks for approvals and has no `channel:`"
    assert warning in quarterdeck("--config", path, "check", REDIS_URL="redis://127.0.0.1:1").stdout
    written["environments"]["prod"]["channel"] = "C0DEPLOYS"
    path.write_text(yaml.safe_dump(written, sort_keys=False))
    assert warning not in quarterdeck("--config", path, "check", REDIS_URL="redis://127.0.0.1:1").stdout


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


def test_the_channel_of_broken_glass_is_looked_at_before_it_is_needed(
    tmp_path: Path, redis_server: RedisServer, workspace: Workspace
):
    channel = workspace.add_channel("incidents", private=False)
    path = config(tmp_path)
    path.write_text(f"{path.read_text()}\nbreak_glass: {{roles: [developer], channel: {channel.id}}}\n")
    env = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": workspace.url}
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url, **env)
    assert "ok    break_glass: its messages go to #incidents" in done.stdout
    workspace.remove_bot(channel)
    done = quarterdeck("--config", path, "check", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    assert "fail  break_glass: the bot is not in #incidents: invite it there" in done.stdout


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
@pytest.mark.parametrize("process", PROCESSES)
def test_each_permission_that_is_missing_is_named_and_no_other(
    tmp_path: Path, redis_server: RedisServer, control_plane: ControlPlane, process: Process
):
    """An environment for each right, in which just that one is missing."""
    path = config(tmp_path, str(control_plane.kubeconfig_for("quarterdeck")))
    written = yaml.safe_load(path.read_text())
    written["permissions"][0] |= {"commands": ["*"], "environments": ["*"]}
    needed = sorted(frozenset[Right]().union(*(rights_of(command, process) for command in discover())))
    missing = {f"lacks-{number}": right for number, right in enumerate(needed)}
    spaces = {name: control_plane.namespace() for name in missing}
    written["environments"] = {name: {"cluster": "main", "namespace": space} for name, space in spaces.items()}
    path.write_text(yaml.safe_dump(written, sort_keys=False))
    for name, right in missing.items():
        control_plane.grant("quarterdeck", spaces[name], granting({*needed} - {right}))
    done = quarterdeck("--config", path, "check", "--as", process, REDIS_URL=redis_server.url)
    found = [line.partition(": add")[0] for line in done.stdout.splitlines() if "may not" in line]
    assert found == [
        f"{'warn' if resource in SPARED else 'fail'}  {name}: the account may not {verb} {resource} in namespace {spaces[name]}"
        for name, (resource, verb) in missing.items()
    ]
    of_bounds = {line.rpartition(", or ")[2] for line in done.stdout.splitlines() if f" {SCALERS} " in line}
    assert of_bounds == {(UNSEEN if process == "watcher" else SPARED)[SCALERS]}, "a worker may write unseen"
    assert done.returncode == 1


def test_clusters_are_asked_side_by_side(tmp_path: Path, redis_server: RedisServer):
    """The first answers only when the second has been asked."""
    asked, yes = threading.Event(), answer(200, {"gitVersion": "v1.37.2", "status": {"allowed": True}})
    stubs = {
        "main": Stub(lambda handler: asked.wait(45) and yes(handler)),
        "other": Stub(lambda handler: (asked.set(), yes(handler))),
    }
    path = config(tmp_path)
    written = yaml.safe_load(path.read_text())
    written["environments"]["staging"] = {"cluster": "other", "namespace": "staging"}
    for name, stub in stubs.items():
        (folder := tmp_path / name).mkdir()
        written["clusters"][name] = {"kubeconfig": str(write_kubeconfig(folder, stub.url))}
    path.write_text(yaml.safe_dump(written, sort_keys=False))
    done = quarterdeck("--config", path, "check", "--as", "worker", REDIS_URL=redis_server.url)
    assert [line for line in done.stdout.splitlines() if "answers (" in line] == [
        f"ok    cluster {name} answers (v1.37.2)" for name in stubs
    ]
    for stub in stubs.values():
        stub.close()


def granting(rights: Iterable[Right]) -> list[Json]:
    split = [(resource.partition("."), verb) for resource, verb in sorted(rights)]
    return [{"apiGroups": [name[2]], "resources": [name[0]], "verbs": [verb]} for name, verb in split]


def test_as_one_process_it_looks_at_nothing_of_anothers(tmp_path: Path, redis_server: RedisServer):
    path = config(tmp_path)
    bot = quarterdeck("--config", path, "check", "--as", "bot", REDIS_URL=redis_server.url)
    assert "skip  Slack" in bot.stdout
    assert "cluster" not in bot.stdout
    worker = quarterdeck("--config", path, "check", "--as", "worker", REDIS_URL=redis_server.url)
    assert "skip  cluster main" in worker.stdout
    assert "Slack" not in worker.stdout


class TestRedissUser:
    """At each start it is the same: see ``test_mistakes``."""

    @pytest.fixture
    def user(self, redis_server: RedisServer) -> Iterator[tuple[RedisServer, str]]:
        yield redis_server, f"redis://least:secretly@127.0.0.1:{redis_server.port}/0"
        with redis_server.client() as admin:
            admin.execute_command("ACL", "DELUSER", "least")

    def told(self, tmp_path: Path, user: tuple[RedisServer, str], *rules: str) -> tuple[int, list[str]]:
        with user[0].client() as admin:
            admin.execute_command("ACL", "SETUSER", "least", "reset", "on", ">secretly", *rules)
        done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=user[1])
        return done.returncode, [line for line in done.stdout.splitlines() if "Redis" in line]

    def test_what_it_lacks_is_named_as_one_would_grant_it(self, tmp_path: Path, user: tuple[RedisServer, str]):
        given = set(rules("quarterdeck:")) - {"+zadd", "~rq:*", "&quarterdeck:bell:*"}
        code, lines = self.told(tmp_path, user, *given)
        assert code == 1
        told = "fail  Redis does not let its user least do all that is needed"
        assert f"{told}: ACL SETUSER least +zadd ~rq:* &quarterdeck:bell:*" in lines

    def test_what_it_is_not_told_it_says(self, tmp_path: Path, user: tuple[RedisServer, str]):
        code, lines = self.told(tmp_path, user, *set(rules("quarterdeck:")) - {"+info"})
        assert code == 1
        assert lines[0].endswith("ACL SETUSER least +info")
        assert lines[1].startswith("warn  Redis does not tell whether it keeps an append-only file")
        assert lines[2].startswith("warn  Redis does not tell whether it evicts keys")

    def test_a_wrong_password(self, tmp_path: Path, user: tuple[RedisServer, str]):
        code, lines = self.told(tmp_path, (user[0], user[1].replace("secretly", "wrongly")), "+@all")
        assert code == 1
        assert lines[0].startswith("fail  Redis refuses the user least (invalid username-password pair")
        assert "give REDIS_URL the name and password that `ACL SETUSER` gave it" in lines[0]


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


class TestTheSigningKey:
    KEYS = ("a" * 64, "b" * 64)

    @pytest.fixture
    def store(self, redis_server: RedisServer) -> Iterator[Store]:
        made = Store(patient(redis_server.url), "quarterdeck:")
        made._wire.client.delete("quarterdeck:keys")  # of processes that other tests have started
        yield made
        made._wire.client.delete("quarterdeck:keys")
        made._wire.client.close()

    def told(self, tmp_path: Path, redis_server: RedisServer, own: str | None = None) -> tuple[int, str]:
        """The one line about keys."""
        env = {"QUARTERDECK_SIGNING_KEY": own} if own else {}
        done = quarterdeck("--config", config(tmp_path), "check", REDIS_URL=redis_server.url, **env)
        [line] = [line for line in done.stdout.splitlines() if "signing key" in line or "SIGNING_KEY" in line]
        assert not any(key in done.stdout + done.stderr for key in self.KEYS)
        return done.returncode, line

    def run(self, store: Store, process: str, key: str | None, ago: float = 0.0) -> str:
        """Such a process has announced itself. Returns its key's id."""
        id = Key(key.encode()).id if key else None
        store.announcements.announce(process, "host", id, time.time() - ago)
        return str(id)

    def test_without_one_it_warns(self, tmp_path: Path, redis_server: RedisServer, store: Store):
        self.run(store, "bot", None)
        code, line = self.told(tmp_path, redis_server)
        assert code == 0
        assert line.startswith("warn  QUARTERDECK_SIGNING_KEY is not set, so who can write Redis can vote")
        assert "openssl rand -hex 32" in line

    def test_who_differs_is_named(self, tmp_path: Path, redis_server: RedisServer, store: Store):
        one, two = (self.run(store, process, key) for process, key in zip(("bot", "worker"), self.KEYS, strict=True))
        self.run(store, "watcher", None)
        code, line = self.told(tmp_path, redis_server, self.KEYS[0])
        assert code == 1
        assert f"bot@host has {one}, watcher@host has none, worker@host has {two}: make one with" in line

    def test_two_of_one_name_that_differ_are_both_named(self, tmp_path: Path, redis_server: RedisServer, store: Store):
        one, two = (self.run(store, "worker", key) for key in self.KEYS)
        code, line = self.told(tmp_path, redis_server)
        assert code == 1
        assert all(f"worker@host has {id}" in line for id in (one, two))

    def test_where_only_this_one_differs_it_is_told(self, tmp_path: Path, redis_server: RedisServer, store: Store):
        self.run(store, "bot", self.KEYS[0])
        code, line = self.told(tmp_path, redis_server, self.KEYS[1])
        assert code == 1
        assert "give this process the same as the others" in line

    def test_all_the_same_is_well_also_where_check_has_none(
        self, tmp_path: Path, redis_server: RedisServer, store: Store
    ):
        for process in ("bot", "worker", "watcher"):
            id = self.run(store, process, self.KEYS[0])
        for own in (None, self.KEYS[0]):
            told = f"ok    bot@host, watcher@host and worker@host have the signing key {id}"
            assert self.told(tmp_path, redis_server, own) == (0, told)

    def test_who_has_ended_no_longer_counts(self, tmp_path: Path, redis_server: RedisServer, store: Store):
        self.run(store, "worker", self.KEYS[1], ago=200)
        id = self.run(store, "bot", self.KEYS[0])
        assert self.told(tmp_path, redis_server, self.KEYS[0]) == (0, f"ok    bot@host has the signing key {id}")
