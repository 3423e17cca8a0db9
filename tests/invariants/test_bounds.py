"""What is written in a workload's stead, its autoscaler's bounds, is held as whatever is written to itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from commands.operation import State
from tests.invariants.deck import Deck
from tests.invariants.ruling import limit, rule

Json = dict[str, Any]


@pytest.fixture
def scaler(deck: Deck) -> Callable[[], Json]:
    """In prod and in staging; returns prod's as it is."""
    for namespace in ("prod", "staging"):
        deck.cluster.put(autoscaler(namespace))
    return lambda: deck.cluster.get("HorizontalPodAutoscaler", "prod", "web-cpu")


def autoscaler(namespace: str = "prod", uid: str = "uid-hpa", target: str = "web", least: int = 2) -> Json:
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": target}, "minReplicas": least, "maxReplicas": 9}
    meta = {"name": "web-cpu", "namespace": namespace, "uid": uid, "generation": 1}
    return {"kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec}


def test_one_write_to_the_autoscaler_and_none_to_the_workload(deck: Deck, scaler: Callable[[], Json]):
    assert deck.act(deck.approved("/scale web max=12 in prod")).state is State.OBSERVING
    assert scaler()["spec"]["maxReplicas"] == 12
    assert deck.cluster.replicas() == 3
    assert len(deck.cluster.writes) == 1


@pytest.mark.parametrize(
    "meanwhile",
    [autoscaler(uid="uid-later"), autoscaler(target="pay"), autoscaler(least=1)],
    ids=["another of its name", "one that scales another by now", "the other bound moved"],
)
def test_the_patch_expects_that_very_autoscaler_as_it_was_shown(
    deck: Deck, scaler: Callable[[], Json], meanwhile: Json
):
    """Nothing of ours could see it in time: it happens between our reading and our writing."""
    id = deck.approved("/scale web max=12 in prod")
    deck.cluster.meanwhile = lambda: deck.cluster.put(meanwhile)
    assert deck.act(id).state is State.PLANNING
    assert (deck.cluster.writes, scaler()["spec"]["maxReplicas"]) == ([], 9)


def test_bounds_beyond_a_limit_are_refused_when_planned_and_again_before_the_write(
    deck: Deck, scaler: Callable[[], Json]
):
    id = deck.approved("/scale web max=12 in prod")
    for name in ("prod", "staging"):
        limit(deck, name, replicas={"max": 10})
    ended, refused = deck.act(id), deck.load(deck.planned(deck.dev, "/scale web max=11 in staging"))
    assert (ended.state, refused.state, deck.cluster.writes) == (State.FAILED, State.REJECTED, [])
    for each in (ended, refused):
        assert each.ending
        assert "allows no more than 10 replicas" in each.ending.sentence


def test_who_made_the_autoscaler_has_it_refused_where_owners_do(deck: Deck, scaler: Callable[[], Json]):
    owner = {"kind": "ScaledObject", "name": "web", "uid": "uid-keda", "controller": True}
    made = autoscaler("staging")
    made["metadata"]["ownerReferences"] = [owner]
    deck.cluster.put(made)
    rule(deck, lambda said: said["environments"]["staging"].update(owners="refuse"))
    refused = deck.load(deck.planned(deck.dev, "/scale web max=11 in staging"))
    assert (refused.state, deck.cluster.writes) == (State.REJECTED, [])
    assert refused.ending
    assert (
        "HPA web-cpu belongs to ScaledObject web, which sets its bounds again: change that" in refused.ending.sentence
    )


def test_it_claims_the_workload_so_that_nothing_else_is_at_work_on_it(deck: Deck, scaler: Callable[[], Json]):
    id = deck.planned(deck.dev, "/scale web max=12 in staging")
    assert deck.load(id).state is State.OBSERVING
    other = deck.load(deck.planned(deck.dev, "/deploy web 1.4.2 to staging"))
    assert other.state is State.REJECTED
    assert other.ending
    assert id in other.ending.sentence
