"""Bolt gives the level of the logger that it is handed to others, by names that it makes of the app's."""

from __future__ import annotations

import logging

import pytest

from tests.invariants.deck import Deck


@pytest.mark.parametrize("name", ["quarterdeck", "quarterdeck.reloading", "bot", "bot.ballots"])
def test_ours_go_on_warning(deck: Deck, name: str):
    """Once it has heard something, the bot still has to say that rules need a restart."""
    deck.say(deck.dev, "/ops help")
    assert logging.getLogger(name).isEnabledFor(logging.WARNING)
