"""Deleting: preconditions, finalizers, propagation, grace periods, collections, namespaces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.telling import APPLY, MERGE, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
X, WEB = "configmaps/x", "deployments/web"


def preconditions(say: Say) -> None:
    live = say("POST", "configmaps", config_map())
    say("DELETE", X, {"preconditions": {"uid": "1"}})
    say("DELETE", X, {"preconditions": {"resourceVersion": "1"}})
    say("DELETE", X, {"preconditions": {"uid": "1", "resourceVersion": "1"}})
    meta = live["metadata"]
    say("DELETE", X, {"preconditions": {"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}}, dryRun="All")
    say("DELETE", X, {"preconditions": {"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}})
    say("DELETE", X)


def beside_a_body_the_query_does_not_count(say: Say) -> None:
    """Not even its ``dryRun``: this deletes."""
    say("POST", "configmaps", config_map())
    say("DELETE", X, {}, dryRun="All")
    say("GET", X)


def options(say: Say) -> None:
    say("POST", "configmaps", config_map())
    say("DELETE", X, {"propagationPolicy": "Nope"})
    say("DELETE", X, {"propagationPolicy": "Orphan", "orphanDependents": True})
    say("DELETE", X, {"gracePeriodSeconds": 7, "propagationPolicy": "Background"})


def finalizers(say: Say) -> None:
    say("POST", "configmaps", config_map(finalizers=["a.b/c"]))
    say("DELETE", X)
    say("DELETE", X)
    say("POST", "configmaps", config_map())
    say("PATCH", X, {"metadata": {"finalizers": ["a.b/c", "d.e/f"]}}, MERGE)
    say("PATCH", X, {"metadata": {"finalizers": ["d.e/f"]}}, MERGE)
    say("PATCH", X, {"data": {"a": "2"}}, MERGE)
    say("PATCH", X, {"metadata": {"deletionTimestamp": None}}, MERGE)
    say("PATCH", X, {"metadata": {"finalizers": None}}, MERGE, dryRun="All")
    say("PATCH", X, {"metadata": {"finalizers": None}}, MERGE)
    say("GET", X)


def propagation(say: Say) -> None:
    """A finalizer of ours holds it, whatever the garbage collector has done with its own meanwhile."""
    obj = deployment()
    say("POST", "deployments", {**obj, "metadata": {"name": "web", "finalizers": ["a.b/c"]}})
    say("DELETE", WEB, {"propagationPolicy": "Foreground", "dryRun": ["All"]})
    say("DELETE", WEB, {"propagationPolicy": "Orphan", "dryRun": ["All"]})
    say("DELETE", WEB, {"propagationPolicy": "Background"})
    say("DELETE", WEB, {"propagationPolicy": "Background", "gracePeriodSeconds": 9})
    say("PATCH", WEB, {"metadata": {"finalizers": None}}, MERGE)
    say("GET", WEB)


def pods(say: Say) -> None:
    """On a node that does not exist, so that no kubelet ends them."""
    spec = {"nodeName": "nowhere", "terminationGracePeriodSeconds": 50, "containers": [{"name": "c", "image": "i"}]}
    say("POST", "pods", {"metadata": {"name": "x", "finalizers": ["a.b/c"]}, "spec": spec})
    say("DELETE", "pods/x", dryRun="All")
    say("DELETE", "pods/x")
    say("DELETE", "pods/x")
    say("DELETE", "pods/x", {"gracePeriodSeconds": 20})
    say("DELETE", "pods/x", {"gracePeriodSeconds": 40})
    say("PATCH", "pods/x", {"metadata": {"finalizers": None}}, MERGE)
    say("DELETE", "pods/x", {"gracePeriodSeconds": 0})
    say("GET", "pods/x")
    unscheduled = {**spec, "nodeName": "", "nodeSelector": {"no": "where"}}
    say("POST", "pods", {"metadata": {"name": "y"}, "spec": unscheduled})
    say("DELETE", "pods/y")
    say("GET", "pods/y")


def collections(say: Say) -> None:
    for name in ("a", "b", "c"):
        say("POST", "configmaps", config_map(name, labels={"odd": "no" if name == "b" else "yes"}))
    say("DELETE", "configmaps", labelSelector="odd=yes", dryRun="All")
    say("DELETE", "configmaps", labelSelector="odd=yes")
    say("GET", "configmaps/a")
    say("GET", "configmaps/b")
    say("DELETE", "configmaps", labelSelector="odd=yes")


def namespaces(say: Say) -> None:
    say("POST", "configmaps", config_map(finalizers=["a.b/c"]))
    say("DELETE", f"namespaces/{say.namespace}")
    say("POST", "configmaps", config_map("new"))
    say("PATCH", "configmaps/new", config_map("new"), APPLY, fieldManager="m")
    say("DELETE", f"namespaces/{say.namespace}")
    say("POST", "namespaces", {"metadata": {"name": say.namespace}})
    say("DELETE", "namespaces/default")
    say("DELETE", "namespaces/missing")


STORIES = [
    preconditions,
    beside_a_body_the_query_does_not_count,
    options,
    finalizers,
    propagation,
    pods,
    collections,
    namespaces,
]


@pytest.mark.parametrize("story", STORIES)
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
