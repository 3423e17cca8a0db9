"""Somebody can write our Redis, but has neither the signing key nor a person's say: no record of theirs is acted on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import canonical, transitions
from commands.demand import Vote
from commands.operation import (
    Operation,
    Origin,
    State,
)
from commands.proof.signatures import signed_request, signed_vote
from commands.proof.signing import Key
from tests.invariants.deck import Deck

THEIRS = Key(b"a key of their own, long enough to be taken for one")


def put(deck: Deck, operation: Operation) -> None:
    """Write a record past the store, as one who holds Redis can."""
    key = deck.store._wire.key("operation", operation.id)
    deck.store._wire.client.hset(key, mapping={"version": operation.version, "record": canonical.dump(operation)})


def acted(deck: Deck, operation: Operation) -> Operation:
    put(deck, operation)
    return deck.act(operation.id)


def refused(deck: Deck, ended: Operation, why: str) -> None:
    assert deck.cluster.writes == []
    assert ended.state is State.FAILED
    assert ended.ending
    assert why in ended.ending.sentence


def approving(deck: Deck, op: Operation, key: Key | None = None) -> Vote:
    assert op.plan
    return signed_vote(key, op.id, Vote(deck.sam.id, op.plan.digest, deck.clock(), counted=True))


@pytest.mark.parametrize("key", [None, THEIRS], ids=["unsigned", "signed with another key"])
def test_a_vote_that_was_written_into_the_record_counts_for_nothing(deck: Deck, key: Key | None):
    op = deck.load(deck.awaiting())
    forged = replace(op, state=State.QUEUED, votes=(approving(deck, op, key),))
    refused(deck, acted(deck, forged), "did not approve")


def test_a_vote_on_one_operation_is_none_on_another(deck: Deck):
    genuine = deck.load(deck.approved()).votes
    deck.store.operations.apply(
        transitions.cancel(deck.load(deck.store.operations.in_flight()[0].id), deck.sam.id, "", deck.clock())
    )
    other = deck.load(deck.awaiting())
    assert other.plan
    moved = replace(other, state=State.QUEUED, votes=tuple(replace(v, digest=other.plan.digest) for v in genuine))
    refused(deck, acted(deck, moved), "did not approve")


def test_a_vote_to_one_plan_is_none_to_another_whatever_the_record_says(deck: Deck):
    op = deck.load(deck.approved())
    assert op.plan
    promise = replace(op.plan.promise, verb="deploy", arguments={"version": "evil"})
    edited = replace(op.plan, promise=promise, digest=promise.digest)
    votes = tuple(replace(vote, digest=promise.digest) for vote in op.votes)
    refused(deck, acted(deck, replace(op, plan=edited, votes=votes)), "bears no signature of a worker")


def test_a_plan_that_was_edited_alone_is_not_the_one_that_was_shown(deck: Deck):
    op = deck.load(deck.approved())
    assert op.plan
    edited = replace(op.plan, promise=replace(op.plan.promise, arguments={"version": "evil"}))
    refused(deck, acted(deck, replace(op, plan=edited)), "its digest does not match")


def test_who_asked_cannot_be_exchanged_to_approve_ones_own(deck: Deck):
    """Sam asks and sam approves: were somebody else the requester, that would be one approval of another's."""
    op = deck.load(deck.awaiting(by=deck.sam))
    said = replace(op.invocation, person=replace(op.invocation.person, id=deck.robin.id))
    key = Key(b"5" * 64)
    forged = replace(op, state=State.QUEUED, invocation=said, votes=(approving(deck, op, key),))
    refused(deck, acted(deck, forged), "bears no signature of the bot")


