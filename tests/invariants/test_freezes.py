"""Freezes in whole steps: nothing is planned, what waits is not written, what is queued goes on."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.config.freezes import WEEK
from commands.operation import State
from tests.invariants.deck import Deck
from tests.invariants.ruling import rule
from workers.jobs.report import report


def quiet(deck: Deck, minutes: int, *, environment: str = "prod", name: str = "sale", **more: object) -> str:
    """From now on the file says that it is frozen for an hour, beginning in so many minutes; returns when it ends."""
    begins = deck.clock() + minutes * 60
    start, end = datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(begins + 3600, UTC)
    weekly = {"days": [WEEK[start.weekday()]], "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
    freeze = {"name": name, "environments": [environment], "timezone": "UTC", "weekly": [weekly], **more}
    rule(deck, lambda said: said.setdefault("freezes", []).append(freeze))
    return f"{end:%Y-%m-%d %H:%M} UTC"


def test_nothing_is_planned_in_a_freeze_and_the_person_alone_is_told_until_when(deck: Deck):
    said = quiet(deck, -5, reason="The sale is on")
    rejected = deck.load(deck.planned(deck.dev, "/scale web 5 in prod"))
    assert (rejected.state, deck.cluster.writes) == (State.REJECTED, [])
    assert rejected.ending
    assert "prod is frozen until " in rejected.ending.sentence
    assert f"{said}: The sale is on (sale, freezes[0] (line " in rejected.ending.sentence
    before = len(deck.messages())
    deck.publish()
    assert len(deck.messages()) == before
    assert deck.told(deck.dev, "prod is frozen until")
    assert deck.load(deck.planned(deck.dev, "/scale web 5 in staging")).state is State.OBSERVING


def test_what_waits_when_a_freeze_begins_is_not_queued_and_who_says_yes_is_told_until_when(deck: Deck):
    id = deck.awaiting()
    quiet(deck, -5)
    deck.press(deck.sam, "Approve")
    deck.count()
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())
    assert deck.told(deck.sam, f"Your answer was not taken; {id} goes on waiting.")
    assert deck.told(deck.sam, "prod is frozen until ")
    rule(deck, lambda said: said.pop("freezes"))
    deck.press(deck.sam, "Approve")
    deck.count()
    assert deck.act(id).state is State.OBSERVING


def test_what_was_queued_after_a_freeze_began_is_not_written_though_it_is_approved(deck: Deck):
    """Its last yes was counted by rules that knew no freeze yet."""
    id = deck.awaiting()
    deck.press(deck.sam, "Approve")
    deck.count()
    quiet(deck, -5)
    failed = deck.act(id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert failed.ending
    assert "prod is frozen until " in failed.ending.sentence


def test_what_is_queued_when_a_freeze_begins_goes_on(deck: Deck):
    id = deck.approved()
    quiet(deck, 5)
    deck.pass_time(360)
    deck.know()
    assert deck.act(id).state is State.OBSERVING
    assert len(deck.cluster.writes) == 1


def asked(deck: Deck, text: str) -> str:
    """Ask, be answered by a worker, and read it."""
    assert deck.say(deck.dev, text) == ""
    [id] = [id for id in deck.store.operations.due(deck.clock() + 60) if id.startswith("re-")]
    report(deck.context, id)
    answer = deck.store.reports.load(id).answer
    assert answer
    return str(answer)


def test_whoever_may_see_an_environment_is_told_what_is_frozen_there(deck: Deck):
    quiet(deck, -5)
    quiet(deck, -5, environment="staging", name="move")
    for words in ("/ops freezes", "/ops freezes in prod"):
        told = asked(deck, words)
        assert "sale" in told
        assert ("move" in told) is (words == "/ops freezes")
        assert "1 freeze in force" in told or "2 freezes in force" in told


def test_who_may_do_nothing_in_an_environment_is_not_told(deck: Deck):
    quiet(deck, -5)
    quiet(deck, -5, environment="staging", name="move")
    rule(deck, lambda said: said["permissions"][0].update(environments=["staging"]))
    told = asked(deck, "/ops freezes")
    assert "move" in told
    assert "sale" not in told
    told = asked(deck, "/ops freezes in prod")
    assert "No rule lets you run anything in prod" in told
    assert "sale" not in told
