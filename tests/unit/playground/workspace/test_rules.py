"""Every row of the table of limits: at the limit it passes, one over fails with exactly the row's error.

A row without a case here fails the test of completeness at the end.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from playground.workspace import SlackError, Workspace
from playground.workspace.api import Reply
from playground.workspace.delivery import Courier, Delivery, Outcome, Retry, UnansweredError
from playground.workspace.faults import Faults
from playground.workspace.responses import respond_by_url
from playground.workspace.rules import OUTSIDE, RATES, RULES, Outside, Rule
from tests.unit.playground.workspace.cases import BLOCKS, MANIFESTS, VIEWS

Json = dict[str, Any]


@pytest.fixture
def quiet() -> Workspace:
    """A workspace without a server: the rules need no wire."""
    workspace = Workspace(rate_limits=False)
    workspace.state.base_url = "http://127.0.0.1:0"
    return workspace


def rows(names: Any) -> list[Any]:
    return [pytest.param(rule, id=rule.name) for rule in RULES if rule.name in names]


def call(ws: Workspace, method: str, **args: Any) -> Reply:
    token = ws.app_token if method == "apps.connections.open" else ws.bot_token
    return ws._server.api.handle(method, token, args)


def error_of(ws: Workspace, method: str, **args: Any) -> str:
    return str(call(ws, method, **args).body.get("error", ""))


@pytest.mark.parametrize("rule", rows(BLOCKS))
def test_blocks(quiet: Workspace, rule: Rule) -> None:
    channel, make = quiet.add_channel("deploys"), BLOCKS[rule.name]
    assert call(quiet, "chat.postMessage", channel=channel.id, text="x", blocks=make(rule.limit)).body["ok"]
    refused = call(quiet, "chat.postMessage", channel=channel.id, text="x", blocks=make(rule.limit + 1)).body
    assert refused["error"] == rule.error
    assert "[json-pointer:/blocks" in refused["response_metadata"]["messages"][0]


@pytest.mark.parametrize("rule", rows(VIEWS))
def test_views(quiet: Workspace, rule: Rule) -> None:
    sam, make = quiet.add_user("sam"), VIEWS[rule.name]

    def opened(size: int) -> str:
        trigger = quiet.state.new_trigger(sam.id)
        return error_of(quiet, "views.open", trigger_id=trigger, view=make(size))

    assert opened(rule.limit) == ""
    assert opened(rule.limit + 1) == rule.error


@pytest.mark.parametrize("rule", rows(MANIFESTS))
def test_manifest(quiet: Workspace, rule: Rule) -> None:
    make = MANIFESTS[rule.name]
    quiet.install(make(rule.limit))
    beyond = rule.limit - 1 if rule.name.endswith("_least") else rule.limit + 1
    with pytest.raises(SlackError) as refusal:
        quiet.install(make(beyond))
    assert refusal.value.code == rule.error


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RATES])
def test_rate_limits(quiet: Workspace, rule: Rule) -> None:
    quiet.state.clock.hold()
    limits, method = quiet.rate_limits, rule.name.removeprefix("rate.")
    limits.enabled = True
    assert not any(limits.refuse_for(method, f"C{n}") for n in range(rule.limit))
    assert limits.refuse_for(method, "C") > 0
    reply = call(quiet, method, channel="C")
    assert (reply.status, reply.body["error"]) == (429, rule.error)
    quiet.advance(int(reply.headers["retry-after"]))
    assert not limits.refuse_for(method, "C")


def test_rate_channel() -> None:
    """One message per second and channel, after a burst; other channels do not notice."""
    ws = Workspace(post_burst=3)
    ws.state.clock.hold()
    channel, other = ws.add_channel("deploys"), ws.add_channel("other")
    post = [call(ws, "chat.postMessage", channel=channel.id, text="x") for _ in range(4)]
    assert [reply.status for reply in post] == [200, 200, 200, 429]
    assert (post[3].body["error"], post[3].headers["retry-after"]) == ("ratelimited", "1")
    assert call(ws, "chat.postMessage", channel=other.id, text="x").body["ok"]
    ws.advance(1)
    assert call(ws, "chat.postMessage", channel=channel.id, text="x").body["ok"]
    assert call(ws, "chat.postMessage", channel=channel.id, text="x").status == 429


def limit_of(name: str) -> tuple[Rule, int]:
    rule = next(rule for rule in RULES if rule.name == name)
    return rule, rule.limit


def test_update_text(quiet: Workspace) -> None:
    rule, limit = limit_of("update.text")
    channel = quiet.add_channel("deploys")
    ts = call(quiet, "chat.postMessage", channel=channel.id, text="x").body["ts"]
    assert call(quiet, "chat.update", channel=channel.id, ts=ts, text="x" * limit).body["ok"]
    assert error_of(quiet, "chat.update", channel=channel.id, ts=ts, text="x" * (limit + 1)) == rule.error


def test_post_text_is_cut(quiet: Workspace) -> None:
    rule, limit = limit_of("post.text")
    channel = quiet.add_channel("deploys")
    assert error_of(quiet, "chat.postMessage", channel=channel.id, text="x" * (limit + 1)) == rule.error == ""
    assert len(quiet.messages(channel)[0].text) == limit


def test_post_attachments(quiet: Workspace) -> None:
    rule, limit = limit_of("post.attachments")
    channel = quiet.add_channel("deploys")
    assert call(quiet, "chat.postMessage", channel=channel.id, attachments=[{}] * limit).body["ok"]
    assert error_of(quiet, "chat.postMessage", channel=channel.id, attachments=[{}] * (limit + 1)) == rule.error


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("history.limit", "conversations.history"),
        ("users.limit", "users.list"),
        ("members.limit", "conversations.members"),
    ],
)
def test_page_sizes(quiet: Workspace, name: str, method: str) -> None:
    rule, limit = limit_of(name)
    args = {} if method == "users.list" else {"channel": quiet.add_channel("deploys").id}
    assert call(quiet, method, **args, limit=limit).body["ok"]
    assert error_of(quiet, method, **args, limit=limit + 1) == rule.error


@pytest.mark.parametrize("row", [pytest.param(row, id=row.method) for row in OUTSIDE.values()])
def test_what_a_bot_may_in_a_public_channel_that_it_is_not_in(quiet: Workspace, row: Outside) -> None:
    channel = quiet.add_channel("deploys", [sam := quiet.add_user("sam")])
    ts = call(quiet, "chat.postMessage", channel=channel.id, text="x").body["ts"]
    args = {
        "chat.postMessage": {"text": "x"},
        "chat.postEphemeral": {"text": "x", "user": sam.id},
        "chat.update": {"text": "y", "ts": ts},
        "conversations.history": {},
        "conversations.replies": {"ts": ts},
        "files.completeUploadExternal": {"files": []},
    }[row.method]
    where = "channel_id" if row.method.startswith("files.") else "channel"
    answer = functools.partial(error_of, quiet, row.method, **{where: channel.id}, **args)
    assert answer() == ""
    quiet.remove_bot(channel)
    assert answer() == ("" if row.admitted_by else row.error)
    quiet.revoke_scopes(row.admitted_by)
    assert answer() == row.error
    assert row.source


def test_view_stack(quiet: Workspace) -> None:
    rule, limit = limit_of("view.stack")
    sam = quiet.add_user("sam")
    view = VIEWS["view.blocks"](1)
    view_id = call(quiet, "views.open", trigger_id=quiet.state.new_trigger(sam.id), view=view).body["view"]["id"]
    for _ in range(limit - 1):
        answer = call(quiet, "views.push", trigger_id=quiet.state.new_trigger(sam.id, view_id), view=view).body
        view_id = answer["view"]["id"]
    assert error_of(quiet, "views.push", trigger_id=quiet.state.new_trigger(sam.id, view_id), view=view) == rule.error


def test_trigger_seconds(quiet: Workspace) -> None:
    rule, limit = limit_of("trigger.seconds")
    quiet.state.clock.hold()
    sam, view = quiet.add_user("sam"), VIEWS["view.blocks"](1)
    for age, error in ((limit, ""), (limit + 1, rule.error)):
        trigger = quiet.state.new_trigger(sam.id)
        quiet.advance(age)
        assert error_of(quiet, "views.open", trigger_id=trigger, view=view) == error


def test_trigger_uses(quiet: Workspace) -> None:
    rule, limit = limit_of("trigger.uses")
    trigger, view = quiet.state.new_trigger(quiet.add_user("sam").id), VIEWS["view.blocks"](1)
    errors = [error_of(quiet, "views.open", trigger_id=trigger, view=view) for _ in range(limit + 1)]
    assert errors == [""] * limit + [rule.error]


def response_url(ws: Workspace) -> Callable[[], str]:
    sam = ws.add_user("sam")
    key = ws.state.new_response_url(sam.id, ws.add_channel("deploys", [sam]).id).rsplit("/", 1)[1]

    def use() -> str:
        try:
            respond_by_url(ws.state, key, {"text": "x"})
        except SlackError as refusal:
            return refusal.code
        return ""

    return use


def test_response_url_uses(quiet: Workspace) -> None:
    rule, limit = limit_of("response_url.uses")
    use = response_url(quiet)
    assert [use() for _ in range(limit + 1)] == [""] * limit + [rule.error]


def test_response_url_seconds(quiet: Workspace) -> None:
    rule, limit = limit_of("response_url.seconds")
    quiet.state.clock.hold()
    use = response_url(quiet)
    quiet.advance(limit)
    assert use() == ""
    quiet.advance(1)
    assert use() == rule.error


class Clockwork:
    """A wire that answers after so many milliseconds, or refuses so many times."""

    def __init__(self, milliseconds: int = 0, refusals: int = 0) -> None:
        self.milliseconds = milliseconds
        self.refusals = refusals
        self.retries: list[Retry | None] = []

    def is_up(self) -> bool:
        return True

    async def send(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        self.retries.append(retry)
        if len(self.retries) <= self.refusals:
            raise UnansweredError("dispatch_failed", "http_error")
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Outcome] = loop.create_future()
        loop.call_later(self.milliseconds / 1000, lambda: answered.done() or answered.set_result(Outcome({})))
        return await answered


def test_ack_milliseconds() -> None:
    """In a tenth of the time: the courier's timeout is the row's by default, and what it means is tried small."""
    rule, limit = limit_of("ack.milliseconds")
    assert Courier([], Faults()).ack_timeout == limit / 1000
    for late, error in ((0, ""), (limit // 5, rule.error)):
        courier = Courier([Clockwork(late)], Faults(), ack_timeout=limit / 10 / 1000)
        assert asyncio.run(courier.deliver(Delivery("slash_commands", {}))).error == error


def test_event_retries() -> None:
    _, limit = limit_of("event.retries")
    assert len(Courier([], Faults()).retry_waits) == limit
    for refusals in (limit, limit + 1):
        wire = Clockwork(refusals=refusals)
        asyncio.run(deliver_with_retries(wire, limit))
        assert [retry.number if retry else 0 for retry in wire.retries] == list(range(limit + 1))


async def deliver_with_retries(wire: Clockwork, retries: int) -> None:
    courier = Courier([wire], Faults())
    courier.retry_waits = (0.0,) * retries
    assert (await courier.deliver_event(Delivery("events_api", {}))).error == "dispatch_failed"
    await asyncio.gather(*courier._retrying)


@pytest.mark.parametrize("name", ["file.alt_txt", "file.snippet"])
def test_files(quiet: Workspace, name: str) -> None:
    rule, limit = limit_of(name)
    for size, error in ((limit, ""), (limit + 1, rule.error)):
        given = (
            {"alt_txt": "x" * size, "length": 1} if name == "file.alt_txt" else {"snippet_type": "text", "length": size}
        )
        assert error_of(quiet, "files.getUploadURLExternal", filename="web.log", **given) == error


ELSEWHERE = {
    "file.alt_txt": test_files,
    "file.snippet": test_files,
    "rate.channel": test_rate_channel,
    "update.text": test_update_text,
    "post.text": test_post_text_is_cut,
    "post.attachments": test_post_attachments,
    "history.limit": test_page_sizes,
    "users.limit": test_page_sizes,
    "members.limit": test_page_sizes,
    "view.stack": test_view_stack,
    "trigger.seconds": test_trigger_seconds,
    "trigger.uses": test_trigger_uses,
    "response_url.uses": test_response_url_uses,
    "response_url.seconds": test_response_url_seconds,
    "ack.milliseconds": test_ack_milliseconds,
    "event.retries": test_event_retries,
    "socket.connections": "test_socket_mode.py",
}


def test_every_row_is_tested_and_has_a_source() -> None:
    tested = {*BLOCKS, *VIEWS, *MANIFESTS, *ELSEWHERE, *(rule.name for rule in RATES)}
    assert {rule.name for rule in RULES} == tested
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.where for rule in RULES)


def test_every_rated_method_exists() -> None:
    from playground.workspace.methods.registry import METHODS

    assert {rule.name.removeprefix("rate.") for rule in RATES} == set(METHODS)


def test_sizes_of_views_are_bytes() -> None:
    """The case for view.bytes makes views of exactly so many bytes."""
    assert len(json.dumps(VIEWS["view.bytes"](250_000)).encode()) == 250_000
