"""Somebody can write our Redis: they neither make an operation go back, nor over others' changes, nor to where it should not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import transitions
from commands.canonical import digest_of
from commands.objects import template_of
from commands.operation import Operation, State
from tests.attacks.test_forged_records import put
from tests.invariants.deck import Deck
from tests.invariants.test_going_back import WHY, _rules, acted, broken, going_back, well
from tests.invariants.test_invariant_03 import containers

__all__ = ["_rules"]


def nothing_follows(deck: Deck, forged: Operation) -> None:
    put(deck, forged)
    ended = deck.act(forged.id)
    assert ended.state is State.ROLLBACK_FAILED
    assert ended.ending
    assert "bears no signature of ours" in ended.ending.sentence
    assert len(deck.cluster.writes) == 1


def test_what_runs_well_is_not_taken_back(deck: Deck):
    op = deck.load(acted(deck))
    nothing_follows(deck, transitions.breaks(op, WHY, deck.clock()).after)


def test_it_does_not_go_over_a_change_that_was_written_into_the_record_as_its_own(deck: Deck):
    op = deck.load(going_back(deck))
    deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:hotfix"))
    assert op.written
    hotfix = digest_of(template_of(deck.cluster.get("Deployment", "prod", "web")))
    nothing_follows(deck, replace(op, written=replace(op.written, template=hotfix)))
    assert deck.cluster.images() == ["registry/web:hotfix"]


def test_who_moves_the_record_next_does_not_sign_what_was_written_into_it(deck: Deck):
    op = deck.load(acted(deck))
    assert op.written
    put(deck, replace(op, written=replace(op.written, replicas=500)))
    nothing_follows(deck, broken(deck, op.id))


@pytest.mark.parametrize("forged", ["its end", "what it wrote"])
def test_what_broke_is_not_verified_by_writing_so_into_its_record(deck: Deck, forged: str):
    """What runs is not ready: it would go back to what an operation of ours ended well on."""
    first = acted(deck)
    deck.cluster.kept(5, "registry/web:1.0.0")
    deck.cluster.kept(7, "registry/web:1.4.2")
    ends = {"what it wrote": well, "its end": called_off}
    op = ends[forged](deck, first)
    assert op.written
    old = deck.cluster.get("ReplicaSet", "prod", "web-h5")["spec"]["template"]
    old["metadata"]["labels"].pop("pod-template-hash")
    written = op.written if forged == "its end" else replace(op.written, template=digest_of(old))
    put(deck, replace(op, state=State.SUCCEEDED, written=written))
    deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:broken"))
    deck.cluster.change(lambda web: web["status"].update(availableReplicas=1, readyReplicas=1))
    plan = deck.load(deck.awaiting("/deploy web 1.4.3 to prod")).plan
    assert plan
    assert plan.promise.failing
    assert not plan.promise.failing.goes_back
    assert plan.way_back is None


def called_off(deck: Deck, id: str) -> Operation:
    return deck.store.operations.apply(transitions.cancel(deck.load(id), deck.dev.id, "", deck.clock()))
