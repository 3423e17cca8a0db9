"""Nodes and their pods under kubectl: the same commands typed at both servers print the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.contract.terminal import Story, Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import deployment

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane


def pod(name: str, **spec: Any) -> str:
    whole = {"containers": [{"name": "web", "image": "registry.test/web:v1"}], **spec}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": whole})


def path_of(terminal: Terminal, name: str) -> str:
    return f"/api/v1/namespaces/{terminal._kubectl.namespace}/pods/{name}"


def running(terminal: Terminal, name: str, **spec: Any) -> None:
    terminal("apply", "-f", "-", stdin=pod(name, **spec))
    terminal.cluster.wait(path_of(terminal, name), lambda pod: pod["status"]["phase"] == "Running")


def lines(text: str, *starts: str) -> list[str]:
    return [re.sub(r"\s+", " ", line) for line in text.splitlines() if line.startswith(starts)]


def draining(terminal: Terminal) -> None:
    namespace = terminal._kubectl.namespace
    terminal("cordon", "node-1")
    terminal("cordon", "node-1")
    terminal.cluster.wait("/api/v1/nodes/node-1", lambda node: "taints" in node["spec"])
    [row] = terminal_row(terminal, "node-1")
    terminal.note(row.split()[1])
    terminal.note([{**one, "timeAdded": ""} for one in terminal.cluster.get("/api/v1/nodes/node-1")["spec"]["taints"]])
    terminal("uncordon", "node-1")
    terminal("uncordon", "node-1")
    running(terminal, "alone", nodeName="node-1")
    web = deployment("web", namespace, replicas=1, labels={"part": "web"})
    web["spec"]["template"]["spec"]["nodeSelector"] = {"kubernetes.io/hostname": "node-1"}
    terminal.cluster.apply(web)
    pods = f"/api/v1/namespaces/{namespace}/pods?labelSelector=part=web"
    terminal.cluster.wait_items(pods, lambda pods: [one["status"]["phase"] for one in pods] == ["Running"])
    terminal("drain", "node-1", "--pod-selector=part in (web,none)")
    terminal.cluster.wait_items(pods, lambda pods: ["nodeName" in one["spec"] for one in pods] == [False])
    terminal("drain", "node-1", "--pod-selector=!part,!app", "--dry-run=server")
    terminal("uncordon", "node-1")
    terminal("taint", "node", "node-1", "a=b:NoSchedule")
    terminal("taint", "node", "node-1", "a-")
    terminal("label", "node", "node-1", "node-role.kubernetes.io/db=")
    terminal.note(terminal_row(terminal, "node-1")[0].split()[2])
    terminal("label", "node", "node-1", "node-role.kubernetes.io/db-")


def terminal_row(terminal: Terminal, node: str) -> list[str]:
    code, output, _ = terminal._kubectl("get", "node", node, "--no-headers")
    assert code == 0
    return output.splitlines()


REQUESTS = {"containers": [{"name": "web", "image": "r/web:v1", "resources": {"requests": {"cpu": "16", "memory": "64Gi"}, "limits": {"cpu": "32"}}}]}  # fmt: skip


def describing(terminal: Terminal) -> None:
    terminal("apply", "-f", "-", stdin=pod("nowhere", nodeSelector={"disk": "ssd"}))

    def is_refused(pod: Json) -> bool:
        return any(one["type"] == "PodScheduled" for one in pod["status"].get("conditions", []))

    terminal.cluster.wait(path_of(terminal, "nowhere"), is_refused)
    where = f"/api/v1/namespaces/{terminal._kubectl.namespace}/events"
    terminal.cluster.wait_items(where, bool)
    described = terminal._kubectl("describe", "pod", "nowhere")[1]
    terminal.note(terminal._normal(re.sub(r"kube-api-access-\w+", "kube-api-access", described)))
    terminal.cluster.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "described"}})
    terminal.cluster.wait("/api/v1/nodes/described", lambda node: "allocatable" in node.get("status", {}))
    running(terminal, "greedy", nodeName="described", **REQUESTS)
    described = terminal._kubectl("describe", "node", "described")[1]
    kept = (
        "Name:",
        "Roles:",
        "Taints:",
        "Unschedulable:",
        "Lease:",
        "Capacity:",
        "Allocatable:",
        "Non-terminated",
        "Allocated",
        "  cpu",
        "  memory ",
    )
    terminal.note(lines(described, *kept))
    [line] = lines(described, f"  {terminal._kubectl.namespace}")
    terminal.note(line.split()[1:-1])  # the last is an age
    terminal("delete", "pod", "greedy", "nowhere")
    terminal("delete", "node", "described")


def logging(terminal: Terminal) -> None:
    both = [{"name": name, "image": "registry.test/web:v1"} for name in ("web", "sidecar")]
    running(terminal, "two", containers=both)
    terminal.cluster.logs.write("one", "two", "three")
    terminal.cluster.logs.write("before", previous=True)
    terminal("logs", "two")
    terminal("logs", "two", "-c", "web")
    terminal("logs", "two", "-c", "sidecar", "--tail=1")
    terminal("logs", "two", "-c", "nobody")
    terminal.note(sorted(terminal._kubectl("logs", "two", "--all-containers", "--prefix")[1].splitlines()))
    terminal("logs", "two", "-c", "web", "--limit-bytes=6")
    terminal("logs", "nobody")
    terminal("apply", "-f", "-", stdin=pod("unplaced", nodeSelector={"disk": "ssd"}))
    terminal("logs", "unplaced")
    terminal.cluster.logs.reset()
    terminal("delete", "pod", "two", "unplaced", "--grace-period=0", "--force")


def ending(terminal: Terminal) -> None:
    """A pod ends, and its table says so."""
    terminal("apply", "-f", "-", stdin=pod("once", restartPolicy="Never"))
    terminal.cluster.wait(path_of(terminal, "once"), lambda pod: pod["status"]["phase"] == "Succeeded")
    terminal("get", "pod", "once")
    terminal("wait", "pod", "once", "--for=jsonpath={.status.phase}=Succeeded")
    terminal("delete", "pod", "once")
    terminal("get", "pod", "once")


@pytest.mark.parametrize("story", [draining, describing, logging, ending], ids=lambda story: story.__name__)
def test_typed(
    story: Story,
    simulated_cluster: SimulatedCluster,
    control_plane: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    same(story, simulated_cluster, control_plane, tmp_path_factory.mktemp("homes"))
