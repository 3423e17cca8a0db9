"""12. Any number of deliveries, clicks, retries and restarts gives one operation, one act, one message."""

from __future__ import annotations

from commands.operation import State
from tests.invariants.deck import Deck


def test_a_command_delivered_three_times_is_one_operation(deck: Deck):
    said = deck.workspace.say(deck.dev, deck.channel, "/scale web 5 in staging")
    acks = [said.ack, *(deck.workspace.redeliver(said).ack for _ in range(2))]
    assert acks == [said.ack] * 3
    assert len(deck.store.operations.in_flight()) == 1


def test_an_event_delivered_three_times_is_one_operation(deck: Deck):
    said = deck.workspace.say(deck.dev, deck.channel, "@bot scale web 5 in staging")
    for _ in range(2):
        deck.workspace.redeliver(said)
    assert len(deck.store.operations.in_flight()) == 1


def test_the_same_words_said_twice_are_two_operations(deck: Deck):
    """Repetition of a delivery is told from repetition by a person."""
    for _ in range(2):
        deck.asked(deck.dev, "/scale web 5 in staging")
    assert len(deck.store.operations.in_flight()) == 2


def test_a_question_delivered_twice_is_answered_once(deck: Deck):
    said = deck.workspace.say(deck.dev, deck.channel, "/ops logs web in prod")
    deck.workspace.redeliver(said)
    deck.bot._hints.stop()
    assert [name for name, _ in deck.jobs()] == ["report"]


def test_approve_pressed_again_and_again_is_one_vote_and_one_act(deck: Deck):
    id = deck.awaiting()
    shown = deck.message()
    for _ in range(3):
        deck.press(deck.sam, "Approve", shown)
        deck.count()
    assert deck.load(id).state is State.QUEUED
    assert deck.events(id).count("vote received") == 1
    assert deck.events(id).count("approved") == 1


def test_retry_pressed_again_and_again_is_one_new_operation(deck: Deck):
    id = deck.awaiting()
    deck.press(deck.sam, "Cancel")
    deck.publish()
    for person in (deck.dev, deck.dev, deck.sam):
        deck.workspace.click(person, deck.message(), action_id="retry")
    assert [(op.origin.id, op.origin.relation) for op in deck.store.operations.in_flight() if op.origin] == [
        (id, "retry")
    ]
    deck.told(deck.dev, "pressed already")


def test_an_act_job_that_comes_again_and_again_is_one_act(deck: Deck):
    id = deck.approved()
    for _ in range(3):
        deck.act(id)
    assert deck.load(id).state is State.OBSERVING
    assert len(deck.cluster.writes) == 1
    assert [deck.events(id).count(event) for event in ("acting", "written")] == [1, 1]


def test_a_plan_job_that_comes_again_and_again_is_one_plan(deck: Deck):
    id = deck.awaiting()
    for _ in range(3):
        deck.plan(id)
    deck.publish()
    assert deck.events(id) == ["requested", "planned"]
    assert len(deck.messages()) == 1


def test_a_job_that_is_lost_is_due_again(deck: Deck):
    """Nothing hangs between two systems: whatever has not ended is in ``due``."""
    id = deck.approved()
    assert id in deck.store.operations.due(deck.clock() + 5)
    deck.act(id)
    assert id in deck.store.operations.due(deck.clock() + 30)
