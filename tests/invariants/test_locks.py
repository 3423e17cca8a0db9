"""Locks, from the word in the channel to the cluster that is left alone."""

from __future__ import annotations

import pytest

from commands.declaration import Locks
from commands.operation import State
from playground.workspace import User
from tests.invariants.deck import Deck, failing
from workers.jobs.report import report


@pytest.fixture(autouse=True)
def _rights(deck: Deck) -> None:
    """Everyone may lock in prod, SREs may take off others' locks."""
    developer, sre = deck.config.permissions
    object.__setattr__(developer, "commands", (*developer.commands, "lock"))
    object.__setattr__(sre, "commands", (*sre.commands, "unlock"))


def say(deck: Deck, person: User, text: str) -> None:
    """Said, done by a worker, and told."""
    deck.say(person, text)
    for id in deck.store.operations.due(deck.clock() + 60):
        if id.startswith("re-"):
            with failing():
                report(deck.context, id)
    deck.publish()


def lock(deck: Deck, person: User | None = None, text: str = 'lock web in prod reason="a move" for=2h') -> None:
    say(deck, person or deck.sam, f"/ops {text}")


def directly(deck: Deck, person: User) -> list[str]:
    """What the person was told in a direct message."""
    return [m.plain() for m in deck.workspace.messages(deck.workspace.dm(person))]


def test_a_lock_refuses_when_planning_and_says_who_why_since_and_until(deck: Deck):
    lock(deck)
    assert "web in prod is locked by @sam since" in deck.message().plain()
    op = deck.load(deck.planned(deck.dev, "/deploy web 1.4.2 to prod"))
    assert op.state is State.REJECTED
    assert op.ending
    for words in ("web in prod is locked by", deck.sam.id, "a move", "since", "until"):
        assert words in op.ending.sentence
    assert not deck.cluster.writes


@pytest.mark.parametrize("text", ["lock in prod reason=incident", "lock prod reason=incident"])
def test_a_lock_on_the_environment_refuses_everything_in_it(deck: Deck, text: str):
    lock(deck, text=text)
    assert deck.load(deck.planned(deck.dev, "/deploy web 1.4.2 to prod")).state is State.REJECTED
    assert deck.load(deck.planned(deck.dev, "/deploy web 1.4.2 to vault")).state is State.AWAITING


def test_a_lock_set_while_it_waits_refuses_it_when_it_is_carried_out(deck: Deck):
    id = deck.approved()
    lock(deck)
    op = deck.act(id)
    assert op.state is State.FAILED
    assert op.ending
    assert "a move" in op.ending.sentence
    assert not deck.cluster.writes
    deck.publish()
    assert "locked by @sam since" in next(m for m in deck.messages() if "failed" in m.plain()).plain()


def test_it_names_what_is_mistyped_instead_of_locking_nothing(deck: Deck):
    lock(deck, text="lock wbe in prod reason=x")
    assert deck.told(deck.sam, "wbe")
    assert deck.store.locks.in_force(deck.clock()) == []


def test_only_whose_right_it_is_takes_off_another_s_and_the_owner_is_told(deck: Deck):
    lock(deck)
    say(deck, deck.dev, "/ops unlock web in prod")
    assert deck.told(deck.dev, "`unlock` in prod needs the role sre")
    assert deck.store.locks.in_force(deck.clock())
    say(deck, deck.robin, "/ops unlock web in prod")
    assert not deck.store.locks.in_force(deck.clock())
    assert any("has taken your lock off web in prod (a move)" in told for told in directly(deck, deck.sam))
    assert [e["event"] for e in deck.store.audit.export()][-1] == "unlocked"


def test_the_owner_needs_no_right_to_take_it_off(deck: Deck):
    lock(deck, deck.dev)
    say(deck, deck.dev, "/ops unlock web in prod")
    assert not deck.store.locks.in_force(deck.clock())
    assert not directly(deck, deck.dev)


def test_its_owner_is_told_once_before_it_ends_and_then_it_ends(deck: Deck):
    lock(deck)
    for seconds, told in ((7200 - 1000, 0), (200, 1), (200, 1)):
        deck.pass_time(seconds)
        deck.sweep()
        deck.publish()
        assert len(directly(deck, deck.sam)) == told
    assert deck.store.locks.in_force(deck.clock())
    deck.pass_time(700)
    assert not deck.store.locks.in_force(deck.clock())
    deck.sweep()
    assert "lock ended" in [e["event"] for e in deck.store.audit.export()]


def test_the_list_tells_who_may_see_the_environment(deck: Deck):
    lock(deck)
    say(deck, deck.dev, "/ops locks")
    assert deck.told(deck.dev, "1 lock")
    say(deck, deck.guest, "/ops locks")
    assert deck.told(deck.guest, "Nothing is locked")


def test_every_command_that_moves_a_lock_is_answered_by_a_worker(deck: Deck):
    assert [c.name for c in deck.parts.registry if isinstance(c.effect, Locks)] == ["lock", "unlock"]
