"""Freezes in whole steps: nothing is planned, what waits is not written, what is queued goes on."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.config.freezes import WEEK
from commands.operation import State
from tests.invariants.deck import Deck
from tests.invariants.ruling import rule
from workers.jobs.report import report


def quiet(deck: Deck, minutes: int, *, environment: str = "prod", name: str = "sale", **more: object) -> None:
    """From now on the file says that it is frozen for an hour, beginning in so many minutes (of a whole minute)."""
    begins = deck.clock() + minutes * 60
    start, end = datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(begins + 3600, UTC)
    weekly = {"days": [WEEK[start.weekday()]], "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
    freeze = {"name": name, "environments": [environment], "timezone": "UTC", "weekly": [weekly], **more}
    rule(deck, lambda said: said.setdefault("freezes", []).append(freeze))


def until(deck: Deck, minutes: int) -> str:
    """How a refusal says when a freeze ends that begins in so many minutes."""
    return f"{datetime.fromtimestamp(deck.clock() + minutes * 60 + 3600, UTC):%Y-%m-%d %H:%M} UTC"


def test_nothing_is_planned_in_a_freeze_and_the_person_alone_is_told_until_when(deck: Deck):
    quiet(deck, 0, reason="The sale is on")
    said = until(deck, 0)
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


def test_what_waits_when_a_freeze_begins_is_not_written_though_it_is_approved(deck: Deck):
    id = deck.awaiting()
    quiet(deck, 5)
    deck.pass_time(360)
    deck.know()
    deck.press(deck.sam, "Approve")
    deck.count()
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
    quiet(deck, 0)
    quiet(deck, 0, environment="staging", name="move")
    for words in ("/ops freezes", "/ops freezes in prod"):
        told = asked(deck, words)
        assert "sale" in told
        assert ("move" in told) is (words == "/ops freezes")
        assert "1 freeze in force" in told or "2 freezes in force" in told


def test_who_may_do_nothing_in_an_environment_is_not_told(deck: Deck):
    quiet(deck, 0)
    quiet(deck, 0, environment="staging", name="move")
    rule(deck, lambda said: said["permissions"][0].update(environments=["staging"]))
    told = asked(deck, "/ops freezes")
    assert "move" in told
    assert "sale" not in told
    told = asked(deck, "/ops freezes in prod")
    assert "No rule lets you run anything in prod" in told
    assert "sale" not in told
