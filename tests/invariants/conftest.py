"""A deck for each test; everything it wrote to Redis is gone afterwards. And a forge for the tests of faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from playground.workspace import Workspace
from tests.harness.redis import LENT, RedisServer
from tests.invariants.fault import Run


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


@pytest.fixture(scope="session")
def forge(redis_server: RedisServer) -> Iterator[Run]:
    """Runs tests in a process of their own, under a fault or none: the exit code, and what was printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.invariants.forge"],
        cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, LENT: str(redis_server.port)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    ask, answer = process.stdin, process.stdout

    def run(fault: str | None, tests: list[str]) -> tuple[int, str]:
        print(json.dumps([fault, tests]), file=ask, flush=True)
        code, output = json.loads(answer.readline())
        return code, output

    with process:
        yield run
        ask.close()
