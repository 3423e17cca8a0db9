"""Locks as values: whom they cover, how they move, and what speaks against an operation. Nothing is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import (
    transitions,
)
from commands.errors import NotAllowed
from commands.locks import locking
from commands.locks.lock import Lock
from commands.operation import State
from commands.policy.locks import objecting, sentence
from tests.unit.commands.policy.building import NOW, acting, awaiting, plan

REF = plan().promise.ref
WEB = Lock("prod", "Deployment", "web", "U0SAM", "moving its database.", NOW - 60, NOW + 7200)
PROD = replace(WEB, kind=None, name=None)


@pytest.mark.parametrize(
    ("lock", "against"),
    [
        (WEB, True),
        (PROD, True),
        (replace(WEB, name="pay"), False),
        (replace(WEB, kind="StatefulSet"), False),
        (replace(PROD, environment="staging"), False),
        (replace(WEB, until=NOW), False),
    ],
    ids=["the workload", "its environment", "another", "another kind", "another environment", "ended"],
)
def test_what_is_locked(lock: Lock, against: bool):
    assert list(objecting([lock], awaiting(), REF, NOW)) == ([lock] if against else [])


def test_it_holds_for_its_owner_too():
    assert list(objecting([WEB], awaiting(by="U0SAM"), REF, NOW)) == [WEB]


def test_what_is_being_carried_out_goes_on():
    """Acting began at ``NOW``."""
    operation = acting("U0SAM", "U0ROBIN")
    assert not list(objecting([replace(WEB, since=NOW + 1)], operation, REF, NOW + 2))
    assert list(objecting([replace(WEB, since=NOW)], operation, REF, NOW + 2))


def test_what_is_queued_does_not():
    queued = replace(acting("U0SAM", "U0ROBIN"), state=State.QUEUED)
    assert list(objecting([replace(WEB, since=NOW + 1)], queued, REF, NOW + 2))


def test_a_refusal_says_who_why_since_and_until():
    assert sentence(WEB) == (
        "web in prod is locked by <@U0SAM> since Mon 1970-01-12 13:45 UTC, until Mon 1970-01-12 15:46 UTC: "
        "moving its database. Ask them, or have it unlocked (`unlock web in prod`)."
    )
    assert sentence(PROD).startswith("prod is locked by <@U0SAM>")


def test_its_owner_keeps_it_for_longer():
    wanted = replace(WEB, since=NOW, until=NOW + 9000, reason="still at it")
    move = locking.set_lock(WEB, wanted, "lock web in prod")
    assert move.after == replace(wanted, since=WEB.since, version=2)


def test_nobody_else_does():
    with pytest.raises(NotAllowed, match=r"locked by <@U0SAM> .* moving its database\. There is one lock"):
        locking.set_lock(WEB, replace(WEB, owner="U0ROBIN"), "lock web in prod")


def test_its_owner_is_told_who_has_taken_it_off():
    by_robin, by_sam = (locking.take_off(WEB, person, NOW, "unlock web in prod") for person in ("U0ROBIN", "U0SAM"))
    assert by_robin.notice
    assert (by_robin.notice.to, by_robin.own) == ("U0SAM", False)
    assert "<@U0ROBIN> has taken your lock off web in prod" in by_robin.notice.text
    assert (by_sam.notice, by_sam.own) == (None, True)


@pytest.mark.parametrize(("lasting", "before_the_end"), [(7200, 900), (1800, 450)])
def test_when_its_owner_is_told_that_it_ends(lasting: int, before_the_end: int):
    lock = replace(WEB, since=NOW, until=NOW + lasting)
    assert locking.nags_at(lock) == lock.until - before_the_end
    set_, nagged = locking.set_lock(None, lock, ""), locking.nag(lock, NOW + lasting - 10)
    assert set_.due == locking.nags_at(lock)
    assert nagged.after
    assert nagged.after.nagged
    assert nagged.due == lock.until
    assert locking.end(lock, lock.until).due is None


def test_the_audit_entry_of_a_lock_names_its_target():
    entry = locking.set_lock(None, WEB, "lock web in prod").entry
    assert (entry["event"], entry["target"], entry["actor"], entry["detail"]) == (
        "locked", "prod/Deployment/web", "U0SAM", "moving its database.",
    )  # fmt: skip


def test_transitions_know_nothing_of_locks():
    """A lock is judged when it matters, not kept in the record."""
    assert "lock" not in transitions.act(replace(acting("U0SAM", "U0ROBIN"), state=State.QUEUED), NOW).entry
