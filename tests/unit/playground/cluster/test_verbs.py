"""Writes as a whole: nothing stored is ever altered, dry runs leave no trace, names are found, versions are honoured."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from playground.cluster import metadata
from playground.cluster.clock import Clock
from playground.cluster.kind import Kind, discover
from playground.cluster.patches import MERGE_PATCH, apply_patch
from playground.cluster.request import Asking, DeleteOptions
from playground.cluster.status import StatusError
from playground.cluster.store import Store
from playground.cluster.verbs import Verbs
from tests.contract.objects import config_map, deployment

Json = dict[str, Any]
ANN = Asking(user="ann", manager="ann")
DRY = Asking(user="ann", manager="ann", dry_run=True)


@pytest.fixture
def verbs() -> Verbs:
    return Verbs(Store(), Clock(speed=0, start=1_767_268_800.0), discover())


def _in_shop(obj: Json) -> Json:
    return {**obj, "metadata": {**obj["metadata"], "namespace": "shop"}}


def _deployments(verbs: Verbs) -> Kind:
    return verbs.kind("Deployment")


def _patched(verbs: Verbs, body: bytes, asking: Asking = ANN) -> Json:
    kind = _deployments(verbs)
    return verbs.patch(kind, "shop", "web", lambda live: apply_patch(kind, live, MERGE_PATCH, body, asking), asking)


def test_stored_objects_are_never_altered(verbs: Verbs):
    kind, given = _deployments(verbs), _in_shop(deployment())
    written = copy.deepcopy(given)
    changes = [
        lambda: verbs.create(kind, given, ANN),
        lambda: _patched(verbs, b'{"metadata":{"labels":{"a":"b"}}}'),
        lambda: _patched(verbs, b'{"spec":{"replicas":2}}'),
        lambda: verbs.apply(kind, "shop", "web", deployment(replicas=2), Asking(manager="bob", applies=True)),
        lambda: verbs.set_status(kind, verbs.get(kind, "shop", "web"), {"replicas": 2}),
        lambda: verbs.delete(kind, "shop", "web", DeleteOptions(propagation="Foreground"))[0],
    ]
    versions: list[Json] = []
    seen: list[Json] = []
    for change in changes:
        versions.append(change())
        seen.append(copy.deepcopy(versions[-1]))
    assert versions == seen
    assert given == written


def test_dry_runs_leave_no_trace(verbs: Verbs):
    kind = _deployments(verbs)
    assert verbs.create(kind, _in_shop(deployment()), DRY)["metadata"]["uid"]
    assert verbs.list(kind) == []
    live = verbs.create(kind, _in_shop(deployment()), ANN)
    revision = verbs.store.revision
    assert _patched(verbs, b'{"spec":{"replicas":5}}', DRY)["metadata"]["generation"] == 2
    assert verbs.update(kind, {**live, "spec": {**live["spec"], "replicas": 5}}, DRY)["spec"]["replicas"] == 5
    assert verbs.apply(kind, "shop", "web", deployment(), Asking(manager="bob", applies=True, dry_run=True))
    assert verbs.delete(kind, "shop", "web", DeleteOptions(), DRY)[1]
    assert verbs.delete(kind, "shop", "web", DeleteOptions(propagation="Foreground"), DRY)[1] is False
    assert (verbs.get(kind, "shop", "web"), verbs.store.revision) == (live, revision)


def test_a_change_that_changes_nothing_is_no_write(verbs: Verbs):
    live = verbs.create(_deployments(verbs), _in_shop(deployment()), ANN)
    assert _patched(verbs, b"{}", Asking(manager="bob")) is live
    assert verbs.update(_deployments(verbs), live, Asking(manager="bob")) is live


def test_generated_names_avoid_those_that_are_taken(verbs: Verbs, monkeypatch: pytest.MonkeyPatch):
    suffixes = iter(["aaaaa", "aaaaa", "bbbbb"])
    monkeypatch.setattr(metadata, "random_suffix", lambda: next(suffixes))
    maps = verbs.kind("ConfigMap")
    unnamed = {"metadata": {"generateName": "x-", "namespace": "shop"}}
    assert [verbs.create(maps, unnamed, ANN)["metadata"]["name"] for _ in range(2)] == ["x-aaaaa", "x-bbbbb"]


def test_the_version_that_was_seen_must_still_be_there(verbs: Verbs):
    seen = verbs.create(_deployments(verbs), _in_shop(deployment()), ANN)
    _patched(verbs, b'{"metadata":{"labels":{"a":"b"}}}')
    with pytest.raises(StatusError, match="the object has been modified"):
        verbs.update(_deployments(verbs), seen, ANN)


def test_the_last_finalizer_takes_the_object_with_it(verbs: Verbs):
    maps = verbs.kind("ConfigMap")
    verbs.create(maps, _in_shop(config_map(finalizers=["a.b/c"])), ANN)
    marked, gone = verbs.delete(maps, "shop", "x", asking=ANN)
    assert not gone
    assert verbs.delete(maps, "shop", "x", asking=ANN) == (marked, False)
    verbs.update(maps, {**marked, "metadata": {**marked["metadata"], "finalizers": []}}, ANN)
    assert verbs.find(maps, "shop", "x") is None


def test_a_pod_that_runs_is_given_time_which_can_only_get_shorter(verbs: Verbs):
    pods = verbs.kind("Pod")
    spec = {"nodeName": "n", "terminationGracePeriodSeconds": 40, "containers": [{"name": "c", "image": "i"}]}
    verbs.create(pods, {"metadata": {"name": "p", "namespace": "shop"}, "spec": spec}, ANN)
    ends = []
    for grace in (None, None, 10, 30):
        marked, gone = verbs.delete(pods, "shop", "p", DeleteOptions(grace_seconds=grace))
        assert not gone
        ends.append((marked["metadata"]["deletionTimestamp"][-9:], marked["metadata"]["deletionGracePeriodSeconds"]))
    assert ends == [("12:00:40Z", 40), ("12:00:40Z", 40), ("12:00:10Z", 10), ("12:00:10Z", 10)]
    assert verbs.delete(pods, "shop", "p", DeleteOptions(grace_seconds=0))[1]
    assert verbs.find(pods, "shop", "p") is None


@pytest.mark.parametrize(("kind", "kept"), [("Node", True), ("ReplicaSet", False)])
def test_only_nodes_are_born_with_a_status(verbs: Verbs, kind: str, kept: bool):
    obj = {**deployment(), "kind": kind, "status": {"capacity": {"cpu": "3"}, "replicas": 3}}
    if kind == "Node":
        obj = {"metadata": {"name": "n"}, "status": {"capacity": {"cpu": "3"}, "replicas": 3}}
    made = verbs.create(verbs.kind(kind), obj, ANN)
    assert (made.get("status", {}).get("replicas") == 3) is kept
