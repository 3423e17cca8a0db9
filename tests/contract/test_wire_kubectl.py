"""kubectl's ways to read, to wait and to ask what one may: typed at both servers, printed the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.terminal import Story, Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import wait_until
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import deployment

pytestmark = pytest.mark.control_plane


def reading(terminal: Terminal) -> None:
    terminal("get", "deployments")
    terminal("apply", "-f", "-", stdin=json.dumps(deployment("web", terminal.namespace, replicas=2)))
    terminal.wait("deployments/web", lambda web: web.get("status", {}).get("readyReplicas") == 2)
    terminal("wait", "--for=condition=Available", "deployment/web", "--timeout=25s")
    terminal("wait", "--for=jsonpath={.status.readyReplicas}=2", "deployment/web", "--timeout=25s")
    terminal("get", "deployment,replicaset", "-o", "wide")
    terminal("get", "deployment/web", "deployment/missing")
    terminal("get", "deployment.v1.apps/web", "--show-labels")
    terminal("get", "all", "--no-headers")
    terminal("get", "pods", "-l", "app=web", "--sort-by=.metadata.creationTimestamp", "-o", "name")
    terminal("get", "pods", "-L", "app", "--field-selector=status.phase=Running")
    terminal("get", "pods", "--field-selector=status.phase!=Running")
    terminal("get", "pods", "--field-selector=spec.replicas=1")
    terminal("get", "pods", "-l", "app in (web")
    terminal("get", "deployment", "web", "-o", "jsonpath={.status.availableReplicas}/{.spec.replicas}")
    terminal("get", "deployment", "-o", "custom-columns=N:.metadata.name,I:.spec.template.spec.containers[*].image")
    terminal("get", "deployment", "web", "-o", "yaml")
    terminal("get", "gizmos")
    terminal("describe", "deployment", "missing")
    terminal("logs", "deployment/missing")
    terminal("exec", "missing", "--", "ls")
    terminal("rollout", "status", "deployment/missing")
    terminal("delete", "deployment", "web", "--cascade=orphan")
    terminal("get", "deployments")
    terminal("wait", "--for=delete", "deployment/web", "--timeout=25s")


def asking(terminal: Terminal) -> None:
    terminal("create", "role", "reader", "--verb=get,list", "--resource=pods,deployments.apps")
    terminal("create", "rolebinding", "readers", "--role=reader", "--user=bob", "--serviceaccount=default:bot")
    terminal("describe", "role", "reader")
    terminal("describe", "rolebinding", "readers")
    terminal("get", "roles,rolebindings", "-o", "wide")
    rules = {"subjects": [], "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "other"}}
    terminal("patch", "rolebinding", "readers", "-p", json.dumps(rules))
    wait_until(lambda: terminal._kubectl("auth", "can-i", "list", "deployments.apps", "--as=bob")[0] == 0, 9)
    terminal("auth", "can-i", "create", "deployments.apps")
    terminal("auth", "can-i", "list", "deployments.apps", "--as=bob")
    terminal("auth", "can-i", "delete", "deployments.apps", "--as=bob")
    terminal("auth", "can-i", "get", "nodes", "--as=bob")
    terminal("auth", "can-i", "--list", "--as=bob")
    terminal("auth", "whoami", "--as=bob", "--as-group=friends")
    terminal("get", "pods", "--as=bob")
    terminal("get", "pods", "--as=bob", "-A")
    terminal("delete", "pod", "web", "--as=bob")
    terminal("get", "secrets", "--as=system:serviceaccount:default:bot")
    terminal("get", "pods", "--as-group=friends")
    terminal("create", "namespace", "default")
    terminal("delete", "namespace", "default")
    terminal("get", "clusterrole", "cluster-admin", "view", "-o", "name")
    terminal("get", "--raw", "/healthz")
    terminal("get", "--raw", "/api/v1/namespaces/missing")


@pytest.mark.parametrize("story", [reading, asking])
def test_both_print_alike(
    story: Story, simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path
):
    same(story, simulated_cluster, control_plane, tmp_path)
