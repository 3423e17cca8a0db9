"""Where a message or its replies are no longer taken: once more where that is possible, else to the requester, then rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.places import ASKED, CHANNEL_GONE, DIRECT, MESSAGE_GONE, NOWHERE, TOP, next_step
from bot.slack import Refused
from commands import transitions
from commands.demand import Demand
from commands.operation import (
    Operation,
)
from tests.unit.bot.building import invocation, plan
from tests.unit.bot.desk import Desk


def in_a_thread(desk: Desk) -> Operation:
    """Asked for in a thread, planned, and waiting for approval."""
    talk = desk.workspace.say(desk.dev, desk.channel, "customers see the old page").message
    said = invocation(desk.channel.id, desk.dev.id)
    said = replace(said, place=replace(said.place, thread=talk.ts))
    op = desk.store.operations.apply(transitions.request("op-2345", said, "prod", desk.time))
    demand = Demand(1, ("sre",), desk.time + 900)
    return desk.store.operations.apply(transitions.planned(op, plan(), demand, desk.time))


def texts(desk: Desk) -> list[str]:
    return [m.text for m in desk.workspace.messages(desk.channel)]


def notes(desk: Desk) -> list[str]:
    return [entry["detail"] for entry in desk.store.audit.export() if entry["event"] == "noted"]


def rests(desk: Desk) -> bool:
    """Nothing more is tried, however long one waits."""
    calls = len(desk.workspace.calls())
    desk.later(600)
    return desk.store.outbox.waiting() == 0 and len(desk.workspace.calls()) == calls


def test_in_a_thread_that_is_gone_it_is_posted_at_the_top_of_the_channel(desk: Desk):
    in_a_thread(desk)
    desk.workspace.delete_message(desk.workspace.messages(desk.channel)[0])
    desk.publish()
    assert texts(desk) == ["deploy web 1 → 2 in prod: awaiting approval"]
    assert notes(desk) == [f"its message could not be posted (thread_not_found); posted again in {desk.channel.id}"]
    assert rests(desk)


def test_a_reply_whose_thread_is_gone_takes_the_message_along(desk: Desk):
    """It stands in a thread that somebody else began, and that is deleted before the end is told."""
    op = in_a_thread(desk)
    desk.publish()
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.workspace.faults.add("chat.postMessage", "error", code="thread_not_found")
    desk.later(1)
    _, parent = desk.workspace.messages(desk.channel)
    assert parent.text == "deploy web 1 → 2 in prod: expired"
    assert "expired" in desk.workspace.thread(desk.channel, parent)[-1].text
    assert notes(desk) == [f"its message was gone (thread_not_found); posted again in {desk.channel.id}"]
    assert rests(desk)


def test_a_reply_whose_channel_is_gone_goes_to_the_requester_with_the_message(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.workspace.faults.add("chat.postMessage", "error", code="is_archived")
    desk.later(1)
    direct = desk.workspace.dm(desk.dev)
    (parent,) = desk.workspace.messages(direct)
    assert parent.text.endswith(": expired")
    assert "expired" in desk.workspace.thread(direct, parent)[-1].text
    assert notes(desk) == [f"its message was gone (is_archived); posted again in {direct.id}"]
    assert rests(desk)


def test_a_requester_who_has_left_is_not_written_to_for_ever(desk: Desk):
    desk.awaiting()
    desk.workspace.archive(desk.channel)
    desk.workspace.deactivate(desk.dev)
    desk.publish()
    assert notes(desk) == ["its message could not be posted (is_archived); there is nobody left to tell"]
    assert rests(desk)


def test_one_who_has_left_is_not_told_of_a_refusal_for_ever(desk: Desk):
    move = transitions.request("op-2345", invocation(desk.channel.id, desk.dev.id), "prod", desk.time)
    op = desk.store.operations.apply(move)
    desk.workspace.leave(desk.channel, desk.dev)
    desk.workspace.deactivate(desk.dev)
    desk.store.operations.apply(transitions.reject(op, "nothing to change", desk.time))
    desk.publish()
    assert rests(desk)


@pytest.mark.parametrize("code", sorted(MESSAGE_GONE | CHANNEL_GONE))
def test_every_way_down_ends_after_three_steps(code: str):
    step, taken = ASKED, []
    while step != NOWHERE:
        taken.append(step)
        step = next_step({"step": step}, Refused("chat.postMessage", code))
    assert taken == ([ASKED, TOP, DIRECT] if code in MESSAGE_GONE else [ASKED, DIRECT])
