"""The bot between a played Slack and a real Redis, one step at a time: whole (``tests/invariants/deck.py``), or its publisher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from commands.config import load
from commands.registry import discover
from commands.store import Store, patient
from playground.workspace import Workspace
from quarterdeck.manifest import SCOPES
from tests.harness.redis import RedisServer
from tests.invariants.conftest import deck
from tests.unit.bot.building import CONFIG
from tests.unit.bot.desk import Desk

__all__ = ["deck"]


@pytest.fixture
def desk(redis_server: RedisServer, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(CONFIG)
    config = load(path, registry_names=frozenset(command.name for command in discover()))
    client = patient(redis_server.url)
    prefix = f"test-{uuid4().hex[:8]}:"
    with Workspace() as workspace:
        store = Store(client, prefix)
        workspace.install_all(scopes=SCOPES)
        dev = workspace.add_user("dev")
        channel = workspace.add_channel("deploys", members=[dev], bot_in=True)
        made = Desk(workspace, store, config, channel, dev)
        yield made
    if written := client.keys(f"{prefix}*"):
        client.delete(*written)
    client.close()
