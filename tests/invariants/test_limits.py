"""Limits in whole steps: refused when planned, in words for the person alone, and again before the write."""

from __future__ import annotations

import pytest

from commands.operation import Operation, State
from tests.invariants.deck import Deck
from tests.invariants.ruling import limit
from tests.unit.commands.cluster_objects import CREATED, Object, workload


def refused(deck: Deck, text: str) -> str:
    """Planned, and rejected: what the person is told. Nothing was written."""
    operation = deck.load(deck.planned(deck.dev, text))
    assert (operation.state, deck.cluster.writes) == (State.REJECTED, [])
    assert operation.ending
    return operation.ending.sentence


def api(namespace: str) -> Object:
    """Another Deployment beside web."""
    obj = workload("api")
    obj["metadata"]["namespace"] = namespace
    return obj


def test_what_exceeds_a_limit_is_rejected_with_its_line_in_the_file(deck: Deck):
    limit(deck, "staging", replicas={"max": 4}, images={"registries": ["registry.example"], "refuse_tags": ["latest"]})
    said = refused(deck, "/scale web 5 in staging")
    assert "staging allows no more than 4 replicas (environments.staging.limits.replicas.max (line " in said
    said = refused(deck, "/deploy web registry.example/web:latest to staging")
    assert "staging takes no image whose tag is latest" in said
    assert "comes from elsewhere than registry.example" in refused(deck, "/deploy web 1.4.2 to staging")


def test_a_rollback_is_judged_by_the_images_that_it_brings_back(deck: Deck):
    limit(deck, "staging", images={"refuse_tags": ["*.0"]})
    old = deck.cluster.get("Deployment", "staging", "web")
    owner = {"controller": True, "kind": "Deployment", "name": "web", "uid": old["metadata"]["uid"]}
    old["spec"]["template"]["spec"]["containers"][0]["image"] = "registry/web:1.4.0"
    old["metadata"] |= {"name": "web-1", "creationTimestamp": CREATED, "ownerReferences": [owner]}
    old["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
    deck.cluster.put(old | {"kind": "ReplicaSet"})
    assert "takes no image whose tag is *.0" in refused(deck, "/rollback web in staging")


def test_what_waited_for_approval_is_judged_by_the_limits_of_the_moment_of_writing(deck: Deck):
    id = deck.approved("/scale web 5 in prod")
    limit(deck, "prod", replicas={"max": 4})
    ended = deck.act(id)
    assert (ended.state, deck.cluster.writes) == (State.FAILED, [])
    assert ended.ending
    assert "prod allows no more than 4 replicas" in ended.ending.sentence
    assert ended.ending.sentence.endswith("Nothing was changed.")


def test_of_two_that_would_run_at_once_only_one_is_carried_out_where_one_is_allowed(deck: Deck):
    """Both were planned while nothing ran, and both are queued."""
    first, second = both_approved(deck)
    assert [deck.load(id).state for id in (first, second)] == [State.QUEUED, State.QUEUED]
    limit(deck, "prod", concurrent=1)
    late = deck.act(second)  # it is first to act, and still second in turn
    assert (late.state, deck.act(first).state) == (State.FAILED, State.OBSERVING)
    assert late.ending
    assert f"{first} is under way in prod, and environments.prod.limits.concurrent" in late.ending.sentence
    assert len(deck.cluster.writes) == 1


def both_approved(deck: Deck) -> tuple[str, str]:
    """Of two workloads, by sam."""
    deck.cluster.put(api("prod"))
    ids = deck.awaiting("/scale web 5 in prod"), deck.awaiting("/scale api 5 in prod")
    for message in deck.messages():
        deck.press(deck.sam, "Approve", message)
        deck.count()
    return ids


def test_of_two_that_wait_the_second_goes_on_waiting_while_the_first_runs(deck: Deck):
    limit(deck, "prod", concurrent=1)
    first, second = both_approved(deck)
    assert [deck.load(id).state for id in (first, second)] == [State.QUEUED, State.AWAITING]
    assert deck.told(deck.sam, f"{first} is under way in prod")
    assert deck.told(deck.sam, f"Your answer was not taken; {second} goes on waiting.")


def test_nothing_is_planned_beside_what_is_under_way_and_afterwards_it_is(deck: Deck):
    limit(deck, "staging", concurrent=1)
    deck.cluster.put(api("staging"))
    first = deck.planned(deck.dev, "/scale web 5 in staging")
    second = deck.load(deck.planned(deck.dev, "/scale api 5 in staging"))
    assert (deck.load(first).state, second.state) == (State.OBSERVING, State.REJECTED)
    deck.publish()
    deck.press(deck.dev, "Stop following")
    assert deck.load(deck.planned(deck.dev, "/scale api 5 in staging")).state is State.OBSERVING


def test_a_person_asks_for_so_many_in_an_environment_and_what_was_rejected_does_not_count(deck: Deck):
    limit(deck, "prod", per_person_per_hour=2)
    states = [deck.load(deck.planned(deck.dev, f"/scale nothing {number} in prod")).state for number in range(4)]
    assert states == [State.REJECTED] * 4
    deck.awaiting("/scale web 4 in prod")
    deck.awaiting("/scale web 5 in prod")
    assert "has asked for 2 operations in prod within an hour" in refused(deck, "/scale web 6 in prod")
    assert deck.load(deck.planned(deck.sam, "/scale web 6 in prod")).state is State.AWAITING, "another person"
    assert deck.load(deck.planned(deck.dev, "/scale web 6 in staging")).state is State.OBSERVING, "another environment"


@pytest.mark.parametrize("limits", [{"concurrent": 1}, {"per_person_per_hour": 1}])
def test_an_operation_does_not_stand_in_its_own_way(deck: Deck, limits: dict[str, int]):
    limit(deck, "prod", **limits)
    ended: Operation = deck.act(deck.approved())
    assert ended.state is State.OBSERVING
