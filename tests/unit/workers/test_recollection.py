"""What the live template was when a plan was made on it: found in the cluster by its digest, and missed without harm."""

from typing import Any

import pytest

from commands.draft import Plan
from commands.errors import Forbidden
from tests.unit.workers import drafts
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher.scripted import ScriptedCluster
from workers.drift import drift
from workers.recollection import drift_told, planned_template

Json = dict[str, Any]

WORKLOADS = {"Deployment": r.deployment(), "StatefulSet": r.stateful_set(), "DaemonSet": r.daemon_set()}
KEPT_AS = {"Deployment": "ReplicaSet", "StatefulSet": "ControllerRevision", "DaemonSet": "ControllerRevision"}


def workload(kind: str, image: str = r.OLD) -> Json:
    live = WORKLOADS[kind]
    return {
        **live,
        "metadata": {"namespace": "prod", **live["metadata"]},
        "spec": {**live["spec"], "template": r.template(image)},
    }


def revision(of: Json, image: str, number: int) -> Json:
    """As its controller keeps it."""
    name, uid = f"{of['metadata']['name']}-{number}", of["metadata"]["uid"]
    owner = {"uid": uid, "controller": True, "kind": of["kind"], "name": of["metadata"]["name"]}
    if of["kind"] == "Deployment":
        child = r.replica_set(name, image, number)
    else:
        template = {"$patch": "replace", **r.template(image)}
        child = {"kind": "ControllerRevision", "revision": number, "data": {"spec": {"template": template}}}
        child["metadata"] = {"name": name, "creationTimestamp": r.stamp(r.WROTE)}
    child["metadata"]["ownerReferences"] = [owner]
    return child


def planned_on(live: Json) -> Plan:
    return Plan.of("deploy", drafts.deploy(live, r.NEW), r.NOW)


@pytest.fixture
def cluster() -> ScriptedCluster:
    return ScriptedCluster()


@pytest.mark.parametrize("kind", WORKLOADS)
def test_it_is_the_revision_of_the_plans_digest_without_what_controllers_add(cluster: ScriptedCluster, kind: str):
    was, live = workload(kind), workload(kind, "r/web:9")
    for number, image in enumerate(("r/web:0", r.OLD, "r/web:9"), 1):
        cluster.put(revision(was, image, number))
    assert planned_template(cluster, planned_on(was), live) == r.template(r.OLD)
    assert cluster.calls == [f"list {KEPT_AS[kind]}"]


def test_it_is_not_looked_for_while_the_template_holds(cluster: ScriptedCluster):
    live = workload("Deployment")
    assert planned_template(cluster, planned_on(live), live) is None
    assert drift_told(cluster, planned_on(live), live) == ()
    assert cluster.calls == []


def test_a_revision_of_somebody_elses_is_none(cluster: ScriptedCluster):
    was, live = workload("Deployment"), workload("Deployment", "r/web:9")
    other = revision(was, r.OLD, 1)
    other["metadata"]["ownerReferences"][0]["uid"] = "d0"
    cluster.put(other)
    assert planned_template(cluster, planned_on(was), live) is None


def test_drift_is_told_without_it_where_it_may_not_be_read(cluster: ScriptedCluster):
    was, live = workload("Deployment"), workload("Deployment", "r/web:9")
    cluster.refusals["ReplicaSet"] = Forbidden("no", verb="list", resource="replicasets.apps", namespace="prod")
    plan = planned_on(was)
    assert drift(plan, live)
    assert drift_told(cluster, plan, live)[-1].new == "changed since; not compared: no"
