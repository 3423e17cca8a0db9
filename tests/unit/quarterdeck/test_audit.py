"""``quarterdeck audit export``: the record of one installation, a JSON object a line, oldest first."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from commands import transitions
from commands.proof.signing import Key
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
    assert done.returncode == 0
    assert re.fullmatch(r"head 3:[0-9a-f]{64}\n", done.stderr)
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


KEY = "0123456789abcdef" * 4
PREFIX = f"test-{uuid4().hex[:8]}:"


def audit(tmp_path: Path, redis_server: RedisServer, *words: str, key: str | None = KEY):
    env = {"REDIS_URL": redis_server.url, "QUARTERDECK_REDIS_PREFIX": PREFIX}
    env |= {"QUARTERDECK_SIGNING_KEY": key} if key else {}
    return quarterdeck("--config", config(tmp_path), "audit", *words, **env)


def test_what_was_exported_is_verified_and_what_was_changed_is_named(tmp_path: Path, redis_server: RedisServer) -> None:
    invocation = requested().invocation
    with closing(patient(redis_server.url)) as client:
        store = Store(client, PREFIX, Key(KEY.encode()))
        for sentence in ("one", "two", "three"):
            store.audit.refuse(invocation, sentence, 2.0)
        try:
            plain = audit(tmp_path, redis_server, "verify")
            assert plain.returncode == 0, plain.stderr
            assert plain.stdout.startswith("3 entries: consistent, not anchored (give a head")
            head = audit(tmp_path, redis_server, "export", "--since", "1h").stderr.removeprefix("head ").strip()
            anchored = audit(tmp_path, redis_server, "verify", "--head", head)
            assert anchored.stdout.startswith("3 entries: consistent and anchored")
            keyless = audit(tmp_path, redis_server, "verify", key=None)
            assert "which is not in QUARTERDECK_SIGNING_KEY, and were not checked" in keyless.stdout
            [_, (second, _), _] = client.xrange(f"{PREFIX}audit")
            client.xdel(f"{PREFIX}audit", second)
            robbed = audit(tmp_path, redis_server, "verify")
            assert robbed.returncode == 1
            assert robbed.stdout.startswith("number 2 was removed before ")
        finally:
            client.delete(*client.keys(f"{PREFIX}*"))


def test_a_key_that_protects_nothing_and_a_head_that_is_none_are_refused(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    short = audit(tmp_path, redis_server, "verify", key="secret")
    assert short.returncode == 1
    assert "QUARTERDECK_SIGNING_KEY has fewer than 32 characters; make one with `openssl rand -hex 32`" in short.stderr
    assert audit(tmp_path, redis_server, "verify", "--head", "yesterday").returncode == 2
    assert audit(tmp_path, redis_server, "export", "--since", "yesterday").returncode == 2
