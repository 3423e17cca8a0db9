"""Draining a node: what its budgets allow goes, the rest is waited for. Both servers are told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.nodes import own_node
from tests.contract.terminal import Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
NODE = "drained"


def furnish(terminal: Terminal, there: Json) -> str:
    """A Deployment with one pod on the node; the path of its pods."""
    cluster, labels = terminal.cluster, {"app": "web"}
    pod = {
        **there,
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "web", "image": "web:1"}],
    }
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    path = f"/apis/apps/v1/namespaces/{terminal.namespace}/deployments"
    cluster.api.request("POST", path, {"metadata": {"name": "web"}, "spec": spec})
    terminal.wait("deployments/web", lambda live: live["status"].get("availableReplicas") == 1)
    return f"/api/v1/namespaces/{terminal.namespace}/pods"


def draining(terminal: Terminal) -> None:
    with own_node(terminal.cluster, NODE) as there:
        drained(terminal, furnish(terminal, there))


def drained(terminal: Terminal, pods: str) -> None:
    budgets = f"/apis/policy/v1/namespaces/{terminal.namespace}/poddisruptionbudgets"
    budget = {"metadata": {"name": "web"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}}
    terminal.cluster.api.request("POST", budgets, budget)
    terminal.cluster.wait(f"{budgets}/web", lambda live: live["status"].get("currentHealthy") == 1)
    terminal("drain", NODE, "--timeout=3s")
    terminal("get", "pods")
    terminal.cluster.delete(f"{budgets}/web")
    terminal("drain", NODE)
    terminal.cluster.wait_items(pods, lambda items: [one["status"]["phase"] for one in items] == ["Pending"])
    terminal("get", "pods")
    terminal("get", "node", NODE, "--no-headers", "-o", "custom-columns=:spec.unschedulable,:spec.taints[*].key")
    terminal("uncordon", NODE)
    terminal.wait("deployments/web", lambda live: live["status"].get("availableReplicas") == 1)
    terminal("get", "pods")


def test_the_same_is_printed(simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path):
    same(draining, simulated_cluster, control_plane, tmp_path)
