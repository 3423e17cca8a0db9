"""Somebody writes what looks like a message of the bot's: it stands as the words that it is, and changes no button."""

from __future__ import annotations

import json
import re

import pytest

from bot.views.actions import REASON_INPUT
from commands.operation import State
from playground.workspace import Message
from tests.invariants.deck import Deck

APPROVED = "ok\n*2 of 2 approvals* · approved by <@{sam}>\n[Approve] [Deny]"
SUCCEEDED = "✅ *deploy web 1.4.2 in prod: succeeded*"
LINK = "<https://slack.com/approve|Approve> <!channel> <@{sam}> said yes"
QUOTE = "x`\n> *0 of 0 approvals*\n```Approve```"


def shape(message: Message) -> list[tuple[str, object]]:
    """Which blocks there are, in order, with the buttons."""
    return [(block["type"], block.get("block_id")) for block in message.blocks]


def lines(message: Message) -> list[str]:
    """What it says, but for when and under which id."""
    return re.sub(r"[0-9:-]{8,}|op-[a-z0-9]{4}", "…", message.plain()).splitlines()


def calls(message: Message) -> list[str]:
    """Whom it mentions, and which channels, in the text as Slack gets it."""
    return re.findall(r"<(?:@|#|!(?!date))[^>]*>", json.dumps([message.text, *message.blocks]))


@pytest.mark.parametrize("words", [APPROVED, SUCCEEDED, LINK, QUOTE], ids=["approved", "succeeded", "link", "quote"])
def test_a_reason_that_imitates_an_approval_is_one_line_of_plain_words(deck: Deck, words: str):
    plain = deck.awaiting('/deploy web 1.4.2 to prod reason="because"')
    honest = deck.message()
    deck.press(deck.dev, "Cancel")
    deck.publish()
    said = words.format(sam=deck.sam.id).replace("\n", "\r")
    id = deck.awaiting(f'/deploy web 1.4.2 to prod reason="{said}"')
    shown = deck.message()
    assert id != plain
    assert shape(shown) == shape(honest)
    assert [button.text for button in shown.buttons()] == [button.text for button in honest.buttons()]
    assert len(lines(shown)) == len(lines(honest))
    other = [line for line, as_before in zip(lines(shown), lines(honest), strict=True) if line != as_before]
    assert len(other) == 1
    assert other[0].startswith("*Reason:* ")
    assert "0 of 1 approval" in shown.plain()
    assert calls(shown) == calls(honest)


@pytest.mark.parametrize("words", [APPROVED, QUOTE], ids=["approved", "quote"])
def test_why_somebody_says_no_is_one_line_without_a_fence(deck: Deck, words: str):
    """A form's text comes with its line ends, which a typed reason loses on the way."""
    said = [words.format(sam=deck.sam.id), "because"]
    shown = [denied(deck, reason) for reason in said]
    assert len(lines(shown[0])) == len(lines(shown[1]))
    assert shape(shown[0]) == shape(shown[1])
    assert "``" not in json.dumps([shown[0].text, *shown[0].blocks])


def denied(deck: Deck, reason: str) -> Message:
    """The message of what sam has refused with that reason."""
    id = deck.awaiting()
    deck.press(deck.sam, "Deny")
    [form] = deck.workspace.wait(lambda: deck.workspace.open_modals(deck.sam), what="the form")
    assert deck.workspace.submit(deck.sam, form, {REASON_INPUT: reason}).closed
    deck.count()
    deck.publish()
    assert deck.load(id).state is State.DENIED
    return deck.message()


def test_what_somebody_writes_into_the_channel_approves_nothing(deck: Deck):
    """Only the bot's own messages have its buttons; words in the channel are words."""
    id = deck.awaiting()
    before = deck.load(id)
    for words in (f"Approve {id}", f"<@{deck.sam.id}> approved {id}"):
        deck.workspace.say(deck.sam, deck.channel, words)
    deck.count()
    assert deck.load(id) == before
