"""Draining a node: what its budgets allow goes, the rest is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl

Json = dict[str, Any]
WAIT = 30


@pytest.fixture
def node(cluster: Cluster, namespace: str) -> Iterator[str]:
    """A node that only this test's pods come to."""
    name = f"node-of-{namespace}"
    taint = {"key": "only", "value": namespace, "effect": "NoSchedule"}
    labels = {"kubernetes.io/hostname": name}
    cluster.apply(
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}, "spec": {"taints": [taint]}}
    )
    yield name
    cluster.delete(f"/api/v1/nodes/{name}")


@pytest.fixture
def web(cluster: Cluster, namespace: str, node: str) -> str:
    """The path of the pods of a Deployment with two of them on the node."""
    labels = {"app": "web"}
    pod = {
        "nodeSelector": {"kubernetes.io/hostname": node},
        "tolerations": [{"key": "only", "operator": "Exists"}],
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "web", "image": "web:1"}],
    }
    spec = {
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    cluster.api.request("POST", path, {"metadata": {"name": "web"}, "spec": spec})
    cluster.wait(f"{path}/web", lambda live: live["status"].get("availableReplicas") == 2, WAIT)
    return f"/api/v1/namespaces/{namespace}/pods"


def test_all_its_pods_go(cluster: Cluster, kubectl: Kubectl, node: str, web: str):
    before = {pod["metadata"]["name"] for pod in cluster.get(web)["items"]}
    code, out, _ = kubectl("drain", node, "--timeout=20s")
    assert code == 0
    assert out.splitlines()[0] == f"node/{node} cordoned"
    assert {line for line in out.splitlines() if line.endswith(" evicted")} == {
        f"pod/{name} evicted" for name in before
    }
    assert out.splitlines()[-1] == f"node/{node} drained"
    replaced = cluster.wait_items(
        web, lambda items: len(items) == 2 and not before & {pod["metadata"]["name"] for pod in items}
    )
    assert {pod["status"]["phase"] for pod in replaced} == {"Pending"}
    assert kubectl("get", "node", node)[1].splitlines()[1].split()[1] == "Ready,SchedulingDisabled"
    assert kubectl("uncordon", node)[:2] == (0, f"node/{node} uncordoned\n")
    cluster.wait_items(web, lambda items: all(pod["status"]["phase"] == "Running" for pod in items), WAIT)


def test_a_budget_holds_it(cluster: Cluster, kubectl: Kubectl, node: str, web: str, namespace: str):
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets"
    budget = {"metadata": {"name": "web"}, "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}}}
    cluster.api.request("POST", path, budget)
    cluster.wait(f"{path}/web", lambda live: live["status"].get("currentHealthy") == 2)
    code, out, err = kubectl("drain", node, "--timeout=1s")
    assert code == 1
    assert out.splitlines()[0] == f"node/{node} cordoned"
    assert "Cannot evict pod as it would violate the pod's disruption budget." in err
    assert len(cluster.get(web)["items"]) == 2