@pytest.mark.parametrize("state", [State.PLANNING, State.QUEUED])
def test_what_was_asked_for_cannot_be_exchanged_where_nobody_approves(deck: Deck, state: State):
    """No digest was ever approved, so the arguments have to be those that the bot heard."""
    asked = deck.load(deck.asked(deck.dev, "/deploy web 1.4.2 to staging"))
    evil = {"workload": "web", "version": "6.6.6"}
    if state is State.QUEUED:
        deck.plan(asked.id)
        asked = deck.load(asked.id)
        evil = {**asked.invocation.arguments, "version": "6.6.6"}
        deck.cluster.writes.clear()
        deck.cluster.web("staging")
    put(deck, replace(asked, state=state, written=None, invocation=replace(asked.invocation, arguments=evil)))
    deck.plan(asked.id)
    deck.act(asked.id)
    assert deck.cluster.writes == []
    ended = deck.load(asked.id)
    assert ended.ending
    assert "bears no signature of the bot" in ended.ending.sentence


@pytest.mark.parametrize("what", ["channel", "words", "origin"])
def test_where_and_in_which_words_it_was_asked_cannot_be_exchanged(deck: Deck, what: str):
    """Rules may be about the channel, people read the words, and an origin chooses what is undone."""
    op = deck.load(deck.approved())
    said = op.invocation
    forged = {
        "channel": replace(op, invocation=replace(said, place=replace(said.place, channel="C0ELSEWHERE"))),
        "words": replace(op, invocation=replace(said, text="/deploy web 1.4.1 to prod")),
        "origin": replace(op, origin=Origin("op-2345", "rollback")),
    }[what]
    refused(deck, acted(deck, forged), "bears no signature of the bot")


@pytest.mark.parametrize("state", [State.PLANNING, State.QUEUED])
@pytest.mark.parametrize("key", [None, THEIRS], ids=["unsigned", "signed with another key"])
def test_an_operation_nobody_asked_for_is_neither_planned_nor_carried_out(deck: Deck, state: State, key: Key | None):
    """Where nobody has to approve, a whole record and a job for it would be all it takes."""
    asked = deck.load(deck.planned(deck.dev, "/deploy web 1.4.2 to staging"))
    deck.store.operations.apply(transitions.cancel(asked, deck.dev.id, "", deck.clock()))
    deck.cluster.writes.clear()
    deck.cluster.web("staging")
    invented = replace(asked, id="op-9999", state=state, version=1, written=None, signature=None)
    put(deck, signed_request(key, invented))
    deck.plan("op-9999")
    deck.act("op-9999")
    assert deck.cluster.writes == []
    ended = deck.load("op-9999")
    assert ended.state in {State.REJECTED, State.FAILED}
    assert ended.ending
    assert "bears no signature of the bot" in ended.ending.sentence


def test_a_pending_vote_that_was_never_given_is_struck_out_and_the_person_told(deck: Deck):
    op = deck.load(deck.awaiting())
    forged = replace(approving(deck, op), counted=False)
    put(deck, replace(op, votes=(forged,)))
    deck.store._wire.client.sadd(deck.store._wire.key("votes"), op.id)
    deck.count()
    assert (deck.load(op.id).state, deck.load(op.id).votes) == (State.AWAITING, ())
    deck.told(deck.sam, "it was not given through me")


def test_a_plan_that_reads_otherwise_than_it_was_made_cannot_be_approved(deck: Deck):
    """What is written stays the same; what approvers would read is harmless."""
    op = deck.load(deck.awaiting())
    assert op.plan
    put(deck, replace(op, plan=replace(op.plan, summary="web 1.4.1 → 1.4.1-harmless", diff=())))
    deck.press(deck.sam, "Approve")
    assert deck.load(op.id).votes == ()
    deck.told(deck.sam, "bears no signature of a worker")


def test_whose_yes_it_waits_for_cannot_be_lowered(deck: Deck):
    op = deck.load(deck.approved())
    refused(deck, acted(deck, replace(op, demand=None)), "bears no signature of a worker")


def test_a_record_that_is_put_back_long_afterwards_is_not_acted_on_again(deck: Deck):
    """All its signatures are genuine; what it did has been undone since."""
    op = deck.load(deck.approved())
    deck.act(op.id)
    deck.cluster.writes.clear()
    deck.cluster.web("prod")
    deck.pass_time(2 * 3600)
    deck.know()
    put(deck, op)
    refused(deck, deck.act(op.id), "too long ago")
