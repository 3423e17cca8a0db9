"""``quarterdeck audit export``: the record of one installation, a JSON object a line, oldest first."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from commands import transitions
from commands.store import Store, patient
from tests.harness.redis import RedisServer
from tests.unit.commands.test_transitions import requested
from tests.unit.quarterdeck.run import config, quarterdeck


def test_each_line_is_an_object_in_the_order_in_which_it_happened(tmp_path: Path, redis_server: RedisServer) -> None:
    mine, other = (f"test-{uuid4().hex[:8]}:" for _ in range(2))
    invocation = requested().invocation
    with closing(patient(redis_server.url)) as client:
        store = Store(client, mine)
        asked = store.operations.apply(transitions.request("op-2345", invocation, "prod", 1.0))
        store.audit.refuse(invocation, "You may not: „nein\n“", 2.0)
        store.operations.apply(transitions.reject(asked, "nothing to change", 3.0))
        Store(client, other).audit.refuse(invocation, "of another installation", 1.5)
        env = {"REDIS_URL": redis_server.url, "QUARTERDECK_REDIS_PREFIX": mine.removesuffix(":")}
        done = quarterdeck("--config", config(tmp_path), "audit", "export", **env)
        client.delete(*client.keys(f"{mine}*"), *client.keys(f"{other}*"))
    assert (done.returncode, done.stderr) == (0, "")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["event"] for entry in entries] == ["requested", "refused", "rejected"]
    assert [entry["at"] for entry in entries] == [1.0, 2.0, 3.0]
    assert entries[1]["detail"] == "You may not: „nein\n“"


@pytest.mark.parametrize(("level", "traced"), [("info", False), ("debug", True)])
def test_without_redis_it_says_why_and_a_traceback_only_where_it_is_asked_for(
    tmp_path: Path, level: str, *, traced: bool
) -> None:
    env = {"REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}
    done = quarterdeck("--log-level", level, "--config", config(tmp_path), "audit", "export", **env)
    assert done.returncode == 1
    assert "Redis does not answer" in done.stderr
    assert "is REDIS_URL right?" in done.stderr
    assert ("Traceback" in done.stderr) is traced
    assert "hunter2" not in done.stderr
