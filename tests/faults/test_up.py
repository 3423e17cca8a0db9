"""``quarterdeck up``: the whole of it from one command, with its own Redis, on a control plane."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from commands.proof.signing import VARIABLE
from playground.workspace import Workspace
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import Child, alive, wait_until
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Stack

pytestmark = pytest.mark.control_plane
OURS = ("worker", "watcher", "bot")


class NoRedis:
    """Stands where a ``Stack`` wants a Redis: ``up`` brings its own."""

    variables: ClassVar[dict[str, str]] = {}


@pytest.fixture
def stack(control_plane: ControlPlane) -> Iterator[Stack]:
    with (
        Workspace(rate_limits=False) as workspace,
        Stack(control_plane, control_plane.kubeconfig, NoRedis(), workspace) as made,  # type: ignore[arg-type]
    ):
        yield made


class Up:
    """A running ``quarterdeck up``, read through its log as its owner reads it."""

    def __init__(self, stack: Stack, *words: str) -> None:
        self.data = stack.folder / "data"
        tokens = stack.folder / "tokens"
        tokens.write_text(
            f"SLACK_BOT_TOKEN={stack.workspace.bot_token}\nSLACK_APP_TOKEN={stack.workspace.app_token}\n"
            f"SLACK_API_URL={stack.workspace.url}\n"
        )
        tokens.chmod(0o600)
        env = {name: value for name, value in stack.environ("worker").items() if name not in {"REDIS_URL", VARIABLE}}
        command = ["quarterdeck", "--config", str(stack.config), *words]
        log = stack.folder / f"up-{len(list(stack.folder.glob('up-*')))}.log"
        options = ["up", "--data", str(self.data), "--tokens", str(tokens)]
        self.child = Child([*command, *options], log, env | {"KUBECONFIG": str(stack.kubeconfig)}, forked=True)
        stack.processes[log.stem] = self.child

    def ready(self) -> None:
        self.child.wait_for_line("are ready", SECONDS)

    def pid(self, name: str) -> int:
        """Of the one of that name that was started last."""
        lines = self.child.log.read_text().splitlines()
        return int(next(line for line in reversed(lines) if f" {name} runs as process " in line).split()[-1])

    def pids(self) -> list[int]:
        return [self.pid(name) for name in ("redis", *OURS)]


def test_everything_from_one_command_and_nothing_left_of_it(stack: Stack) -> None:
    scene = Scene(stack, stack.channel())
    name = scene.deployed("staging")
    up = Up(stack)
    up.ready()
    scene.carried_out(stack.cast.dev, f"/deploy {name} 1.4.2 to staging")
    pids = up.pids()
    up.child.send(signal.SIGTERM)
    up.child.assert_exit(0)
    assert not [pid for pid in pids if alive(pid)]
    whose = {line.split(" | ")[0].strip() for line in up.child.log.read_text().splitlines() if " | " in line}
    assert whose >= set(OURS), "each line of theirs says whose it is"
    again = Up(stack)
    again.ready()
    scene.say(stack.cast.dev, f"/ops history {name} in staging")
    scene.wait("succeeded")
    assert again.data.joinpath("redis.url").stat().st_mode & 0o077 == 0


def test_each_is_given_its_own_secrets_only(stack: Stack) -> None:
    up = Up(stack)
    up.ready()
    held = {name: _environment(up.pid(name)) for name in OURS}
    assert "SLACK_BOT_TOKEN" in held["bot"]
    assert "KUBECONFIG" not in held["bot"]
    for name in ("worker", "watcher"):
        assert "KUBECONFIG" in held[name]
        assert not [variable for variable in held[name] if variable.startswith("SLACK_")]
    assert {held[name][VARIABLE] for name in OURS} == {up.data.joinpath("signing.key").read_text()}
    password = held["bot"]["REDIS_URL"].split(":")[2].split("@")[0]
    for pid in up.pids():
        assert password.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("name", ["redis", *OURS])
def test_whatever_is_killed_is_started_again_and_the_channel_ends_true(stack: Stack, name: str) -> None:
    scene = Scene(stack, stack.channel())
    workload = scene.deployed("staging")
    up = Up(stack)
    up.ready()
    message = scene.ask(stack.cast.dev, f"/deploy {workload} v2-slow to staging")
    scene.wait(lambda m: m.ts == message.ts and m.text.endswith((": observing", ": succeeded")))
    before = up.pid(name)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: up.pid(name) != before, SECONDS)
    scene.ended(message, "succeeded")


def test_one_that_hangs_is_ended_with_the_others(stack: Stack) -> None:
    up = Up(stack)
    up.ready()
    pids = up.pids()
    os.kill(up.pid("worker"), signal.SIGSTOP)
    up.child.send(signal.SIGTERM)
    up.child.assert_exit(0)
    assert not [pid for pid in pids if alive(pid)]
    assert not up.data.joinpath("redis.url").exists()


def test_it_is_killed_outright_and_leaves_nothing_running(stack: Stack) -> None:
    up = Up(stack)
    up.ready()
    pids = up.pids()
    up.child.kill()
    wait_until(lambda: not [pid for pid in pids if alive(pid)], SECONDS)


def test_a_second_one_on_the_same_data_is_told_who_holds_it(stack: Stack) -> None:
    first = Up(stack)
    first.ready()
    second = Up(stack)
    second.child.assert_exit(1)
    told = second.child.log.read_text()
    assert f"is used by process {first.child.pid} already" in told
    assert "choose another --data" in told


def _environment(pid: int) -> dict[str, str]:
    content = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(line.split("=", 1) for line in content.split("\0") if "=" in line)
