"""JSON patches: every operation, and what fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.objects import deployment
from tests.contract.telling import JSON, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
CONTAINERS = "/spec/template/spec/containers"
WEB = "deployments/web"

OPERATIONS: list[list[Any]] = [
    [{"op": "test", "path": "/spec/replicas", "value": 0}, {"op": "replace", "path": "/spec/replicas", "value": 2}],
    [{"op": "test", "path": "/spec/replicas", "value": 3}],
    [{"op": "test", "path": "/spec/replicas", "value": 0.0}],
    [{"op": "test", "path": "/spec/replicas", "value": False}],
    [{"op": "test", "path": "/spec/replicas"}],
    [{"op": "test", "path": "/spec/missing", "value": 3}],
    [{"op": "test", "path": "/spec/missing", "value": None}],
    [{"op": "test", "path": "/missing/deep", "value": None}],
    [{"op": "test", "path": "/spec/replicas/deep", "value": None}],
    [{"op": "test", "path": "", "value": {}}],
    [{"op": "test", "path": f"{CONTAINERS}/1/name", "value": "side"}],
    [{"op": "test", "path": f"{CONTAINERS}/-1/name", "value": "side"}],
    [{"op": "test", "path": f"{CONTAINERS}/-/name", "value": "side"}],
    [{"op": "test", "path": f"{CONTAINERS}/01/name", "value": "side"}],
    [{"op": "test", "path": f"{CONTAINERS}/2/name", "value": "side"}],
    [{"op": "test", "path": "/spec/selector", "value": {"matchLabels": {"app": "web"}}}],
    [{"op": "add", "path": "/metadata/annotations", "value": {"a/b": "c"}}],
    [{"op": "add", "path": "/metadata/annotations/a~1b", "value": "c"}],
    [{"op": "add", "path": "/spec/paused", "value": True}],
    [{"op": "add", "path": "/spec/replicas"}],
    [{"op": "add", "path": "/spec/missing/deep", "value": 1}],
    [{"op": "add", "path": f"{CONTAINERS}/0", "value": {"name": "first", "image": "x:1"}}],
    [{"op": "add", "path": f"{CONTAINERS}/-", "value": {"name": "last", "image": "x:1"}}],
    [{"op": "add", "path": f"{CONTAINERS}/3", "value": {"name": "beyond", "image": "x:1"}}],
    [{"op": "add", "path": f"{CONTAINERS}/x", "value": {}}],
    [{"op": "add", "path": "spec/paused", "value": True}],
    [{"op": "add", "path": "", "value": {}}],
    [{"op": "replace", "path": "/spec/minReadySeconds", "value": 3}],
    [{"op": "replace", "path": f"{CONTAINERS}/9/image", "value": "x"}],
    [{"op": "replace", "path": "", "value": {}}],
    [{"op": "remove", "path": f"{CONTAINERS}/1"}],
    [{"op": "remove", "path": f"{CONTAINERS}/9"}],
    [{"op": "remove", "path": "/spec/missing"}],
    [{"op": "remove", "path": ""}],
    [{"op": "copy", "from": "/spec/replicas", "path": "/spec/minReadySeconds"}],
    [{"op": "copy", "from": "/spec/minReadySeconds", "path": "/spec/replicas"}],
    [{"op": "copy", "path": "/spec/replicas"}],
    [{"op": "move", "from": "/spec/revisionHistoryLimit", "path": "/spec/minReadySeconds"}],
    [{"op": "move", "from": "/spec/missing", "path": "/spec/minReadySeconds"}],
    [{"op": "move", "from": f"{CONTAINERS}/1", "path": f"{CONTAINERS}/0"}],
    [{"op": "frob", "path": "/spec/replicas"}],
    [{"op": "add", "value": 1}],
    [{"path": "/spec/replicas", "value": 1}],
    [{"op": "add", "path": "/spec/paused", "value": True, "foo": 1}],
    [{"op": "add", "path": "/spec/frob", "value": True}],
    [{"op": "replace", "path": "/metadata/name", "value": "x"}],
    [{"op": "replace", "path": "/metadata/namespace", "value": "x"}],
    [{"op": "replace", "path": "/metadata/uid", "value": "x"}],
    [{"op": "replace", "path": "/metadata/resourceVersion", "value": "1"}],
    [{"op": "replace", "path": "/metadata/resourceVersion", "value": "x"}],
    [{"op": "replace", "path": "/spec/selector/matchLabels/app", "value": "x"}],
    [{}],
    [1],
    [],
]
BODIES = ["", "{", "{}", "null", '"x"', "3"]


def dry_runs(say: Say) -> None:
    say("POST", "deployments", deployment())
    for operations in OPERATIONS:
        say("PATCH", WEB, operations, JSON, dryRun="All")
    for body in BODIES:
        say("PATCH", WEB, body, JSON, dryRun="All")


def the_first_failure_undoes_all(say: Say) -> None:
    say("POST", "configmaps", {"metadata": {"name": "x"}, "data": {"a": "1"}})
    add = {"op": "add", "path": "/data/b", "value": "2"}
    say("PATCH", "configmaps/x", [add, {"op": "test", "path": "/data/a", "value": "2"}], JSON)
    say("GET", "configmaps/x")
    say("PATCH", "configmaps/x", [{"op": "test", "path": "/data/a", "value": "1"}, add], JSON)
    say("PATCH", "configmaps/x", [add], JSON)
    say("PATCH", "configmaps/x", [{"op": "add", "path": "/data/c", "value": 1}], JSON, fieldValidation="Strict")


def strictly(say: Say) -> None:
    """Only what comes after the patched object, which the answer quotes, is looked at elsewhere."""
    say("POST", "deployments", deployment())
    say("PATCH", WEB, [{"op": "add", "path": "/spec/paused", "value": True}], JSON, fieldValidation="Strict")
    say("PATCH", WEB, [], JSON, fieldValidation="Frob")


@pytest.mark.parametrize("story", [dry_runs, the_first_failure_undoes_all, strictly])
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
