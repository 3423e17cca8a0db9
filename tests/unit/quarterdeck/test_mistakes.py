"""What goes wrong at start is said in a line each, all of it at once, with the mend and without a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from commands.errors import ConfigError
from commands.store import Store
from playground.workspace import Workspace
from quarterdeck.settings import SlackSecrets
from quarterdeck.startup import wait_for_redis
from tests.harness.redis import RedisServer
from tests.unit.quarterdeck.peers import SilentCluster, redis_of_long_ago
from tests.unit.quarterdeck.run import config, quarterdeck

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_every_problem_of_a_start_is_said_at_once(tmp_path: Path):
    path = config(tmp_path)
    path.write_text(path.read_text().replace("namespace: prod", "namespace: Prod").replace("[deploy]", "[deplyo]"))
    done = quarterdeck("--config", path, "bot")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "SLACK_BOT_TOKEN is not set" in line]
    assert [line for line in done.stderr.splitlines() if "SLACK_APP_TOKEN is not set" in line]
    assert [line for line in done.stderr.splitlines() if f"{path}:4: environments.prod.namespace" in line]
    assert [line for line in done.stderr.splitlines() if "deplyo" in line and "did you mean" in line]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("process", ["worker", "check"])
def test_a_permission_that_does_nothing(tmp_path: Path, process: str):
    path = config(tmp_path)
    path.write_text(path.read_text().replace("[deploy]", "[deploy, diff]"))
    done = quarterdeck("--config", path, process)
    assert done.returncode == 1
    assert (
        '"diff" needs no permission of its own, so that this does nothing; name the commands'
        in done.stderr + done.stdout
    )


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN does not begin with xapp-"),
    ],
)
def test_a_wrong_token_is_named_with_where_the_right_one_is(tmp_path: Path, env: dict[str, str], said: str):
    done = quarterdeck("--config", config(tmp_path), "bot", **env)
    assert (done.returncode, said in done.stderr) == (1, True)


def test_a_token_that_slack_refuses(tmp_path: Path, redis_server: RedisServer, workspace):
    env = {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": workspace.url}
    done = quarterdeck("--config", config(tmp_path), "bot", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    assert "Slack refuses SLACK_BOT_TOKEN" in done.stderr
    assert "xoxb-wrong" not in done.stderr


@pytest.mark.parametrize("kind", ["worker", "watcher"])
def test_a_kubeconfig_without_that_context(tmp_path: Path, kind: str, redis_server: RedisServer):
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text("apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n")
    path = config(tmp_path, str(kubeconfig))
    path.write_text(path.read_text().replace(f"kubeconfig: {kubeconfig}", f"kubeconfig: {kubeconfig}, context: prod"))
    done = quarterdeck("--config", path, kind, REDIS_URL=redis_server.url)
    assert done.returncode == 1
    assert "cluster main" in done.stderr
    assert "prod" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--http", "--health"])
def test_a_port_in_use(tmp_path: Path, redis_server: RedisServer, workspace, option: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        words = [option, where] if option == "--http" else ["--http", "127.0.0.1:0", option, where]
        env = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": workspace.url}
        done = quarterdeck("--config", config(tmp_path), "bot", *words, REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    assert f"cannot listen on {where} for {option}" in done.stderr
    assert "choose another port" in done.stderr


def test_an_address_that_is_none(tmp_path: Path):
    done = quarterdeck("--config", config(tmp_path), "bot", "--http", "8080", **TOKENS, SLACK_SIGNING_SECRET="s")
    assert (done.returncode, "is not HOST:PORT" in done.stderr) == (2, True)


@pytest.mark.parametrize("words", [["bot", "--nope"], ["nope"], ["--log-level", "loud", "check"]])
def test_unknown_words_are_wrong_usage(words: list[str]):
    assert quarterdeck(*words).returncode == 2


def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path):
    done = quarterdeck("--config", tmp_path / "none.yaml", "manifest")
    assert (done.returncode, "there is no such file" in done.stderr) == (1, True)


def test_a_redis_that_is_too_old_is_refused(threading_event):
    class Old(Store):
        def __init__(self) -> None:
            """Connects to nothing: only what it says of itself counts."""

        def info(self) -> dict[str, object]:
            return {"redis_version": "5.0.14"}

    with pytest.raises(ConfigError, match="Redis 5.0.14 is too old"):
        wait_for_redis(Old(), threading_event)


@pytest.mark.parametrize("kind", ["bot", "worker", "watcher"])
def test_no_process_starts_on_a_redis_that_is_too_old(tmp_path: Path, kind: str):
    with SilentCluster() as cluster, redis_of_long_ago() as url:
        path = config(tmp_path, str(cluster.kubeconfig(tmp_path)))
        done = quarterdeck("--config", path, kind, REDIS_URL=url, **TOKENS)
    assert done.returncode == 1
    assert done.stderr == "Redis before 6.0 is too old: Quarterdeck needs 6.2 or newer\n"


def test_an_app_token_that_slack_refuses(tmp_path: Path, redis_server: RedisServer, workspace: Workspace):
    env = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": workspace.url}
    done = quarterdeck("--config", config(tmp_path), "bot", REDIS_URL=redis_server.url, **env)
    assert done.returncode == 1
    assert "Slack refuses SLACK_APP_TOKEN: invalid_auth; make an app-level token" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_that_stands_in_the_way_of_a_bot_is_said_in_one_run(tmp_path: Path):
    done = quarterdeck("--config", tmp_path / "none.yaml", "bot", REDIS_URL="redis.example:6379")
    assert done.returncode == 1
    for told in (
        "SLACK_BOT_TOKEN is not set",
        "SLACK_APP_TOKEN is not set",
        "there is no such file",
        "REDIS_URL is no",
    ):
        assert told in done.stderr


def test_secrets_are_not_printed():
    assert "xoxb" not in repr(SlackSecrets("xoxb-1", None, None, None))


def test_a_speed_that_is_no_number():
    done = quarterdeck("demo", "--no-browser", "--speed", "nan")
    assert (done.returncode, "Invalid value for '--speed'" in done.stderr) == (2, True)
