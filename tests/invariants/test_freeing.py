"""A StatefulSet that waits for a broken pod: what goes back deletes that pod, as its plan said, and none but that."""

from __future__ import annotations

from typing import Any

import pytest

from commands.errors import Missing
from commands.operation import State
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


def test_a_typed_rollback_deletes_the_broken_pod_once_and_records_it(deck: Deck, db: dict[str, Any]):
    id = deck.planned(deck.dev, "/rollback db in staging to 1")
    op = deck.load(id)
    assert op.state is State.OBSERVING
    assert op.plan
    assert op.plan.promise.frees
    live = deck.cluster.get("StatefulSet", "staging", "db")
    live["status"] = {"observedGeneration": live["metadata"]["generation"], "updateRevision": "db-3"}
    deck.cluster.put(live)
    deck.act(id)
    assert [each.name for each in deck.load(id).freed] == ["pod-db-1"]
    with pytest.raises(Missing):
        deck.cluster.get("Pod", "staging", "pod-db-1")
    assert deck.cluster.get("Pod", "staging", "pod-db-0")
    deck.act(id)
    assert len(deck.load(id).freed) == 1
