"""A store on a real Redis, under a prefix of the test's own; what it wrote must be under that prefix, and is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from commands.store import Store, patient
from tests.harness.redis import RedisServer


@pytest.fixture
def prefix() -> str:
    return f"test-{uuid4().hex[:8]}:"


@pytest.fixture
def store(redis_server: RedisServer, prefix: str) -> Iterator[Store]:
    client = patient(redis_server.url)
    before = set(client.keys("*"))
    yield Store(client, prefix)
    after = set(client.keys("*")) - before
    assert all(key.startswith(prefix) for key in after), f"keys outside the prefix: {after}"
    if after:
        client.delete(*after)
    client.close()
