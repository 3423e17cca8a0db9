"""5. Fail closed: what cannot be read allows nothing, and the person is told so."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

from commands.config import Rules
from commands.operation import State
from commands.store import Store, hurried
from tests.invariants.deck import Deck

SENTENCE = "I can't reach my own records, nothing was changed"


@contextmanager
def redis_gone(deck: Deck):
    """For listeners; what tells the person afterwards needs none."""
    gone = replace(deck.made_parts(), hurried=Store(hurried("redis://127.0.0.1:1"), deck.prefix))
    bot = deck.made_bot(gone)
    deck.listen(bot)
    yield
    bot.stop()


def test_without_redis_a_command_is_refused_in_plain_words(deck: Deck):
    with redis_gone(deck):
        assert SENTENCE in deck.say(deck.dev, "/scale web 5 in staging")
    assert deck.store.operations.in_flight() == []


def test_without_redis_a_click_is_refused_in_plain_words(deck: Deck):
    id = deck.awaiting()
    with redis_gone(deck):
        assert [deck.press(deck.sam, button).error for button in ("Cancel", "Approve")] == ["", ""]
        deck.told(deck.sam, SENTENCE)
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())


def test_who_is_not_known_plans_nothing_and_is_told_in_the_end(deck: Deck):
    """Slack cannot be asked: the bot's listeners let it pass, for the worker decides."""
    id = deck.asked(deck.dev, "/scale web 5 in staging")
    forget(deck, deck.dev.id)
    assert deck.plan(id).state is State.PLANNING
    deck.pass_time(61)
    ended = deck.plan(id)
    assert (ended.state, deck.cluster.writes) == (State.REJECTED, [])
    assert "Slack has not yet told who" in ended.ending.sentence


def test_an_approver_who_cannot_be_read_any_more_does_not_count_at_acting(deck: Deck):
    id = deck.approved()
    forget(deck, deck.sam.id)
    assert deck.act(id).state is State.ACTING
    assert deck.cluster.writes == []
    deck.pass_time(601)
    assert deck.act(id).state is State.FAILED
    assert deck.cluster.writes == []


def test_a_vote_waits_while_slack_does_not_say_who_it_is(deck: Deck):
    id = deck.awaiting()
    deck.workspace.faults.add("users.info", 500, times=3)
    deck.press(deck.sam, "Approve")
    deck.count()
    assert deck.load(id).state is State.AWAITING
    assert [vote.counted for vote in deck.load(id).votes] == [False]
    deck.workspace.faults.clear()
    deck.count()
    assert deck.load(id).state is State.QUEUED


def test_a_rule_that_is_gone_from_the_policy_allows_nothing(deck: Deck):
    """The bot still runs with the old file; the worker has read the new one."""
    id = deck.approved()
    deck.context = replace(deck.context, rules=Rules(deck.config.model_copy(update={"permissions": ()})))
    failed = deck.act(id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert "no rule allows it to anyone" in failed.ending.sentence


def test_a_cluster_that_does_not_answer_changes_nothing_and_is_said(deck: Deck):
    id = deck.approved()
    deck.cluster.gone = True
    assert deck.act(id).state is State.ACTING
    deck.pass_time(601)
    failed = deck.act(id)
    assert failed.state is State.FAILED
    assert "I stopped trying" in failed.ending.sentence


def forget(deck: Deck, person: str) -> None:
    deck.store._wire.client.hdel(deck.store._wire.key("people"), person)


def test_who_is_not_known_cancels_nothing_yet_and_is_read_from_slack(deck: Deck):
    id = deck.awaiting("/deploy web 1.4.2 to prod", by=deck.robin)
    forget(deck, deck.dev.id)
    deck.press(deck.dev, "Cancel")
    deck.told(deck.dev, "I don't know you yet")
    assert deck.load(id).state is State.AWAITING
    deck.bot._directory.read_wanted()
    deck.press(deck.dev, "Cancel")
    assert deck.load(id).state is State.CANCELLED
