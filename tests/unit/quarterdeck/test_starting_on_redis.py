"""What every process says of Redis before it begins: through TLS and as a user with the least rights too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from commands.errors import ConfigError, StoreUnavailable
from commands.store import Address, Store, hurried
from commands.store.permissions import rules
from quarterdeck.startup import wait_for_redis
from tests.harness.fixtures import need
from tests.harness.guarded_redis import PASSWORD, Certificates, GuardedRedis
from tests.unit.quarterdeck.run import config, quarterdeck

RULES = rules("quarterdeck:")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedRedis]:
    need("redis-server")
    with GuardedRedis(tmp_path_factory.mktemp("certificates"), RULES, appendonly=False) as redis:
        yield redis


def start(redis: GuardedRedis, **instead: str) -> bool:
    with closing(hurried(Address.read({**redis.variables, **instead}))) as client:
        return wait_for_redis(Store(client), Event(), seconds=0)


def test_what_forgets_and_evicts_is_warned_about(guarded: GuardedRedis, caplog: pytest.LogCaptureFixture):
    with guarded.client() as admin:
        admin.config_set("maxmemory-policy", "allkeys-lru")
    assert start(guarded)
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Redis keeps no append-only file",
        "Redis evicts keys (allkeys-lru)",
    ]
    with guarded.client() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("appendonly", "yes")
    caplog.clear()
    assert start(guarded)
    assert not caplog.records


def test_a_user_that_may_not_do_all_is_refused_at_once(guarded: GuardedRedis):
    guarded.permit(*(rule for rule in RULES if rule != "+zadd"))
    try:
        with pytest.raises(ConfigError, match="ACL SETUSER quarterdeck \\+zadd"):
            start(guarded)
        with pytest.raises(ConfigError, match="Redis refuses the user other .*give REDIS_URL the name and password"):
            start(guarded, REDIS_URL=guarded.url.replace("//quarterdeck:", "//other:"))
    finally:
        guarded.permit(*RULES)


def test_a_certificate_by_another_is_not_trusted(guarded: GuardedRedis, tmp_path: Path):
    with pytest.raises(StoreUnavailable, match="certificate verify failed|CERTIFICATE_VERIFY_FAILED"):
        start(guarded, REDIS_CA_FILE=Certificates(tmp_path).ca)


def test_a_certificate_for_another_host_is_not_trusted(guarded: GuardedRedis):
    with pytest.raises(StoreUnavailable, match="certificate is not valid for 'localhost'|Hostname mismatch"):
        start(guarded, REDIS_URL=guarded.url.replace("127.0.0.1", "localhost"))


def test_without_its_own_certificate_a_process_is_not_let_in(guarded: GuardedRedis):
    at = Address.read({"REDIS_URL": guarded.url, "REDIS_CA_FILE": guarded.certificates.ca})
    with closing(hurried(at)) as client, pytest.raises(StoreUnavailable, match="Redis does not answer"):
        wait_for_redis(Store(client), Event(), seconds=0)


@pytest.mark.parametrize("kind", ["worker", "watcher"])
def test_all_mistakes_are_told_at_once_and_no_password(tmp_path: Path, kind: str):
    path = config(tmp_path)
    path.write_text(path.read_text().replace("roles: [developer]", "roles: [nobody]"))
    done = quarterdeck(
        "--config", path, kind, REDIS_URL=f"redis://sam:{PASSWORD.replace('/', '')}@redis:port/0",
        REDIS_CA_FILE="/nowhere/ca.crt", REDIS_KEY_FILE="/nowhere/tls.key", QUARTERDECK_SIGNING_KEY="short",
    )  # fmt: skip
    assert done.returncode == 1
    for told in (
        "REDIS_URL is no address of a Redis", "there is no file /nowhere/ca.crt", "there is no file /nowhere/tls.key",
        "REDIS_CERT_FILE and REDIS_KEY_FILE belong together", "QUARTERDECK_SIGNING_KEY", "nobody",
    ):  # fmt: skip
        assert told in done.stderr
    assert not re.search("word@with|Traceback", done.stderr)
