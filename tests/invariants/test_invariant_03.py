"""3. A change happens at most once: the patch says what it expects and whose it is, and a repetition is recognised."""

from __future__ import annotations

from typing import Any

import pytest

from commands.objects import annotation
from commands.operation import State
from tests.invariants.deck import Deck

OTHER = {"name": "other", "image": "registry/web:1.4.1"}


def containers(web: dict[str, Any]) -> list[dict[str, Any]]:
    return web["spec"]["template"]["spec"]["containers"]


def test_a_worker_that_died_after_the_write_is_followed_by_one_that_writes_nothing(deck: Deck, monkeypatch):
    id = deck.approved()
    with monkeypatch.context() as patch:
        patch.setattr("commands.transitions.wrote", die)
        with pytest.raises(Died):
            deck.act(id)
    assert (deck.load(id).state, len(deck.cluster.writes)) == (State.ACTING, 1)
    begun = deck.load(id).moments[-1].at
    assert deck.act(id).state is State.OBSERVING
    assert deck.load(id).written.at == begun, "this object tells no time: the write came no sooner"
    assert len(deck.cluster.writes) == 1


class Died(BaseException):
    """As SIGKILL: nobody catches it."""


def die(*_: object, **__: object) -> None:
    raise Died


def test_a_write_whose_answer_was_lost_is_recognised(deck: Deck):
    id = deck.approved()
    deck.cluster.loses_answers = True
    assert deck.act(id).state is State.OBSERVING
    assert len(deck.cluster.writes) == 1


def test_the_stamp_is_in_the_patch_that_changes(deck: Deck):
    id = deck.approved()
    deck.act(id)
    (patch,) = deck.cluster.writes
    stamped = [op["value"] for op in patch if op["path"].endswith("/quarterdeck~1operation")]
    edited = [op["value"] for op in patch if op["op"] == "replace"]
    assert (stamped, edited) == ([id], ["registry/web:1.4.2"])
    assert annotation(deck.cluster.get("Deployment", "prod", "web"), "quarterdeck/operation") == id


def test_the_patch_expects_the_old_value(deck: Deck):
    """Nothing of ours could see it in time: somebody deploys between our reading and our writing."""
    id = deck.approved()
    deck.cluster.meanwhile = lambda: deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:9"))
    assert deck.act(id).state is State.PLANNING
    assert deck.cluster.images() == ["registry/web:9"]


def test_the_patch_expects_that_very_object(deck: Deck):
    """Another of the same name and content was put in its place meanwhile."""
    id = deck.approved()
    deck.cluster.meanwhile = lambda: deck.cluster.web(uid="uid-2")
    deck.act(id)
    assert (deck.cluster.writes, deck.cluster.images()) == ([], ["registry/web:1.4.1"])


def test_the_patch_expects_the_container_at_its_place(deck: Deck):
    """Another container of the same image took the place of ours."""
    id = deck.approved()
    deck.cluster.meanwhile = lambda: deck.cluster.change(lambda web: containers(web).insert(0, OTHER))
    deck.act(id)
    assert (deck.cluster.writes, deck.cluster.images()) == ([], ["registry/web:1.4.1"] * 2)
