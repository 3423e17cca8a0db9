"""What a draft puts at stake, by what the cluster's objects say."""

from __future__ import annotations

from typing import Any

import pytest

from commands.draft import Draft, Edit, Patch, Ref
from commands.errors import Forbidden
from tests.invariants.cluster import ObedientCluster
from tests.unit.commands.cluster_objects import template, workload
from workers.cluster import Listing
from workers.exposure import exposure

Json = dict[str, Any]
IMAGE = Edit("/spec/template/spec/containers/0/image", "registry/web:1.4.1", "registry/web:1.4.2")


def draft(*edits: Edit) -> Draft:
    return Draft("", {}, Patch(Ref("main", "prod", "Deployment", "web", "uid"), edits), "template")


def at_once(live: Json, *edits: Edit) -> int | None:
    return exposure(ObedientCluster(), draft(*edits or (IMAGE,)), live, neighbours=False).at_once


def rolling(number: int, **settings: Any) -> Json:
    return workload(replicas=number, strategy={"type": "RollingUpdate", "rollingUpdate": settings})


@pytest.mark.parametrize(("live", "percent"), [
    (workload(replicas=10), 20),
    (workload(replicas=3), 0),
    (rolling(10, maxUnavailable="50%"), 50),
    (rolling(3, maxUnavailable=1), 34),
    (rolling(1, maxUnavailable=3), 100),
    (rolling(3, maxUnavailable=0, maxSurge=0), 34),
    (rolling(0, maxUnavailable=1), 0),
    (workload(strategy={"type": "Recreate"}), 100),
    (workload(kind="StatefulSet", replicas=4), 25),
    (workload(kind="StatefulSet", updateStrategy={"type": "OnDelete"}), 0),
    (workload(kind="DaemonSet", updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "40%"}}), 67),
])  # fmt: skip
def test_a_rollout_may_have_so_many_pods_missing_at_once(live: Json, percent: int):
    assert at_once(live) == percent


def test_of_a_daemonset_whose_nodes_are_not_counted_nothing_is_known():
    live = workload(kind="DaemonSet")
    live["status"] = {}
    found = exposure(ObedientCluster(), draft(IMAGE), live, neighbours=False)
    assert (found.pods, found.at_once) == (None, None)


@pytest.mark.parametrize(("old", "new", "percent"), [(10, 5, 50), (3, 0, 100), (3, 6, 0), (0, 3, 0), (None, 0, 100)])
def test_a_scale_takes_so_many_pods_away_at_once(old: int | None, new: int, percent: int):
    scale = Edit("/spec/replicas", old, new)
    assert at_once(workload(), scale) == percent
    assert exposure(ObedientCluster(), draft(scale), workload(), neighbours=False).to_zero is (new == 0)


@pytest.mark.parametrize(("most", "percent"), [(9, 0), (3, 0), (2, 34), (1, 67)])
def test_an_autoscalers_upper_bound_takes_so_many_away_at_once(most: int, percent: int):
    assert at_once(workload(replicas=3), Edit("/spec/maxReplicas", 9, most)) == percent


def test_images_are_those_that_come_in():
    whole = Edit("/spec/template", template("a:1", "b:1"), template("a:2", "b:1"))
    restart = Edit("/spec/template/metadata/annotations/x", None, "now")
    found = [
        exposure(ObedientCluster(), draft(edit), workload(), neighbours=False).images
        for edit in (IMAGE, whole, restart)
    ]
    assert found == [("registry/web:1.4.2",), ("a:2",), ()]


def budget(name: str, **spec: Any) -> Json:
    return {"kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": "prod"}, "spec": spec}


EXPRESSION = {"key": "app", "operator": "In", "values": ["web"]}


@pytest.mark.parametrize(("spec", "covers"), [
    ({"selector": {"matchLabels": {"app": "web"}}}, True),
    ({"selector": {"matchLabels": {"app": "api"}}}, False),
    ({"selector": {}}, True),
    ({}, False),
    ({"selector": {"matchExpressions": [EXPRESSION]}}, True),
    ({"selector": {"matchExpressions": [{**EXPRESSION, "operator": "NotIn"}]}}, False),
    ({"selector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}, True),
    ({"selector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}, False),
])  # fmt: skip
def test_a_budget_covers_the_pods_that_its_selector_matches(spec: Json, covers: bool):
    cluster = ObedientCluster()
    cluster.put(budget("calm", **spec))
    assert exposure(cluster, draft(IMAGE), workload(), neighbours=False).budgets == (("calm",) if covers else ())


def test_budgets_that_may_not_be_read_are_unknown():
    class Closed(ObedientCluster):
        def list(self, kind: str, namespace: str, **_: Any) -> Listing:
            raise Forbidden("no", verb="list", resource=kind, namespace=namespace)

    found = exposure(Closed(), draft(IMAGE), using(workload()), neighbours=True)
    assert (found.budgets, found.sharing) == (None, ())


def using(live: Json, settings: str = "settings") -> Json:
    spec = live["spec"]["template"]["spec"]
    spec["volumes"] = [{"name": "v", "projected": {"sources": [{"configMap": {"name": settings}}]}}]
    spec["containers"][0]["envFrom"] = [{"secretRef": {"name": "keys"}}]
    return live


def test_who_mounts_the_same_is_named_with_what():
    cluster = ObedientCluster()
    web, api, job = using(workload()), using(workload("api", "StatefulSet"), "other"), workload("job")
    job["spec"]["template"]["spec"]["volumes"] = [{"name": "v", "configMap": {"name": "settings"}}]
    for obj in (web, api, job, workload("alone")):
        cluster.put(obj)
    found = exposure(cluster, draft(IMAGE), web, neighbours=True)
    assert found.sharing == ("Deployment/job (ConfigMap settings)", "StatefulSet/api (Secret keys)")
    assert exposure(cluster, draft(IMAGE), web, neighbours=False).sharing == ()
