"""One parent message an operation, its thread once, and the truth in the end, whatever Slack does meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.posts import LANDING, SETTLING
from commands import transitions
from commands.demand import Demand, Vote
from commands.invocation import Place
from commands.progress import Progress
from commands.report import Report
from commands.store import Question
from tests.unit.bot.building import invocation, plan
from tests.unit.bot.desk import Desk


def test_one_parent_message_and_the_approvers_are_called_once(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    cast = Vote("U0SAM", op.plan.digest, desk.time)
    desk.store.operations.apply(transitions.vote(op, cast))
    desk.later(1)
    (message,) = desk.workspace.messages(desk.channel)
    assert message.text == "deploy web 1 → 2 in prod: awaiting approval"
    assert len([m for m in desk.workspace.thread(desk.channel, message) if "needs approval" in m.text]) == 1


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "500", "502", "429"])
def test_a_post_of_which_nothing_is_known_is_looked_for_before_it_is_made_again(desk: Desk, fault: str):
    desk.workspace.faults.add("chat.postMessage", fault)
    desk.awaiting()
    desk.publish()
    desk.later(3)
    desk.later(LANDING)
    assert len(desk.workspace.messages(desk.channel)) == 1


def test_what_a_gateway_answered_for_slack_may_land_a_moment_later(desk: Desk):
    """Slack's own 500 ends the call; a gateway's page tells nothing of what it had passed on."""
    desk.workspace.faults.add("chat.postMessage", "502")
    desk.awaiting()
    desk.publish()
    desk.later(SETTLING - 1)
    assert len(desk.workspace.calls("chat.postMessage")) == 1, "it is looked for, not made again"
    desk.later(2)
    assert len(desk.workspace.messages(desk.channel)) == 1


def test_a_post_that_another_publisher_announced_is_waited_for(desk: Desk):
    desk.awaiting()
    announced = {"channel": desk.channel.id, "thread": None, "step": 0, "landed_by": desk.time + LANDING}
    desk.store.deliveries.move("op-2345", "parent", None, announced)
    desk.publish()
    assert desk.workspace.messages(desk.channel) == []
    desk.later(LANDING + 1)
    assert len(desk.workspace.messages(desk.channel)) == 1


def test_who_asked_is_told_once_that_planning_waits_for_the_cluster(desk: Desk):
    op = transitions.request("op-2345", invocation(desk.channel.id, desk.dev.id), "prod", desk.time)
    desk.store.operations.apply(op)
    lease = desk.store.leases.take("operation-op-2345", 15.0)
    assert lease
    for _ in range(2):
        desk.later(5)
        desk.store.operations.note_progress("op-2345", Progress("It cannot be reached.", 0, 0, 0, 0, desk.time), lease)
        desk.publish()
    told = [m.text for m in desk.workspace.private(desk.dev, desk.channel)]
    assert told == ["op-2345: It cannot be reached."]
    assert desk.workspace.messages(desk.channel) == []


def test_the_final_state_is_shown_though_progress_is_held_back(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    while desk.store.budgets.take("chat.update", desk.time, per_minute=50, most=25, spare=1) == 0:
        pass
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    assert desk.workspace.messages(desk.channel)[0].text.endswith(": expired")


def test_a_message_that_was_deleted_is_posted_once_more_and_that_is_recorded(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.workspace.delete_message(desk.workspace.messages(desk.channel)[0])
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.later(1)
    (message,) = desk.workspace.messages(desk.channel)
    assert message.text.endswith(": expired")
    assert [e["event"] for e in desk.store.audit.export()][-1] == "noted"


def test_in_an_archived_channel_the_requester_is_told_directly(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.workspace.archive(desk.channel)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.later(1)
    assert desk.workspace.messages(desk.workspace.dm(desk.dev))[0].text.endswith(": expired")


def test_a_rejected_request_leaves_no_trace_in_the_channel(desk: Desk):
    move = transitions.request("op-2345", invocation(desk.channel.id, desk.dev.id), "prod", desk.time)
    op = desk.store.operations.apply(move)
    desk.store.operations.apply(transitions.reject(op, "web runs 2 already; nothing to change.", desk.time))
    desk.publish()
    assert desk.workspace.messages(desk.channel) == []
    assert "nothing to change" in desk.workspace.private(desk.dev)[0].plain()


def test_in_a_channel_archived_before_the_first_post_the_requester_is_told_directly(desk: Desk):
    """It could be posted in when it was planned."""
    desk.awaiting()
    desk.workspace.archive(desk.channel)
    desk.publish()
    desk.later(1)
    (message,) = desk.workspace.messages(desk.workspace.dm(desk.dev))
    assert message.text.endswith(": awaiting approval")
    assert desk.store.outbox.waiting() == 0
    assert "could not be posted (is_archived)" in list(desk.store.audit.export())[-1]["detail"]


def test_a_lost_post_in_a_channel_that_cannot_be_read_any_more_is_made_elsewhere(desk: Desk):
    """Removed before it could look: whether that post landed it will never know, nor could it edit it."""
    desk.workspace.faults.add("chat.postMessage", "drop_after")
    desk.awaiting()
    desk.publish()
    desk.workspace.remove_bot(desk.channel)
    desk.later(3)
    (message,) = desk.workspace.messages(desk.workspace.dm(desk.dev))
    assert message.text.endswith(": awaiting approval")
    assert desk.store.outbox.waiting() == 0


def test_a_record_that_cannot_be_shown_does_not_stop_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.awaiting()
    fine = desk.publisher._delivery.operation

    def stumble(id: str, level: int) -> None:
        if id == "op-1111":
            raise KeyError("a fault of ours")
        fine(id, level)

    monkeypatch.setattr(desk.publisher._delivery, "operation", stumble)
    move = transitions.request("op-1111", invocation(desk.channel.id, desk.dev.id), "prod", desk.time)
    op = desk.store.operations.apply(move)
    desk.store.operations.apply(transitions.planned(op, plan(), Demand(1, ("sre",), 1.0), desk.time - 9))
    desk.publish()
    assert len(desk.workspace.messages(desk.channel)) == 1
    assert desk.store.outbox.waiting() == 1, "it is tried again later"


def test_where_slack_takes_no_more_edits_the_thread_tells_the_end_and_how_many_are_ahead(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.store.budgets.block("chat.update", desk.time, 30)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    (message,) = desk.workspace.messages(desk.channel)
    assert message.text.endswith(": awaiting approval"), "it does not pretend"
    thread = [m.text for m in desk.workspace.thread(desk.channel, message)]
    assert any("expired" in text for text in thread)
    assert any("0 ahead" in text for text in thread)
    desk.later(60)
    assert desk.workspace.messages(desk.channel)[0].text.endswith(": expired")


def test_a_crowd_before_it_is_told_however_short_the_wait(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    wire, later = desk.store.outbox._wire, desk.time + 60
    wire.client.zadd(wire.key("outbox", "0"), {f"op-999{number}": later for number in range(12)})
    desk.store.budgets.block("chat.update", desk.time, 1)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    (message,) = desk.workspace.messages(desk.channel)
    told = "Slack takes no more edits at the moment (12 ahead): the message above will follow."
    assert [m.text for m in desk.workspace.thread(desk.channel, message) if "ahead" in m.text] == [told]


def test_a_short_wait_is_not_worth_a_word(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.store.budgets.block("chat.update", desk.time, 1)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    desk.later(2)
    (message,) = desk.workspace.messages(desk.channel)
    assert message.text.endswith(": expired")
    assert not any("ahead" in m.text for m in desk.workspace.thread(desk.channel, message))


def answered(desk: Desk, thread: str | None = None) -> None:
    """A question that was asked with a mention, so that the channel reads its answer."""
    asked = invocation(desk.channel.id, desk.dev.id)
    question = Question("re-2345", replace(asked, place=Place(desk.channel.id, thread)), False, 600, desk.time)
    desk.store.reports.ask(question, "event:1")
    desk.store.reports.answer(question, Report("web in prod: 3 of 3 ready"), desk.time)


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "500", "502", "429"])
def test_a_public_answer_of_which_nothing_is_known_is_looked_for_before_it_is_given_again(desk: Desk, fault: str):
    desk.workspace.faults.add("chat.postMessage", fault)
    answered(desk)
    desk.publish()
    desk.later(3)
    desk.later(LANDING)
    assert [m.text for m in desk.workspace.messages(desk.channel)] == ["web in prod: 3 of 3 ready"]
    assert desk.store.outbox.waiting() == 0


def test_an_answer_in_a_thread_is_looked_for_there(desk: Desk):
    desk.awaiting()
    desk.publish()
    (parent,) = desk.workspace.messages(desk.channel)
    desk.workspace.faults.add("chat.postMessage", "drop_after")
    answered(desk, parent.ts)
    desk.publish()
    desk.later(LANDING)
    assert [m.text for m in desk.workspace.thread(desk.channel, parent)].count("web in prod: 3 of 3 ready") == 1


def test_an_answer_that_may_not_stand_in_the_channel_is_given_to_the_asker_alone(desk: Desk):
    desk.workspace.archive(desk.channel)
    answered(desk)
    desk.publish()
    desk.later(1)
    assert [m.text for m in desk.workspace.messages(desk.workspace.dm(desk.dev))] == ["web in prod: 3 of 3 ready"]
    assert desk.store.outbox.waiting() == 0
