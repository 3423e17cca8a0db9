"""Two bots, one of which stalls in the middle of a call: for longer than its hold, for longer than anybody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event

import pytest

from bot.budget import Budget
from bot.posts import LANDING
from bot.publisher import BACKOFF
from bot.slack import Slack, Unanswered
from commands import transitions
from commands.demand import Vote
from commands.store.outbox import HOLD
from tests.unit.bot.desk import Desk


@pytest.fixture
def meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """While the first bot's next call of that kind is on its way (it lands in the end), so many seconds pass and a second
    bot does all it can do."""

    def stall(method: str, seconds: float, *then: Callable[[], object]) -> None:
        second, real = desk.another(), getattr(Slack, method)

        def call(self, *args, **kwargs):
            monkeypatch.setattr(Slack, method, real)
            for step in then:
                step()
            desk.time += seconds
            second.step(Event())
            return real(self, *args, **kwargs)

        monkeypatch.setattr(Slack, method, call)

    return stall


def said(desk: Desk) -> list[str]:
    """The parent messages, and below them the replies."""
    parents = desk.workspace.messages(desk.channel)
    replies = [r.text for p in parents for r in desk.workspace.thread(desk.channel, p) if r.ts != p.ts]
    return [p.text.rpartition(": ")[2] for p in parents] + replies


@pytest.mark.parametrize("seconds", [HOLD + 1, LANDING + 1])
def test_a_post_that_stalls_is_one_message(desk: Desk, meanwhile, seconds: float):
    meanwhile("post", seconds)
    desk.awaiting()
    desk.publish()
    desk.later(LANDING)
    assert len(said(desk)) == 2, "the message, and its one reply"
    assert said(desk)[0] == "awaiting approval"


@pytest.mark.parametrize("seconds", [HOLD + 1, LANDING + 1])
def test_an_edit_that_stalls_brings_no_second_reply(desk: Desk, meanwhile, seconds: float):
    op = desk.awaiting()
    desk.publish()
    meanwhile("update", seconds)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    desk.later(LANDING)
    state, *replies = said(desk)
    assert state == "expired"
    assert len([r for r in replies if "expired" in r]) == 1


@pytest.mark.parametrize("seconds", [HOLD + 1, LANDING + 1])
def test_a_reply_that_stalls_is_one_reply(desk: Desk, meanwhile, seconds: float):
    op = desk.awaiting()
    desk.publish()
    meanwhile("post", seconds)
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    desk.later(LANDING)
    state, *replies = said(desk)
    assert state == "expired"
    assert len([r for r in replies if "expired" in r]) == 1


def test_an_old_edit_that_lands_after_the_last_one_is_made_good(desk: Desk, meanwhile):
    """The first bot was to show a vote; the end comes, and the second shows it, before the first one's call arrives."""
    op = desk.awaiting()
    desk.publish()
    op = desk.store.operations.apply(transitions.vote(op, Vote("U0SAM", op.plan.digest, desk.time)))
    meanwhile("update", HOLD + 1, lambda: desk.store.operations.apply(transitions.expire(op, desk.time)))
    desk.later(1)
    assert said(desk)[0] == "expired"
    assert desk.store.outbox.waiting() == 0


class Killed(BaseException):
    """As SIGKILL: nobody catches it."""


@pytest.mark.parametrize(("end", "seconds"), [(Killed, HOLD + 1), (Unanswered, BACKOFF + 1)])
def test_an_edit_that_lands_when_its_bot_knows_no_more_of_it_is_shown_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, end: type[BaseException], seconds: float
):
    """It was on its way when the bot died, or had given it up; another shows the end meanwhile."""
    op = desk.awaiting()
    desk.publish()
    op = desk.store.operations.apply(transitions.vote(op, Vote("U0SAM", op.plan.digest, desk.time)))
    update, late = Slack.update, []

    def never_answered(self, *args, **kwargs):
        late.append(lambda: update(self, *args, **kwargs))
        monkeypatch.setattr(Slack, "update", update)
        raise end("no answer came")

    monkeypatch.setattr(Slack, "update", never_answered)
    desk.time += 1
    with suppress(Killed):
        desk.publish()
    desk.store.operations.apply(transitions.expire(op, desk.time))
    second = desk.another()
    desk.time += seconds
    second.step(Event())
    assert said(desk)[0] == "expired", "the end does not wait for what may come"
    late.pop()()
    assert said(desk)[0] == "awaiting approval"
    desk.time += LANDING
    second.step(Event())
    assert said(desk)[0] == "expired"
    assert desk.store.outbox.waiting() == 0
    assert len([reply for reply in said(desk)[1:] if "expired" in reply]) == 1


def test_an_edit_that_slack_refuses_leaves_nothing_to_wait_for(desk: Desk):
    op = desk.awaiting()
    desk.publish()
    desk.workspace.faults.add("chat.update", "429")
    desk.store.operations.apply(transitions.expire(op, desk.time))
    desk.publish()
    desk.later(60)
    assert said(desk)[0] == "expired"
    assert "edits_land_by" not in desk.store.deliveries.all(op.id)["parent"]
    assert len(desk.workspace.calls("chat.update")) == 2


def test_who_read_before_another_announced_does_not_announce(desk: Desk, meanwhile, monkeypatch):
    """Both have read that nothing is posted; the compare-and-set lets one of them announce it."""
    desk.awaiting()
    second, take = desk.another(), Budget.take

    def both_have_read(self, *args):
        monkeypatch.setattr(Budget, "take", take)
        desk.time += HOLD + 1
        second.step(Event())
        take(self, *args)

    monkeypatch.setattr(Budget, "take", both_have_read)
    desk.publish()
    assert len(desk.workspace.calls("chat.postMessage")) == 2, "the message, and its one reply"
