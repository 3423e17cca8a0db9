"""A StatefulSet that waits for a broken pod: what goes back deletes that pod, as its plan said, and none but that."""

from __future__ import annotations

from typing import Any

import pytest

from commands.errors import Forbidden, Missing
from commands.operation import Freed, State
from tests.invariants.deck import Deck
from tests.unit.commands.cluster_objects import workload


def owned(kind: str, name: str, **rest: Any) -> dict[str, Any]:
    owner = {"kind": "StatefulSet", "name": "db", "uid": "uid-db", "controller": True}
    meta = {
        "name": name, "namespace": "staging", "uid": f"uid-{name}", "resourceVersion": "7", "ownerReferences": [owner],
        "creationTimestamp": "2026-07-28T09:00:00Z", "labels": {"controller-revision-hash": "db-2"},
    }  # fmt: skip
    return {"kind": kind, "metadata": meta, **rest}


@pytest.fixture
def db(deck: Deck) -> dict[str, Any]:
    """Of two pods the last one has not been ready for long; revision 1 ran before."""
    found = workload("db", "StatefulSet", image="registry/db:2", replicas=2)
    found["metadata"] |= {"namespace": "staging", "uid": "uid-db"}
    before = workload("db", "StatefulSet", image="registry/db:1")["spec"]["template"]
    deck.cluster.put(found)
    for number, template in ((1, before), (2, found["spec"]["template"])):
        data = {"spec": {"template": template}}
        deck.cluster.put(owned("ControllerRevision", f"db-{number}", revision=number, data=data))
    for name, ready in (("db-0", "True"), ("db-1", "False")):
        condition = {"type": "Ready", "status": ready, "lastTransitionTime": "2026-07-28T09:00:00Z"}
        deck.cluster.put(owned("Pod", f"pod-{name}", spec={"containers": []}, status={"conditions": [condition]}))
    return found


def goes_back(deck: Deck) -> str:
    """Written, and the controller has seen it; returns the operation's id."""
    id = deck.planned(deck.dev, "/rollback db in staging to 1")
    op = deck.load(id)
    assert op.state is State.OBSERVING
    assert op.plan
    assert op.plan.promise.frees
    live = deck.cluster.get("StatefulSet", "staging", "db")
    live["status"] = {"observedGeneration": live["metadata"]["generation"], "updateRevision": "db-3"}
    deck.cluster.put(live)
    return id


def test_a_typed_rollback_deletes_the_broken_pod_once_and_records_it(deck: Deck, db: dict[str, Any]):
    id = goes_back(deck)
    deck.act(id)
    assert [each.name for each in deck.load(id).freed] == ["pod-db-1"]
    with pytest.raises(Missing):
        deck.cluster.get("Pod", "staging", "pod-db-1")
    assert deck.cluster.get("Pod", "staging", "pod-db-0")
    deck.act(id)
    assert len(deck.load(id).freed) == 1


def test_a_pod_that_the_cluster_does_not_give_is_told_once_and_no_deletion_is_recorded(deck: Deck, db: dict[str, Any]):
    id = goes_back(deck)
    why = "Quarterdeck's account may not delete pods in namespace staging."
    deck.cluster.keeps_pods = Forbidden(why, verb="delete", resource="pods", namespace="staging")
    for _ in range(2):
        deck.act(id)
    assert deck.load(id).freed == (Freed("pod-db-1", "uid-pod-db-1", why),)
    assert [event for event in deck.events(id) if event.startswith("pod ")] == ["pod kept"]
    deck.cluster.keeps_pods = None
    deck.act(id)
    assert deck.load(id).freed == (Freed("pod-db-1", "uid-pod-db-1"),)
    assert [event for event in deck.events(id) if event.startswith("pod ")] == ["pod kept", "pod deleted"]
