"""7. Exactly one parent message per operation; its last edit shows the final state, whatever was down in between."""

from __future__ import annotations

import pytest

from bot.posts import LANDING
from bot.slack import Slack
from commands import transitions
from commands.operation import State
from tests.invariants.deck import Deck


class Killed(BaseException):
    """As SIGKILL: nobody catches it."""


def test_a_post_whose_answer_was_lost_is_found_and_not_made_again(deck: Deck):
    deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    deck.workspace.faults.add("chat.postMessage", "drop_after")
    deck.publish()
    deck.pass_time(LANDING)
    deck.publish()
    assert len(deck.messages()) == 1
    assert deck.message().button("Approve")


def test_a_bot_that_died_after_its_post_is_followed_by_one_that_finds_it(deck: Deck, monkeypatch):
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    post = Slack.post

    def posts_and_dies(self, *args, **kwargs):
        post(self, *args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Slack, "post", posts_and_dies)
        with pytest.raises(Killed):
            deck.publish()
    assert len(deck.messages()) == 1
    deck.pass_time(60)
    after = deck.made_bot(deck.made_parts())
    deck.publish(after)
    deck.store.operations.apply(transitions.cancel(deck.load(id), deck.dev.id, "Called off.", deck.clock()))
    deck.publish(after)
    after.stop()
    assert [message.text.rpartition(": ")[2] for message in deck.messages()] == ["cancelled"]


def test_two_bots_at_once_post_once(deck: Deck, monkeypatch):
    """The second comes while the first one's post is on its way: it neither posts nor believes that there is none."""
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    second = deck.made_bot(deck.made_parts())
    post = Slack.post

    def meanwhile(self, *args, **kwargs):
        monkeypatch.setattr(Slack, "post", post)
        with pytest.raises(Exception, match="another publisher"):
            second._delivery.operation(id, 1)
        return post(self, *args, **kwargs)

    monkeypatch.setattr(Slack, "post", meanwhile)
    deck.publish()
    second.stop()
    assert len(deck.messages()) == 1


def test_the_end_is_shown_when_slack_is_back(deck: Deck):
    id = deck.awaiting()
    deck.workspace.faults.add("chat.update", 500, times=2)
    deck.workspace.faults.add("chat.postMessage", 500, times=2)
    deck.store.operations.apply(transitions.expire(deck.load(id), deck.clock()))
    deck.publish()
    assert deck.message().text.endswith(": awaiting approval")
    for _ in range(4):
        deck.pass_time(LANDING)
        deck.publish()
    assert deck.message().text.endswith(": expired")
    assert len(deck.messages()) == 1
    assert len([m for m in deck.workspace.thread(deck.channel, deck.message()) if ": expired" in m.text]) == 1


def test_the_end_is_shown_though_the_bot_that_had_taken_it_died(deck: Deck):
    id = deck.awaiting()
    deck.store.operations.apply(transitions.expire(deck.load(id), deck.clock()))
    assert deck.store.outbox.take(deck.clock())
    deck.publish()
    assert deck.message().text.endswith(": awaiting approval")
    deck.pass_time(15)
    deck.publish()
    assert deck.message().text.endswith(": expired")


def test_however_often_it_is_told_there_is_one_message(deck: Deck):
    id = deck.approved()
    deck.publish()
    deck.act(id)
    for _ in range(3):
        deck.publish()
        deck.bot._delivery.operation(id, 0)
    assert deck.load(id).state is State.OBSERVING
    assert [message.text.rpartition(": ")[2] for message in deck.messages()] == ["observing"]


def test_where_it_is_no_member_nothing_is_carried_out(deck: Deck):
    """A public channel would take a post, but never tell whether it has it."""
    deck.workspace.remove_bot(deck.channel)
    id = deck.asked(deck.dev, "/scale web 5 in staging")
    deck.bot._directory.read([deck.channel.id])
    deck.plan(id)
    deck.publish()
    assert deck.load(id).state is State.REJECTED
    assert deck.cluster.replicas("staging") != 5
    assert deck.told(deck.dev, "Invite me there")
    assert deck.messages() == []


def test_where_it_may_not_look_it_asks_for_no_invitation(deck: Deck):
    """It may well be a member: nobody could follow that advice."""
    deck.workspace.faults.add("conversations.info", "error", code="missing_scope")
    id = deck.asked(deck.dev, "/scale web 5 in staging")
    deck.bot._directory.read([deck.channel.id])
    deck.plan(id)
    deck.publish()
    assert deck.told(deck.dev, "My Slack app lacks a scope")
