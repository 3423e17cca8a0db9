"""Replacing: versions, uids, what may not change, generations, subresources, dry runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.telling import MERGE, STRATEGIC, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
X, WEB = "configmaps/x", "deployments/web"


def versions(say: Say) -> None:
    first = say("POST", "configmaps", config_map(data={"a": "1"}))
    say("PUT", X, {**first, "data": {"a": "2"}})
    say("PUT", X, {**first, "data": {"a": "3"}})
    say("PUT", X, config_map(data={"a": "3"}))
    say("PUT", X, config_map(data={"a": "3"}))
    say("PUT", X, config_map(resourceVersion="x"))
    say("PUT", X, config_map(resourceVersion="0"))
    say("PUT", X, config_map(resourceVersion=""))
    say("PUT", X, config_map(uid="another"))
    say("PUT", X, config_map(data={"a": "4"}), dryRun="All")
    say("GET", X)
    say("PATCH", X, {"metadata": {"resourceVersion": first["metadata"]["resourceVersion"]}}, MERGE)
    say("PATCH", X, {"metadata": {"labels": {"a": "b"}}}, MERGE)
    say("PATCH", X, {"metadata": {"labels": {"a": "b"}}}, MERGE)


def names(say: Say) -> None:
    say("POST", "configmaps", config_map())
    for meta in ({"name": "y"}, {}, {"name": "x", "namespace": "other"}, {"name": "missing"}):
        say("PUT", X, {"metadata": meta})
    for meta in ({"name": "missing"}, {"name": "missing", "uid": "1"}, {"name": "missing", "resourceVersion": "1"}):
        say("PUT", "configmaps/missing", {"metadata": meta})
    say("PATCH", "configmaps/missing", {}, MERGE)
    say("PUT", X, {**config_map(), "kind": "Secret"})


def what_the_server_owns(say: Say) -> None:
    say("POST", "configmaps", config_map())
    times = {"creationTimestamp": "2020-01-01T00:00:00Z", "deletionTimestamp": "2020-01-01T00:00:00Z"}
    say("PUT", X, config_map(**times, deletionGracePeriodSeconds=5))
    say("PUT", X, config_map(creationTimestamp="2020-01-01T00:00:00Z", selfLink="x"))
    say("PATCH", X, {"metadata": {"generateName": "gen-"}}, MERGE)
    say("PUT", X, config_map(labels={"a": "_"}))
    say("PUT", X, {**config_map(), "immutable": True, "data": {"a": "b"}})
    say("PUT", X, {**config_map(), "immutable": True, "data": {"a": "c"}})
    say("PUT", X, {**config_map(), "data": {"a": "b"}})


def generations(say: Say) -> None:
    """Annotations count with Deployments, labels do not; the controller's status never does."""
    web = say("POST", "deployments", deployment())
    say("PATCH", WEB, {"metadata": {"labels": {"a": "b"}}}, MERGE)
    say("PATCH", WEB, {"metadata": {"annotations": {"a": "b"}}}, MERGE)
    say("PATCH", WEB, {"spec": {"minReadySeconds": 3}}, MERGE)
    say("PATCH", WEB, {"spec": {"minReadySeconds": 3}}, MERGE)
    say("PATCH", WEB, {"metadata": {"generation": 77}}, MERGE)
    say("PUT", WEB, {**deployment(), "metadata": {"name": "web", "generation": 77}})
    say("PATCH", WEB, {"status": {"observedGeneration": 66}}, MERGE)
    changed = {**web["spec"], "selector": {"matchLabels": {"app": "other"}}}
    say("PUT", WEB, {**deployment(), "spec": changed})


def through_status(say: Say) -> None:
    budget = {"metadata": {"name": "x"}, "spec": {"selector": {"matchLabels": {"no": "pods"}}}}
    x = "poddisruptionbudgets/x"
    live = say("POST", "poddisruptionbudgets", budget)
    say("PUT", x, budget)
    patch = {"metadata": {"annotations": {"a": "b"}}, "spec": {"minAvailable": 3}, "status": {"expectedPods": 7}}
    say("PATCH", f"{x}/status", patch, MERGE)
    say("PATCH", x, {"metadata": {"resourceVersion": None}}, MERGE)
    say("PUT", f"{x}/status", {**live, "metadata": {"name": "x", "resourceVersion": "1"}})
    say("PATCH", "poddisruptionbudgets/missing/status", {}, MERGE)
    say("POST", "deployments", deployment())
    meta = {"labels": {"a": "b"}, "annotations": {"c": "d"}, "finalizers": ["a.b/c"]}
    say("PATCH", f"{WEB}/status", {"metadata": meta, "spec": {"replicas": 9}}, MERGE)
    say("PATCH", WEB, {"metadata": {"finalizers": None}}, MERGE)
    say("POST", "leases", {"metadata": {"name": "x"}, "spec": {"holderIdentity": "me"}})
    say("PUT", "leases/x", {"metadata": {"name": "x"}})
    say("PATCH", "leases/x", {"metadata": {"resourceVersion": None}}, MERGE)


def dry_runs_leave_no_trace(say: Say) -> None:
    say("POST", "deployments", deployment())
    image = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "new:1"}]}}}}
    say("PATCH", WEB, image, STRATEGIC, dryRun="All")
    say("PUT", WEB, {**deployment(), "metadata": {"name": "web", "labels": {"a": "b"}}}, dryRun="All")
    say("DELETE", WEB, dryRun="All")
    say("DELETE", WEB, {"propagationPolicy": "Foreground", "dryRun": ["All"]})
    say("PATCH", f"{WEB}/scale", {"spec": {"replicas": 5}}, MERGE, dryRun="All")
    say("PATCH", WEB, {}, MERGE, dryRun="Some")
    say("GET", WEB)


STORIES = [versions, names, what_the_server_owns, generations, through_status, dry_runs_leave_no_trace]


@pytest.mark.parametrize("story", STORIES)
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
