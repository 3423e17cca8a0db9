"""Somebody can write our Redis: what they make of an operation that has ended is not said anew by who presses its buttons."""

from __future__ import annotations

from dataclasses import replace

from commands.operation import Operation
from tests.attacks.test_forged_records import put
from tests.invariants.deck import Deck


def refused(deck: Deck, whose: str) -> None:
    assert deck.told(deck.dev, f"bears no signature of {whose}")
    assert deck.store.operations.in_flight() == []


def called_off(deck: Deck, text: str, button: str) -> Operation:
    """Shown with the buttons of what has ended."""
    id = deck.planned(deck.dev, text)
    deck.publish()
    deck.press(deck.dev, button)
    deck.publish()
    return deck.load(id)


def test_asking_again_does_not_ask_for_what_was_never_asked(deck: Deck):
    """The bot would sign the words of whoever wrote them as those of who presses."""
    op = called_off(deck, "/deploy web 1.4.2 to prod", "Cancel")
    evil = {**op.invocation.arguments, "version": "6.6.6"}
    put(deck, replace(op, invocation=replace(op.invocation, arguments=evil)))
    deck.press(deck.dev, "Ask again")
    refused(deck, "the bot")


def test_roll_back_does_not_go_to_where_nothing_came_from(deck: Deck):
    op = called_off(deck, "/scale web 5 in staging", "Stop following")
    assert op.plan
    put(deck, replace(op, plan=replace(op.plan, replicas=500)))
    deck.press(deck.dev, "Roll back")
    refused(deck, "a worker")


def test_roll_back_is_of_what_the_plan_was_for(deck: Deck):
    op = called_off(deck, "/scale web 5 in staging", "Stop following")
    assert op.target
    put(deck, replace(op, target=replace(op.target, name="pay")))
    deck.press(deck.dev, "Roll back")
    [after] = deck.store.operations.in_flight()
    assert after.invocation.arguments["workload"].casefold() == "deployment/web"
