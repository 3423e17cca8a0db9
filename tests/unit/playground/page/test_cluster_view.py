"""The cluster panel: what each pod's cell says, how pods are grouped, and what is told of nodes."""

from __future__ import annotations

from typing import Any

import pytest

from playground.page.cluster.pods import cell
from playground.page.cluster.view import READ, shown

Json = dict[str, Any]


def pod(name: str = "web-1", hash: str = "a", node: str = "n1", **status: Any) -> Json:
    meta = {"name": name, "namespace": "prod", "labels": {"app": "web", "pod-template-hash": hash}}
    return {
        "metadata": meta,
        "spec": {"nodeName": node, "containers": [{"name": "web", "image": f"r/web:{hash}"}]},
        "status": status,
    }


def condition(kind: str, status: str, message: str = "") -> Json:
    return {"type": kind, "status": status, "message": message}


READY = {"conditions": [condition("Ready", "True")]}
CRASH = {
    "name": "web",
    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
    "lastState": {"terminated": {"exitCode": 3}},
}


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        (READY, "ready", ""),
        ({"phase": "Pending"}, "starting", "its containers are being started"),
        ({"conditions": [condition("PodScheduled", "False", "0/3 nodes")]}, "waiting", "0/3 nodes"),
        ({"containerStatuses": [CRASH]}, "failing", "container web: CrashLoopBackOff, exit code 3: back-off"),
        (
            {"containerStatuses": [{"name": "web", "state": {"running": {}}}]},
            "unready",
            "it runs, and is not ready yet",
        ),
        ({"phase": "Succeeded"}, "done", "it has completed"),
        ({"phase": "Failed", "reason": "Evicted", "message": "low on memory"}, "failing", "Evicted: low on memory"),
    ],
)
def test_a_cell_tells_the_state_and_why(status: Json, state: str, why: str) -> None:
    found = cell(pod(**status))
    assert (found.state, found.why) == (state, why)


def test_one_that_is_being_deleted_is_ending_however_ready_it_is() -> None:
    ending = pod(**READY)
    ending["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert cell(ending).state == "ending"


def test_pods_stand_by_revision_the_current_one_first_and_by_node() -> None:
    web = {
        "kind": "Deployment", "metadata": {"name": "web", "namespace": "prod", "uid": "u"},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}},
    }  # fmt: skip
    sets = [
        {"metadata": {"name": f"web-{hash}", "labels": {"pod-template-hash": hash}, "ownerReferences": [{"uid": "u"}],
                      "annotations": {"deployment.kubernetes.io/revision": str(number)}}}
        for number, hash in ((1, "a"), (2, "b"))
    ]  # fmt: skip
    node = {
        "metadata": {"name": "n1"},
        "spec": {"unschedulable": True},
        "status": {"conditions": [], "allocatable": {"pods": "10"}},
    }
    objects: dict[str, list[Json]] = {name: [] for name in READ}
    objects |= {"deployments.apps": [web], "replicasets.apps": sets, "nodes": [node],
                "pods": [pod("web-1", "a", **READY), pod("web-2", "b"), pod("web-3", "b", node="")]}  # fmt: skip
    view = shown(objects, ["prod"])
    [workload] = view.namespaces[0].workloads
    assert (workload.ready, workload.wanted) == (1, 3)
    assert [(r.number, r.images, r.is_current, len(r.pods)) for r in workload.revisions] == [
        ("2", "web:b", True, 2),
        ("1", "web:a", False, 1),
    ]
    assert (view.nodes[0].note, len(view.nodes[0].pods), view.nodes[0].room) == ("not ready, cordoned", 2, 10)
