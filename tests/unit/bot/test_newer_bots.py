"""During an upgrade: where a newer bot has begun to show a record, this one leaves it to that bot, and says so once."""

from __future__ import annotations

import json

import pytest

from commands import transitions
from tests.unit.bot.desk import Desk


def rewritten(desk: Desk, **news: object) -> str:
    """What stands of the parent message, as another version has it."""
    client, key = desk.store._wire.client, desk.store._wire.key("delivery", "op-2345")
    record = json.dumps(json.loads(str(client.hget(key, "parent"))) | news)
    client.hset(key, "parent", record)
    return record


def test_what_a_newer_bot_shows_is_left_to_it_and_said_once(desk: Desk, caplog: pytest.LogCaptureFixture):
    op = desk.awaiting()
    desk.publish()
    newer = rewritten(desk, schema=99, ts="of the future")
    desk.store.operations.apply(transitions.expire(op, desk.time))
    before = len(desk.workspace.calls())
    for _ in range(3):
        desk.later(10)
    assert len(desk.workspace.calls()) == before
    assert desk.store._wire.client.hget(desk.store._wire.key("delivery", "op-2345"), "parent") == newer
    assert desk.store.outbox.take(desk.time + 10).id == "op-2345", "the newer bot will find it"
    assert caplog.text.count("op-2345: not shown in Slack yet: This record was written by a newer version") == 1


def test_each_place_in_slack_has_a_schema_version_and_one_from_before_is_read(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    assert {place["schema"] for place in desk.store.deliveries.all(op.id).values()} == {1}
    client, key = desk.store._wire.client, desk.store._wire.key("delivery", op.id)
    old = {name: value for name, value in desk.store.deliveries.all(op.id)["parent"].items() if name != "schema"}
    client.hset(key, "parent", json.dumps(old, sort_keys=True, separators=(",", ":")))
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.later(1)
    assert [m.text.rpartition(": ")[2] for m in desk.workspace.messages(desk.channel)] == ["expired"]
