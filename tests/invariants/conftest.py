"""A deck for each test; everything it wrote to Redis is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from playground.workspace import Workspace
from tests.harness.redis import RedisServer


@pytest.fixture
def deck(redis_server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Imported here, so that a fault can be applied before anything of the product is."""
    from tests.invariants.deck import Deck
    from workers.jobs import context

    monkeypatch.setattr(context, "READING", 0.05)  # no bot is listening to answer within it
    with Workspace(rate_limits=False) as workspace:
        deck = Deck(redis_server.url, f"test-{uuid4().hex[:8]}:", workspace, tmp_path)
        for namespace in ("staging", "prod", "vault"):
            deck.cluster.web(namespace)
        yield deck
        deck.close()
    with redis_server.client() as client:
        client.flushdb()
