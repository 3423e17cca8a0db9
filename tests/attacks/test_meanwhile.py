"""Between the yes and the act something moves, or somebody moves the yes: it is for what was shown then, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from commands.operation import Operation, State
from tests.attacks.test_forged_records import acted, refused
from tests.invariants.deck import Deck
from tests.invariants.test_invariant_02 import app


def moved(deck: Deck) -> None:
    """Somebody else deploys another version."""
    deck.cluster.change(lambda web: app(web).update(image="registry/web:9"))


def approved_once_and_planned_anew(deck: Deck) -> tuple[Operation, Operation]:
    """Sam said yes to the one, nobody to the other: the same operation, after its target has moved."""
    before = deck.load(deck.approved())
    moved(deck)
    deck.act(before.id)
    again = deck.load(deck.plan(before.id).id)
    assert (again.state, again.votes) == (State.AWAITING, ())
    assert before.plan
    assert again.plan
    assert before.plan.digest != again.plan.digest
    return before, again


def test_an_object_that_moved_is_not_written(deck: Deck):
    id = deck.approved()
    moved(deck)
    again = deck.act(id)
    assert (again.state, again.votes, deck.cluster.writes) == (State.PLANNING, (), [])


def test_a_yes_to_the_earlier_plan_is_replayed_for_nothing(deck: Deck):
    before, again = approved_once_and_planned_anew(deck)
    refused(deck, acted(deck, replace(again, state=State.ACTING, votes=before.votes)), "has 0 of the 1 approval")


def test_a_yes_to_the_earlier_plan_cannot_be_rewritten_for_the_later(deck: Deck):
    before, again = approved_once_and_planned_anew(deck)
    assert again.plan
    votes = tuple(replace(vote, digest=again.plan.digest) for vote in before.votes)
    refused(deck, acted(deck, replace(again, state=State.QUEUED, votes=votes)), "did not approve")


def test_a_rule_that_was_taken_away_since_allows_nothing(deck: Deck):
    id = deck.approved()
    deck.now_in_force(permissions=[])
    refused(deck, deck.act(id), "may not run `deploy` in prod any more")
