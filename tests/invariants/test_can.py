"""``can``: the answer is what would come of it, and nothing comes of it."""

from __future__ import annotations

import pytest

from commands.report import Report
from tests.invariants.deck import Deck
from workers.jobs.report import report


def answered(deck: Deck, person, text: str) -> Report:
    deck.say(person, text)
    [id] = deck.questions()
    report(deck.context, id)
    found = deck.store.reports.load(id)
    assert found.private
    assert found.answer
    return found.answer


def told(found: Report) -> str:
    return " ".join(section.text for section in found.sections)


@pytest.mark.parametrize(
    ("who", "text", "title", "words"),
    [
        ("dev", "can deploy web 1.4.2 to staging", "you can", "Allowed by permissions[0]"),
        ("dev", "can deploy web 1.4.2 to prod", "you can, with approval", "Needs 1 from the role sre"),
        ("dev", "can restart web in prod", "you may not", "needs the role sre"),
        ("guest", "can deploy web 1.4.2 to prod", "you may not", "needs the role developer"),
        ("dev", "can deploy web 1.4.1 to prod", "you can", "Allowed by permissions[0]"),
        ("dev", "can deploy nothing 1 to prod", "you may, but not as things stand", "There is no workload"),
        ("dev", 'can deploy web 1.4.2 to prod break-glass reason="down"', "you may not", "Nobody may break the glass"),
    ],
)
def test_the_answer_is_what_would_come_of_it(deck: Deck, who: str, text: str, title: str, words: str):
    found = answered(deck, getattr(deck, who), f"/ops {text}")
    assert found.title.endswith(f": {title}")
    assert words in told(found)
    assert deck.cluster.writes == []
    assert deck.store.operations.in_flight() == []
