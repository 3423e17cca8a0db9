"""Where no worker comes, who waits is told so; and that heals when one does."""

from __future__ import annotations

import pytest

from bot.attendance import UNTAKEN
from commands import transitions
from tests.invariants.deck import Deck
from tests.unit.bot.building import invocation
from workers.jobs.report import report

TOLD = "no worker has taken this yet: is `quarterdeck worker` running?"


def wait(deck: Deck, seconds: float = UNTAKEN + 1) -> None:
    """Let so much time pass after everything was enqueued (that is done in the background), and look who comes."""
    asked = {op.id for op in deck.store.operations.in_flight()}
    deck.workspace.wait(lambda: (jobs := {id for _, id in deck.jobs()}) and asked <= jobs, what="the jobs")
    deck.pass_time(seconds)
    for _ in range(2):
        deck.bot._attendance.step()
    deck.publish()


def whispers(deck: Deck) -> list[str]:
    return [m.plain() for m in deck.workspace.private(deck.dev, deck.channel) if TOLD in m.plain()]


def test_who_asked_for_a_change_is_told_once(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    wait(deck)
    assert len(whispers(deck)) == 1
    assert id in whispers(deck)[0]
    assert deck.messages() == []
    deck.plan(id)
    deck.publish()
    assert TOLD not in deck.message().plain()


def test_who_asked_a_question_is_told_once_and_gets_the_answer(deck: Deck):
    deck.say(deck.dev, "/ops logs web in prod")
    wait(deck)
    assert len(whispers(deck)) == 1
    [(_, id)] = deck.jobs()
    report(deck.context, id)
    wait(deck)
    assert len(whispers(deck)) == 1
    assert deck.told(deck.dev, "has no pods")


def test_the_message_says_so_until_a_worker_has_come(deck: Deck):
    id = deck.approved()
    wait(deck)
    assert TOLD in deck.message().plain()
    assert whispers(deck) == []
    deck.act(id)
    deck.publish()
    assert TOLD not in deck.message().plain()


def test_nobody_is_told_of_a_short_wait(deck: Deck):
    deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    wait(deck, UNTAKEN - 2)
    assert whispers(deck) == []


def test_a_machine_whose_clock_is_behind_tells_nobody_too_soon(deck: Deck):
    """RQ stamps jobs by it."""
    deck.clock.ahead = 700
    said = invocation(deck.channel.id, deck.dev.id)
    deck.store.operations.apply(transitions.request("op-2345", said, "prod", deck.clock()))
    deck.queue.enqueue("plan", "op-2345")
    wait(deck, UNTAKEN - 2)
    assert whispers(deck) == []


def test_nobody_is_told_of_what_a_worker_has_done(deck: Deck):
    """The job is still there: hints come twice, and the last of them too late."""
    id = deck.approved()
    deck.act(id)
    wait(deck)
    assert TOLD not in deck.message().plain()


@pytest.mark.parametrize("gone", ["op-gone", "re-gone"])
def test_what_is_gone_stops_nobody(deck: Deck, gone: str):
    deck.queue.enqueue("plan", gone)
    deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    wait(deck)
    assert len(whispers(deck)) == 1
