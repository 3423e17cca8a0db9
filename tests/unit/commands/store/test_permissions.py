"""What Redis's user may: all that the scripts call, and nothing by which one learns or loses what is others'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from commands.errors import StoreRefused
from commands.store import Store, hurried, patient
from commands.store.permissions import rules
from tests.harness.redis import RedisServer

RULES = rules("quarterdeck:")
USER = "least"
ALIASES = {"delete": "del"}
CLIENTS_OWN = {"close", "execute", "pipeline", "pubsub"}
"""Methods of redis-py that are no commands."""


@pytest.fixture
def users(redis_server: RedisServer) -> Iterator[RedisServer]:
    yield redis_server
    with redis_server.client() as admin:
        admin.execute_command("ACL", "DELUSER", USER)


def lacking(redis: RedisServer, *rules: str) -> tuple[str, ...]:
    """Of a user with these rules."""
    with redis.client() as admin:
        admin.execute_command("ACL", "SETUSER", USER, "reset", "on", ">secret", *rules)
        before = admin.dbsize()
        with closing(patient(f"redis://{USER}:secret@127.0.0.1:{redis.port}/0")) as client:
            found = Store(client).lacking()
        assert admin.dbsize() == before
    return found


def test_all_that_the_scripts_call_is_among_them():
    sources = [script.read_text() for script in files("commands.store").joinpath("scripts").iterdir()]
    called = {name.lower() for source in sources for name in re.findall(r'redis\.p?call\("(\w+)"', source)}
    assert len(called) > 15
    assert {f"+{name}" for name in called} <= set(RULES)


def test_all_that_the_store_asks_is_among_them():
    sources = [path.read_text() for path in Path("commands/store").glob("*.py")]
    asked = {name for source in sources for name in re.findall(r"\b(?:client|pipe)\.([a-z]+)\(", source)}
    asked = {ALIASES.get(name, name) for name in asked} - CLIENTS_OWN
    assert len(asked) > 15
    assert {f"+{name}" for name in asked} <= set(RULES)


def test_with_all_of_them_nothing_is_lacking(users: RedisServer):
    assert lacking(users, *RULES) == ()
    assert lacking(users, "+@all", "~*", "&*") == ()


@pytest.mark.parametrize("rule", RULES)
def test_each_that_is_missing_is_named_and_no_other(users: RedisServer, rule: str):
    assert lacking(users, *(other for other in RULES if other != rule)) == (rule,)


def test_a_wrong_password_is_a_refusal(users: RedisServer):
    lacking(users, *RULES)
    with closing(hurried(f"redis://{USER}:wrong@127.0.0.1:{users.port}/0")) as client, pytest.raises(StoreRefused):
        Store(client).lacking()
