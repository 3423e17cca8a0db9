"""Each line of the log that is about an operation names it and the user, wherever it is said: by a loop, or after an ack."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot.slack import Unanswered
from quarterdeck.logs import Name
from tests.invariants.deck import Deck


class Kept(logging.Handler):
    """What was said, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(Name())
        self.about: list[tuple[str, str | None, str | None]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.about.append((record.getMessage(), record.operation, record.user))  # type: ignore[attr-defined]

    def of(self, words: str) -> tuple[str | None, str | None]:
        """The operation and the user of the one line with these words."""
        [found] = [(operation, user) for message, operation, user in self.about if words in message]
        return found


@pytest.fixture
def lines() -> Iterator[Kept]:
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    yield kept
    root.setLevel(level)
    root.removeHandler(kept)


def fails(*_: object, **__: object) -> None:
    raise Unanswered("Slack did not answer")


def test_after_the_ack_of_a_press_it_is_who_pressed(deck: Deck, lines: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread answers, and the operation is somebody else's."""
    id = deck.awaiting()
    monkeypatch.setattr(deck.bot._whispers, "whisper", fails)
    deck.press(deck.robin, "Cancel")
    deck.bot._later.shutdown(wait=True)
    assert lines.of("a private answer could not be given") == (id, deck.robin.id)


def test_in_the_publisher_it_is_who_asked(deck: Deck, lines: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    monkeypatch.setattr(deck.bot._delivery._posts, "once", fails)
    deck.publish()
    assert lines.of("not shown in Slack yet") == (id, deck.dev.id)


def test_in_the_count_of_votes_too(deck: Deck, lines: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    id = deck.awaiting()
    deck.press(deck.sam, "Approve")
    monkeypatch.setattr(deck.bot._ballots, "_count", fails)
    deck.count()
    assert lines.of("a vote waits") == (id, deck.dev.id)


def test_in_the_sweep_too(deck: Deck, lines: Kept) -> None:
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    deck.pass_time(60)
    deck.sweep()
    assert lines.of(f"{id}: enqueued again") == (id, deck.dev.id)


def test_where_an_ack_failed_too(deck: Deck, lines: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    monkeypatch.setattr(deck.bot, "_call_off", lambda of: deck.parts.hurried.operations.load(of) and fails())
    deck.bot.unacknowledged(id)
    assert lines.of("could not be called off") == (id, deck.dev.id)
