"""docs/operations.md: its commands are run as they stand there, and its lists are those of the code."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from commands import transitions
from commands.errors import StoreUnavailable
from commands.proof.signing import VARIABLE, Key
from commands.store import Store, patient
from commands.store.permissions import rules
from quarterdeck.logs import JsonLines, Name, Redact
from tests.harness.fixtures import need
from tests.harness.guarded_redis import ENCODED, GuardedRedis
from tests.harness.ports import free_ports
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.unit.commands.test_transitions import requested
from tests.unit.quarterdeck.run import BARE, config

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
KEY = "5" * 64
DRILLS = "Drills"
RUN_HERE = {"Install", "Redis", "Logs", "Back up Redis", "Restore Redis"}
"""Sections whose commands are run below; those of the drills are in tests/helm/test_drills.py, that about Sentinel in tests/sentinel/failover.py."""


def sections() -> dict[str, str]:
    """By heading; what is under a heading below it belongs to it."""
    _, *parts = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def commands(section: str) -> str:
    found = re.findall(r"^( *)```sh\n(.*?)^ *```", sections()[section], re.MULTILINE | re.DOTALL)
    return "\n".join(re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found)


def below(section: str, heading: str) -> str:
    """The commands under a heading in a section."""
    _, _, text = sections()[section].partition(f"### {heading}\n")
    return "\n".join(re.findall(r"```sh\n(.*?)```", text.partition("\n### ")[0], re.DOTALL))


def run(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """By a shell that gives up at the first failure, with ``quarterdeck`` on its PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, env=BARE | env | {"PATH": path}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_no_command_stands_where_none_is_run():
    assert {name for name, text in sections().items() if "```" in text} == RUN_HERE | {DRILLS}
    assert PAGE.count("```") == 2 * len(re.findall(r"^ *```sh$", PAGE, re.MULTILINE)), "each block is a shell's"


def test_each_alert_has_its_heading():
    alerts = yaml.safe_load((ROOT / "helm" / "quarterdeck" / "alerts.yaml").read_text())["alerts"]
    anchors = [re.sub(r"(?<!^)([A-Z])", r"-\1", alert["name"]).lower() for alert in alerts]
    assert re.findall(r"^### (.*)$", sections()["Alerts"], re.MULTILINE) == anchors


def test_a_json_line_has_the_listed_keys():
    record = logging.makeLogRecord({"levelno": logging.ERROR, "name": "bot", "msg": "it broke", "operation": "op-7k3f"})
    record.user = "U0SAM"
    record.exc_info = (ValueError, ValueError("a cause"), None)
    for each in (Name(), Redact()):
        each.filter(record)
    table = sections()["Logs"].partition("<!-- logs -->")[2].partition("<!-- /logs -->")[0]
    listed = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    assert json.loads(JsonLines().format(record)).keys() | {"process"} == listed


def test_the_lines_of_one_operation_are_found(tmp_path: Path):
    said = [{"message": "a", "operation": "op-7k3f"}, {"message": "b", "operation": "op-2345"}, {"message": "c"}]
    (tmp_path / "quarterdeck.log").write_text("".join(f"{json.dumps(line)}\n" for line in said))
    done = run(commands("Logs"), tmp_path)
    assert [json.loads(line)["message"] for line in done.stdout.splitlines()] == ["a"]


@pytest.mark.parametrize(("path", "name"), sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE))))
def test_the_tests_that_it_names_are_there(path: str, name: str):
    assert re.search(rf"^ *def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


@pytest.fixture
def kept() -> Iterator[RedisServer]:
    with RedisServer(appendonly=True) as redis, closing(patient(redis.url)) as client:
        move = transitions.request("op-2345", requested().invocation, "prod", 1.0, key=Key(KEY.encode()))
        Store(client, key=Key(KEY.encode())).operations.apply(move)
        yield redis


def environment(tmp_path: Path, redis: RedisServer) -> Mapping[str, str]:
    return {"REDIS_URL": redis.url, "QUARTERDECK_CONFIG": str(config(tmp_path)), VARIABLE: KEY}


def test_check_says_what_the_page_promises(tmp_path: Path, kept: RedisServer):
    done = run(commands("Install"), tmp_path, **environment(tmp_path, kept))
    assert "Redis keeps an append-only file" in done.stdout
    assert "Redis evicts nothing" in done.stdout


class TestRedis:
    def test_the_variables_are_those_that_are_read(self):
        table = sections()["Redis"].partition("<!-- redis -->")[2].partition("<!-- /redis -->")[0]
        read = re.findall(
            r"REDIS_\w+", (ROOT / "commands" / "store" / "address.py").read_text().partition('"""\n\n')[2]
        )
        assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(read)

    def test_a_private_ca_and_a_certificate_of_ones_own(self, tmp_path: Path):
        need("redis-server")
        with GuardedRedis(tmp_path, rules("quarterdeck:")) as redis:
            with redis.client() as admin:
                version = admin.info("server")["redis_version"]
            given = {"PASSWORD": ENCODED, "PORT": str(redis.port), "CERTS": str(tmp_path)}
            done = run(below("Redis", "TLS"), tmp_path, QUARTERDECK_CONFIG=str(config(tmp_path)), **given)
        assert [line for line in done.stdout.splitlines() if "Redis" in line][:3] == [
            f"ok    Redis {version}", "ok    Redis keeps an append-only file", "ok    Redis evicts nothing",
        ], done.stderr  # fmt: skip

    def test_the_user_is_given_what_is_needed_and_nothing_else(self, tmp_path: Path, kept: RedisServer):
        need("redis-cli")
        done = run(below("Redis", "A user with the least rights"), tmp_path, ADMIN_URL=kept.url, PASSWORD="secretly")
        assert done.stdout == "OK\n", done.stderr
        with kept.client() as admin:
            written = admin.acl_getuser("quarterdeck")
            admin.execute_command("ACL", "SETUSER", "other", "reset", "on", ">secretly", *rules("quarterdeck:"))
            assert admin.acl_getuser("other") == written
        url = kept.url.replace("redis://", "redis://quarterdeck:secretly@")
        done = run(commands("Install"), tmp_path, **{**environment(tmp_path, kept), "REDIS_URL": url})
        assert "fail  Redis" not in done.stdout
        assert "ok    Redis evicts nothing" in done.stdout


def test_a_backup_restores_what_was_there(tmp_path: Path, kept: RedisServer):
    need("redis-cli")
    need("redis-server")
    [port] = free_ports(1)
    (backup := tmp_path / "backup").mkdir()
    (data := tmp_path / "data").mkdir()
    given = {**environment(tmp_path, kept), "BACKUP": str(backup), "DATA": str(data), "PORT": str(port)}
    made = run(commands("Back up Redis"), tmp_path, **given)
    assert made.returncode == 0, made.stderr
    assert json.loads((backup / "audit.jsonl").read_text())["operation"] == "op-2345"
    kept.kill()
    ended = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"
    done = run(f"{ended}\n{commands('Restore Redis')}\nkill %1; wait", tmp_path, **given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 entry: consistent and anchored" in done.stdout
    assert_reads_its_append_only_file(data, port)


def assert_reads_its_append_only_file(data: Path, port: int) -> None:
    """Started again as the page says, it is all there."""
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(data), "--appendonly", "yes"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with closing(patient(f"redis://127.0.0.1:{port}/0")) as client:
            wait_until(lambda: answers(Store(client)), 10)
            assert Store(client).operations.load("op-2345").invocation.text == requested().invocation.text
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def answers(store: Store) -> bool:
    """Not while it still reads its data."""
    try:
        store.ping()
    except StoreUnavailable:
        return False
    return True
