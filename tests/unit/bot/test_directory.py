"""Who is who: one that Slack refuses keeps none of the others from being read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from slack_sdk import WebClient

from bot.directory import Directory, DirectoryLoop
from bot.slack import Refused, Slack
from commands.config import load
from commands.registry import discover
from commands.store import Store, patient
from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.unit.bot.building import CONFIG
from tests.unit.bot.test_delivery import Silent


@dataclass
class Desk:
    workspace: Workspace
    store: Store
    directory: Directory
    group: str

    def step(self) -> None:
        DirectoryLoop(self.directory, self.store, time.time).step()


@pytest.fixture
def desk(redis_server: RedisServer, tmp_path: Path) -> Iterator[Desk]:
    client = patient(redis_server.url)
    prefix = f"test-{uuid4().hex[:8]}:"
    with Workspace() as workspace:
        group = workspace.add_group("oncall", [workspace.add_user("sam")]).id
        path = tmp_path / "quarterdeck.yaml"
        path.write_text(CONFIG.replace("U0SAM", group))
        config = load(path, registry_names=frozenset(command.name for command in discover()))
        store = Store(client, prefix)
        slack = Slack(WebClient(token=workspace.bot_token, base_url=workspace.url), Silent())
        directory = Directory(slack, store, config, workspace.team_id, time.time)
        yield Desk(workspace, store, directory, group)
    client.delete(*client.keys(f"{prefix}*"))
    client.close()


def test_one_that_slack_refuses_keeps_none_of_the_others_from_being_read(desk: Desk):
    dev = desk.workspace.add_user("dev").id
    desk.workspace.faults.add("users.info", "error", code="access_denied")
    with pytest.raises(Refused):
        desk.directory.read(["U0AAAA", dev])
    assert dev in desk.store.people.membership([dev]).people


def test_somebody_who_cannot_be_read_keeps_no_group_from_being_read(desk: Desk):
    desk.store.people.want(["U0AAAA"])
    desk.workspace.faults.add("users.info", "error", times=100, code="access_denied")
    desk.step()
    assert desk.group in desk.store.people.membership([]).groups
