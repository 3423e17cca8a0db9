"""A cluster that hangs keeps the watcher from nothing in another, and from being ready only where there is no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from commands import transitions
from commands.canonical import digest_of
from commands.operation import State
from commands.store import Store
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import ScriptedCluster, eventually, unreachable

OLD = r.deployment(r.OLD, generation=1, observed=1)


class HangingCluster(ScriptedCluster):
    """Nothing is answered until the test lets go."""

    name = "dark"

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.asked = threading.Event()

    def list(self, kind: str, namespace: str, **_: Any) -> Any:
        self.asked.set()
        self.let_go.wait(60)
        raise unreachable()


@pytest.fixture
def dark() -> Iterator[HangingCluster]:
    made = HangingCluster()
    yield made
    made.let_go.set()


def observed_in(store: Store, id: str, cluster: str) -> None:
    plan = records.planned(OLD)
    there = replace(plan.promise, ref=replace(plan.promise.ref, cluster=cluster))
    op = store.operations.apply(
        transitions.planned(records.requested(store, id), replace(plan, promise=there), None, NOW)
    )
    op = store.operations.apply(transitions.act(op, NOW))
    wrote = replace(r.written(), template=digest_of(OLD["spec"]["template"]))
    store.operations.apply(transitions.wrote(op, wrote, r.WROTE))


@pytest.fixture
def watcher(run, store: Store, cluster: ScriptedCluster, dark: HangingCluster):
    """It follows something in the cluster that hangs, and waits for that one's answer."""
    made = run(clusters={"main": cluster, "dark": dark}.__getitem__)
    observed_in(store, "op-dark", "dark")
    assert dark.asked.wait(45)
    return made


def test_an_operation_elsewhere_is_followed_to_its_end(watcher, store: Store, cluster: ScriptedCluster):
    cluster.put(r.replica_set())
    cluster.put(r.deployment())
    records.observing(store)
    eventually(lambda: store.operations.load("op-1").state is State.SUCCEEDED)
    assert store.operations.load("op-dark").state is State.OBSERVING


def test_it_is_ready_while_it_sees_another(watcher, store: Store, cluster: ScriptedCluster):
    eventually(lambda: len(watcher.ready()[1]["feeds"]) == 3)
    assert not watcher.ready()[0], "it sees nothing at all"
    cluster.put(OLD)
    records.queued(store, OLD)
    eventually(lambda: [s for k, s in watcher.ready()[1]["feeds"].items() if k.startswith("main/")] == ["synced"] * 3)
    assert watcher.ready()[0]
