"""Who is who: one that Slack refuses, or limits, keeps none of the others from being read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from slack_sdk import WebClient

from bot.directory import CHANNELS_AGAIN, Directory, DirectoryLoop
from bot.pauses import Pauses
from bot.roll_call import REFUSED_PAUSE, RollCall
from bot.slack import RateLimited, Refused, Slack
from commands.config import Config, Rules, load
from commands.registry import discover
from commands.store import Store, patient
from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.unit.bot.building import CONFIG
from tests.unit.bot.desk import Silent


@dataclass
class Desk:
    workspace: Workspace
    store: Store
    config: Config
    group: str
    begun: float = field(default_factory=time.time)
    ahead: float = 0.0

    def __post_init__(self) -> None:
        client = WebClient(token=self.workspace.bot_token, base_url=self.workspace.url)
        slack = Slack(client, Silent(), Pauses(self.store, self.now))
        self.directory = Directory(slack, self.store, Rules(self.config), self.workspace.team_id, self.now)
        self.loop = DirectoryLoop(self.directory, self.store, self.now)
        self.roll_call = RollCall(slack, self.store, self.directory, self.now)

    def now(self) -> float:
        return self.begun + self.ahead

    def step(self) -> None:
        self.loop.step()

    def pages(self) -> list[str]:
        """The cursors of which pages of the list of people Slack was asked for."""
        return [call.args.get("cursor", "") for call in self.workspace.calls("users.list")]


@pytest.fixture
def desk(redis_server: RedisServer, tmp_path: Path) -> Iterator[Desk]:
    client = patient(redis_server.url)
    prefix = f"test-{uuid4().hex[:8]}:"
    with Workspace() as workspace:
        group = workspace.add_group("oncall", [workspace.add_user("sam")]).id
        path = tmp_path / "quarterdeck.yaml"
        path.write_text(CONFIG.replace("U0SAM", f"{group}, {workspace.add_group('others').id}"))
        config = load(path, registry_names=frozenset(command.name for command in discover()))
        store = Store(client, prefix)
        yield Desk(workspace, store, config, group)
    if written := client.keys(f"{prefix}*"):
        client.delete(*written)
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


def test_somebody_whom_slack_refuses_is_asked_for_ever_more_seldom_and_that_is_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
):
    dev = desk.workspace.add_user("dev").id
    desk.workspace.faults.add("users.info", "error", times=4, code="access_denied")
    asked = []
    for _ in range(60):
        desk.store.people.want([dev])  # as a worker does each time it tries again
        before = len(desk.workspace.calls("users.info"))
        desk.step()
        if len(desk.workspace.calls("users.info")) > before:
            asked.append(round(desk.ahead))
        desk.ahead += 2
    assert asked[:5] == [0, 6, 16, 36, 76], "5, 10, 20 and 40 seconds, as the rounds come"
    assert caplog.text.count(f"{dev} cannot be read from Slack") == 1
    assert caplog.text.count(f"{dev} can be read from Slack again") == 1
    assert dev in desk.store.people.membership([dev]).people


def test_what_slack_refuses_and_nobody_waits_for_any_more_is_let_be(desk: Desk):
    desk.store.people.want(["U0AAAA"])
    desk.workspace.faults.add("users.info", "error", times=100, code="access_denied")
    desk.step()
    desk.ahead += 3600
    desk.step()
    assert len(desk.workspace.calls("users.info")) == 1


def test_one_kind_that_slack_limits_keeps_no_other_kind_from_being_read(desk: Desk):
    dev = desk.workspace.add_user("dev").id
    desk.workspace.faults.add("usergroups.users.list", "429", retry_after=30)
    with pytest.raises(RateLimited):
        desk.directory.read([desk.group, dev])
    assert dev in desk.store.people.membership([dev]).people


def test_of_many_groups_those_that_were_not_read_for_longest_come_first(desk: Desk):
    """Slack gives some twenty a minute: read always in the same order, the last ones would never be."""
    desk.directory.read_groups()
    for _ in range(3):
        desk.ahead += 30
        desk.workspace.faults.add("usergroups.users.list", "delay")  # the first is answered, the second is not
        desk.workspace.faults.add("usergroups.users.list", "429", retry_after=20)
        with pytest.raises(RateLimited):
            desk.directory.read_groups()
    one, other = (desk.now() - group.at for group in desk.store.people.membership([]).groups.values())
    assert max(one, other) < 60


def people(desk: Desk, count: int) -> list[str]:
    return [desk.workspace.add_user(f"person{number}").id for number in range(count)]


def test_the_list_of_people_is_read_on_from_where_slack_stopped_it(desk: Desk):
    everyone = people(desk, 450)
    desk.workspace.faults.add("users.list", "delay")
    desk.workspace.faults.add("users.list", "429", retry_after=30)
    desk.roll_call.step()
    first, refused = desk.pages()
    desk.roll_call.step()
    assert desk.pages() == [first, refused], "Retry-After is waited for"
    desk.ahead += 31
    desk.roll_call.step()
    assert desk.pages()[:3] == ["", refused, refused], "and then it goes on with the same page"
    assert len(set(desk.pages())) == 3
    assert len(desk.store.people.membership(everyone).people) == len(everyone)


def test_while_slack_limits_the_list_of_people_the_rest_is_read(desk: Desk):
    desk.workspace.faults.add("users.list", "429", retry_after=30)
    desk.roll_call.step()
    desk.step()
    assert desk.group in desk.store.people.membership([]).groups


def test_a_list_whose_cursor_has_expired_is_begun_again(desk: Desk):
    everyone = people(desk, 250)
    desk.workspace.faults.add("users.list", "delay")
    desk.workspace.faults.add("users.list", "error", code="invalid_cursor")
    desk.roll_call.step()
    desk.roll_call.step()
    assert desk.pages()[2] == ""
    assert len(desk.store.people.membership(everyone).people) == len(everyone)


def test_the_list_of_people_is_read_once(desk: Desk):
    desk.roll_call.step()
    desk.roll_call.step()
    assert desk.pages() == [""]


def test_a_list_that_slack_refuses_is_not_asked_for_again_and_again(desk: Desk, caplog: pytest.LogCaptureFixture):
    desk.workspace.faults.add("users.list", "error", code="missing_scope")
    for _ in range(3):
        desk.roll_call.step()
    assert (len(desk.pages()), caplog.text.count("missing_scope")) == (1, 1)
    desk.ahead += REFUSED_PAUSE
    desk.roll_call.step()
    assert len(desk.pages()) == 2


def test_a_channel_that_slack_refuses_is_not_asked_for_in_every_round(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(desk.directory, "read_channels", lambda: asked.append(1) or desk.directory.read(["C0SECRET"]))
    desk.workspace.faults.add("conversations.info", "error", code="access_denied")
    for _ in range(3):
        desk.step()
    assert len(asked) == 1
    for _ in range(3):
        desk.ahead += CHANNELS_AGAIN
        desk.step()
    assert len(asked) == 2, "and once it is known it is not read again"


def test_what_changed_while_slack_answered_is_not_taken_for_known(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """A fact is as old as its question."""
    dev, channel = desk.workspace.add_user("dev").id, desk.workspace.add_channel("deploys", bot_in=True).id
    call = Slack.call

    def slow(self: Slack, method: str, **arguments: Any) -> Any:
        answer = call(self, method, **arguments)
        desk.ahead += 10
        return answer

    monkeypatch.setattr(Slack, "call", slow)
    for id in (dev, desk.group, channel):
        asked = desk.now()
        desk.directory.read([id])
        known = desk.store.people.membership([dev])
        facts = known.people.get(id) or known.groups.get(id) or desk.store.people.channel(id)
        assert facts
        assert facts.at < asked + 5
    asked = desk.now()
    desk.roll_call.step()
    assert desk.store.people.membership([dev]).people[dev].at < asked + 5


@pytest.mark.parametrize("private", [True, False])
def test_it_may_post_where_it_is_a_member(desk: Desk, private: bool):
    channel = desk.workspace.add_channel("deploys", private=private, bot_in=False)
    desk.directory.read([channel.id])
    assert not desk.store.people.channel(channel.id).postable
    desk.workspace.invite_bot(channel)
    desk.directory.read([channel.id])
    assert desk.store.people.channel(channel.id).postable


def test_it_may_post_in_a_direct_message(desk: Desk):
    direct = desk.workspace.dm(desk.workspace.add_user("dev"))
    desk.directory.read([direct.id])
    assert desk.store.people.channel(direct.id).postable


def test_who_reads_a_closed_conversation_is_known_and_of_a_public_channel_nobody_asks(desk: Desk):
    dev, sam = (desk.workspace.add_user(name) for name in ("dev", "samuel"))
    crowd = [desk.workspace.add_user(f"person{number}") for number in range(1200)]
    bot = desk.workspace.bot_user_id
    closed = desk.workspace.add_channel("closed", [dev, *crowd], private=True)
    group, direct, public = (
        desk.workspace.group_dm(dev, sam),
        desk.workspace.dm(sam),
        desk.workspace.add_channel("open"),
    )
    desk.directory.read([closed.id, group.id, direct.id, public.id])
    readers = {each.id: desk.store.people.channel(each.id).readers for each in (closed, group, direct, public)}
    assert set(readers[closed.id]) == {dev.id, bot, *(person.id for person in crowd)}
    assert set(readers[group.id]) == {dev.id, sam.id, bot}
    assert readers[direct.id] == (sam.id,)
    assert readers[public.id] is None
    assert {call.args["channel"] for call in desk.workspace.calls("conversations.members")} == {closed.id, group.id}


def test_why_it_may_not_post_is_told_apart(desk: Desk):
    """An invitation helps in the first case only."""
    outside, unseen = (desk.workspace.add_channel(name, bot_in=False) for name in ("one", "two"))
    desk.workspace.faults.add("conversations.info", "error", code="missing_scope")
    desk.directory.read([unseen.id, outside.id])
    assert [desk.store.people.channel(each.id).why for each in (outside, unseen)] == ["outside", "missing_scope"]
