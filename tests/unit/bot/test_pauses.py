"""``Retry-After`` of any method is kept by all bots; nothing else waits for it."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.pauses import Pauses
from bot.slack import RateLimited, Slack
from bot.views.view import View
from commands.store import Store, hurried
from tests.unit.bot.desk import Desk, Silent


def bot(desk: Desk, store: Store | None = None) -> Slack:
    client = WebClient(token=desk.workspace.bot_token, base_url=desk.workspace.url)
    return Slack(client, Silent(), Pauses(store or desk.store, desk.now))


@pytest.mark.parametrize("method", ["users.info", "conversations.info", "usergroups.users.list", "views.open"])
def test_what_slack_limits_for_one_bot_no_bot_calls(desk: Desk, method: str):
    desk.workspace.faults.add(method, "429", retry_after=30)
    with pytest.raises(RateLimited):
        bot(desk).call(method)
    calls = len(desk.workspace.calls())
    desk.time += 29
    with pytest.raises(RateLimited) as limited:
        bot(desk).call(method)
    assert limited.value.seconds == pytest.approx(1)
    assert bot(desk).call("auth.test")["ok"]
    assert [call.method for call in desk.workspace.calls()[calls:]] == ["auth.test"]


def test_after_that_it_is_called_again(desk: Desk):
    desk.workspace.faults.add("users.info", "429", retry_after=30)
    with pytest.raises(RateLimited):
        bot(desk).call("users.info", user=desk.dev.id)
    desk.time += 30
    assert bot(desk).call("users.info", user=desk.dev.id)["user"]["id"] == desk.dev.id


def test_posts_are_limited_by_channel(desk: Desk):
    other = desk.workspace.add_channel("other")
    desk.workspace.faults.add("chat.postMessage", "429", retry_after=30)
    with pytest.raises(RateLimited):
        bot(desk).post(desk.channel.id, View("x", ()))
    with pytest.raises(RateLimited):
        bot(desk).post(desk.channel.id, View("x", ()))
    assert bot(desk).post(other.id, View("x", ()))


def test_one_persons_hook_that_slack_limits_silences_nobody_else(desk: Desk):
    sam = desk.workspace.add_user("sam")
    mine, sams = (desk.workspace.state.new_response_url(p.id, desk.channel.id) for p in (desk.dev, sam))
    desk.workspace.faults.add("response_url", "429", retry_after=30)
    for _ in range(2):
        with pytest.raises(RateLimited):
            bot(desk).respond(mine, View("x", ()))
    assert len(desk.workspace.calls("response_url")) == 1
    bot(desk).respond(sams, View("x", ()))
    assert [m.text for m in desk.workspace.private(sam, desk.channel)] == ["x"]


def test_without_redis_slack_is_asked(desk: Desk):
    gone = Store(hurried("redis://127.0.0.1:1"))
    assert bot(desk, gone).call("auth.test")["ok"]
    desk.workspace.faults.add("auth.test", "429", retry_after=30)
    with pytest.raises(RateLimited):
        bot(desk, gone).call("auth.test")
