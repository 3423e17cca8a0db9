"""11. An approver is not the requester, counts once, and holds the role at the click and still at acting."""

from __future__ import annotations

from dataclasses import replace

from commands import transitions
from commands.config import Config
from commands.demand import Vote
from commands.operation import (
    State,
)
from commands.proof.signatures import signed_vote
from tests.invariants.deck import Deck


def test_the_requester_does_not_approve(deck: Deck):
    """An SRE as well as anybody."""
    id = deck.awaiting(by=deck.sam)
    deck.press(deck.sam, "Approve")
    deck.count()
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())
    deck.told(deck.sam, "You asked for")
    deck.press(deck.robin, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED


def test_the_requester_approves_where_the_environment_says_so(deck: Deck):
    allow_self_approval(deck.config)
    id = deck.awaiting(by=deck.sam)
    deck.press(deck.sam, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED


def allow_self_approval(config: Config) -> None:
    asked = config.environments["prod"].approvals
    assert asked
    object.__setattr__(asked, "self_approval", True)


def test_one_person_counts_once(deck: Deck):
    id = deck.awaiting("/deploy web 1.4.2 to vault")
    shown = deck.message()
    for _ in range(2):
        deck.press(deck.sam, "Approve", shown)
        deck.count()
    assert deck.load(id).state is State.AWAITING
    assert deck.events(id).count("vote received") == 1
    deck.told(deck.sam, "one person counts once")
    deck.press(deck.robin, "Approve", shown)
    deck.count()
    assert deck.load(id).state is State.QUEUED


def test_two_votes_of_one_person_are_one_approval_even_in_a_record(deck: Deck):
    """However the second got there."""
    op = deck.load(deck.awaiting("/deploy web 1.4.2 to vault"))
    assert op.plan
    twice = tuple(Vote(deck.sam.id, op.plan.digest, at, counted=True) for at in (1.0, 2.0))
    assert not replace(op, votes=twice).approved
    assert len(replace(op, votes=twice).approvals) == 1


def test_a_vote_is_pending_until_the_membership_was_read_afresh(deck: Deck):
    id = deck.awaiting()
    before = len(deck.workspace.calls("users.info"))
    deck.press(deck.sam, "Approve")
    assert deck.load(id).state is State.AWAITING
    assert [vote.counted for vote in deck.load(id).votes] == [False]
    assert deck.act(id).state is State.AWAITING
    deck.count()
    assert len(deck.workspace.calls("users.info")) == before + 1
    assert deck.load(id).state is State.QUEUED


def test_who_was_removed_from_the_group_a_moment_ago_does_not_count(deck: Deck):
    """What is cached still says that robin is on call."""
    id = deck.awaiting()
    deck.oncall.members = []
    deck.press(deck.robin, "Approve")
    deck.count()
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())
    assert deck.events(id)[-1] == "vote refused"
    deck.told(deck.robin, "needs the role sre, which you do not hold")


def test_who_is_removed_between_the_click_and_the_act_does_not_count(deck: Deck):
    id = approved_by_robin(deck)
    deck.oncall.members = []
    deck.know()
    failed = deck.act(id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert failed.ending
    assert "does not hold that role" in failed.ending.sentence


def test_a_worker_does_not_act_on_a_membership_older_than_a_minute(deck: Deck):
    id = approved_by_robin(deck)
    deck.pass_time(61)
    assert (deck.act(id).state, deck.cluster.writes) == (State.ACTING, [])
    assert deck.dev.id in deck.store.people.wanted(), "the bot is asked to read them anew"
    deck.know()
    assert deck.act(id).state is State.OBSERVING


def approved_by_robin(deck: Deck) -> str:
    id = deck.awaiting()
    deck.press(deck.robin, "Approve")
    deck.count()
    assert deck.load(id).state is State.QUEUED
    return id


def test_a_requesters_own_vote_in_a_record_is_worth_nothing_at_acting(deck: Deck):
    op = deck.load(deck.awaiting(by=deck.sam))
    assert op.plan
    own = signed_vote(deck.store.key, op.id, Vote(deck.sam.id, op.plan.digest, deck.clock()))
    op = deck.store.operations.apply(transitions.vote(op, own))
    op = deck.store.operations.apply(transitions.count(op, own, deck.clock()))
    assert op.state is State.QUEUED
    assert (deck.act(op.id).state, deck.cluster.writes) == (State.FAILED, [])


def test_a_vote_on_a_record_that_cannot_be_read_does_not_stop_the_count_of_the_others(deck: Deck):
    id = deck.awaiting()
    deck.press(deck.sam, "Approve")
    wire = deck.store._wire
    wire.client.sadd(wire.key("votes"), "op-0000")
    wire.client.hset(wire.key("operation", "op-0000"), "record", '{"schema": 99}')
    deck.count()
    assert deck.load(id).state is State.QUEUED
