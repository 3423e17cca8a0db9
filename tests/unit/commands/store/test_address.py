"""Where Redis is: every form that may be written, and each that may not, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.errors import ConfigError
from commands.store import Address, hurried
from commands.store.address import Login, Tls
from tests.harness.guarded_redis import ENCODED, PASSWORD, Certificates

SAM = Login("sam", PASSWORD)
FORMS = {
    "redis://redis.test": Address((("redis.test", 6379),)),
    "redis://redis.test:6380/2": Address((("redis.test", 6380),), 2),
    "redis://:secret@[::1]:6379/0": Address((("::1", 6379),), login=Login(None, "secret")),
    f"redis://sam:{ENCODED}@redis.test/": Address((("redis.test", 6379),), login=SAM),
    "rediss://redis.test:6380/0": Address((("redis.test", 6380),), tls=Tls()),
    "unix:///run/redis.sock": Address(socket="/run/redis.sock"),
    f"unix://sam:{ENCODED}@/run/redis.sock?db=3": Address(socket="/run/redis.sock", database=3, login=SAM),
    "redis+sentinel://one.test,two.test:26380/mymaster": Address(
        (("one.test", 26379), ("two.test", 26380)), name="mymaster"
    ),
    f"rediss+sentinel://sam:{ENCODED}@one.test/my%20master/1": Address(
        (("one.test", 26379),), 1, SAM, Tls(), "my master"
    ),
}

MISTAKES = {
    "nonsense": "it begins with none of these",
    "http://redis:6379": "it begins with none of these",
    "redis://redis:port": "its port is no number up to 65535",
    "redis://redis:70000": "its port is no number up to 65535",
    "redis://redis/db": "its database is no number",
    "redis://redis/0/1": "its database is no number",
    "redis://:secret@/0": "it names no host",
    "redis://one,two/0": "several hosts are Sentinels",
    "redis+sentinel://one,two": "it does not say which master",
    "redis+sentinel://one,/mymaster": "it names no host",
    "redis+sentinel://one/mymaster/none": "its database is no number",
    "redis://:sec#ret@redis": "a # in it has to be written %23",
    "rediss://redis/0?ssl_ca_certs=/ca.crt": "a ? has to be written %3F, and for certificates there are REDIS_CA_FILE",
    "redis://:sec?secret@redis/0": "a ? has to be written %3F",
    "redis://:secret℀@redis": "what is between // and / cannot be read",
    "redis://:[secret]@redis": "what is between // and / cannot be read",
    "unix:///run/redis.sock?password=secret": "nothing but ?db= may follow the path",
}


@pytest.mark.parametrize("url", FORMS)
def test_a_form(url: str):
    assert Address.read({"REDIS_URL": url}) == FORMS[url]
    assert PASSWORD not in repr(FORMS[url])


@pytest.mark.parametrize("url", MISTAKES)
def test_a_mistake_is_told_with_the_forms_that_there_are(url: str):
    [problem] = problems(REDIS_URL=url)
    assert problem.startswith(f"REDIS_URL is no address of a Redis ({MISTAKES[url]}")
    assert "write it as redis://USER:PASSWORD@HOST:6379/0" in problem
    assert "secret" not in problem


def problems(**environment: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        Address.read(environment)
    return list(raised.value.problems)


def test_nothing_said_is_the_usual_place():
    assert Address.read({}) == Address((("127.0.0.1", 6379),))
    assert Address.read({"REDIS_URL": ""}) == Address.read({})


def test_certificates_and_the_sentinels_own_password(tmp_path: Path):
    files = Certificates(tmp_path)
    read = Address.read(
        {
            "REDIS_URL": "rediss+sentinel://one.test/mymaster/0",
            "REDIS_SENTINEL_USER": "bot",
            "REDIS_SENTINEL_PASSWORD": "theirs",
            **files.variables,
        }
    )
    assert read.tls == Tls(files.ca, files.certificate, files.key)
    assert read.sentinels == Login("bot", "theirs")
    assert "theirs" not in repr(read)


def test_all_problems_are_told_at_once(tmp_path: Path):
    files = Certificates(tmp_path)
    (broken := tmp_path / "broken.crt").write_text("no certificate")
    url, gone, alone, ca = problems(
        REDIS_URL="redis://redis:port", REDIS_CA_FILE=str(broken), REDIS_CERT_FILE="/nowhere/tls.crt"
    )
    assert url.startswith("REDIS_URL is no address of a Redis (its port is no number up to 65535)")
    assert gone == "REDIS_CERT_FILE: there is no file /nowhere/tls.crt"
    assert alone == "REDIS_CERT_FILE and REDIS_KEY_FILE belong together: set both or neither"
    assert ca.startswith("REDIS_CA_FILE: no certificate in PEM (")
    [problem] = problems(REDIS_URL="rediss://redis", REDIS_CERT_FILE=files.certificate, REDIS_KEY_FILE=files.ca)
    assert problem.startswith("REDIS_CERT_FILE and REDIS_KEY_FILE: no certificate in PEM with its own unencrypted key")


def test_what_would_be_looked_at_by_nobody_is_told(tmp_path: Path):
    [told] = problems(REDIS_URL="redis://redis", REDIS_CA_FILE=Certificates(tmp_path).ca)
    assert told == "REDIS_CA_FILE: REDIS_URL does not say rediss://, so no certificate would be looked at"
    [told] = problems(REDIS_URL="redis://redis", REDIS_SENTINEL_PASSWORD="theirs")
    assert told == "REDIS_SENTINEL_USER and _PASSWORD are for Sentinels, and REDIS_URL names none"


def test_a_certificate_is_always_asked_for_with_the_hosts_name_in_it():
    shown = hurried("rediss://redis.test").connection_pool.make_connection()
    assert (shown.cert_reqs.name, shown.check_hostname) == ("CERT_REQUIRED", True)
