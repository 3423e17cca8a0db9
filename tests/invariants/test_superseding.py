"""A worker dies when what waited has been ended, and what takes its place has no plan yet: the latter is planned all the same."""

from __future__ import annotations

import pytest

from commands.operation import State
from tests.invariants.deck import Deck
from workers.jobs import plan as planning
from workers.jobs.context import Context


class Killed(BaseException):
    """Nothing of ours catches it."""


def killed(*_: object) -> None:
    raise Killed


def test_what_takes_the_place_outlives_the_worker_that_ended_what_waited(deck: Deck, monkeypatch: pytest.MonkeyPatch):
    first = deck.awaiting(by=deck.sam)
    second = deck.asked(deck.dev, "/scale web 5 in prod supersede")
    with monkeypatch.context() as dying:
        dying.setattr(Context, "record", killed)
        with pytest.raises(Killed):
            planning.plan(deck.context, second)
    assert [deck.load(id).state for id in (first, second)] == [State.SUPERSEDED, State.PLANNING]
    for job in deck.queue.jobs():
        job.delete()
    deck.pass_time(60)
    deck.sweep()
    assert ("plan", second) in [(name.rpartition(".")[2], id) for name, id in deck.jobs()]
    assert deck.plan(second).state is State.AWAITING
    deck.publish()
    ended, waits = (
        next(m.plain() for m in deck.messages() if m.plain().startswith(verb)) for verb in ("deploy", "scale")
    )
    assert f"asks for {second} in its place; nothing was changed" in ended
    assert "awaiting approval" in waits
