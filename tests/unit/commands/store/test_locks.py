"""A lock is written with its audit entry, its answer and what its owner is told, whole or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.errors import NotFound, Stale
from commands.invocation import Invocation, Person, Place
from commands.locks import locking
from commands.locks.lock import Lock
from commands.store import Question, Store

NOW = 1_000_000.0
WEB = Lock("prod", "Deployment", "web", "U0SAM", "a move", NOW, NOW + 7200)
SAID = Invocation("lock", {}, "prod", Person("U0SAM", "T0HOME"), Place("C0DEPLOYS"), "lock web in prod", NOW)
QUESTION = Question("re-aaaaaaaaaa", SAID, private=False, seconds=60, created=NOW)


def set_by(owner: str = "U0SAM", before: Lock | None = None) -> locking.Locking:
    return locking.set_lock(before, replace(WEB, owner=owner), "lock web in prod")


def events(store: Store) -> list[str]:
    return [entry["event"] for entry in store.audit.export()]


def test_one_of_two_at_the_same_time_gets_it(store: Store):
    sams, robins = set_by("U0SAM"), set_by("U0ROBIN")
    store.locks.apply(sams)
    with pytest.raises(Stale):
        store.locks.apply(robins)
    assert store.locks.in_force(NOW) == [WEB]
    assert events(store) == ["locked"]


def test_what_moved_meanwhile_is_not_taken_off(store: Store):
    store.locks.apply(set_by())
    off = locking.take_off(WEB, "U0ROBIN", NOW + 1, "unlock web in prod")
    store.locks.apply(set_by(before=WEB))
    with pytest.raises(Stale):
        store.locks.apply(off)
    assert store.locks.load(WEB.target).version == 2
    with pytest.raises(NotFound):
        store.notices.load(off.notice.id if off.notice else "")


def test_another_of_the_same_count_is_another(store: Store):
    """Taken off and set anew meanwhile."""
    store.locks.apply(set_by())
    store.locks.apply(locking.take_off(WEB, "U0SAM", NOW + 1, ""))
    store.locks.apply(locking.set_lock(None, replace(WEB, since=NOW + 2), ""))
    with pytest.raises(Stale):
        store.locks.apply(locking.take_off(WEB, "U0ROBIN", NOW + 3, ""))


def test_what_has_ended_is_passed_over_although_it_is_still_there(store: Store):
    store.locks.apply(set_by())
    assert store.locks.in_force(WEB.until) == []
    later = replace(WEB, owner="U0ROBIN", since=WEB.until, until=WEB.until + 60)
    store.locks.apply(locking.set_lock(None, later, ""))
    assert store.locks.in_force(WEB.until) == [later]


def test_who_asked_is_answered_once_with_the_write(store: Store):
    store.reports.ask(QUESTION, "delivery")
    store.locks.apply(set_by(), QUESTION)
    store.locks.apply(set_by(before=WEB), QUESTION)  # a second worker, or the same job again
    assert events(store) == ["locked"]
    answer = store.reports.load(QUESTION.id).answer
    assert answer
    assert answer.title.startswith("web in prod is locked by <@U0SAM>")
    taken = store.outbox.take(NOW + 1)
    assert taken
    assert taken.id == QUESTION.id


def test_its_owner_is_told_with_the_write_and_the_sweep_looks_again(store: Store):
    store.locks.apply(set_by())
    assert store.operations.due(WEB.until) == ["lk-prod/Deployment/web"]
    move = locking.take_off(WEB, "U0ROBIN", NOW + 5, "")
    store.locks.apply(move)
    taken = store.outbox.take(NOW + 6)
    assert taken
    assert store.notices.load(taken.id) == move.notice
    assert store.operations.due(WEB.until + 100) == []
