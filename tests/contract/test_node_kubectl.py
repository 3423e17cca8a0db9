"""Nodes and their pods under kubectl: the same commands typed at both servers print the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.contract.nodes import own_node
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
    return f"/api/v1/namespaces/{terminal.namespace}/pods/{name}"


def running(terminal: Terminal, name: str, **spec: Any) -> None:
    terminal("apply", "-f", "-", stdin=pod(name, **spec))
    terminal.cluster.wait(path_of(terminal, name), lambda pod: pod["status"]["phase"] == "Running", 30)


def lines(text: str, *starts: str) -> list[str]:
    return [re.sub(r"\s+", " ", line) for line in text.splitlines() if line.startswith(starts)]


def draining(terminal: Terminal) -> None:
    with own_node(terminal.cluster, "emptied") as there:
        emptied(terminal, there)


def emptied(terminal: Terminal, there: Json) -> None:
    namespace, node = terminal.namespace, "/api/v1/nodes/emptied"
    terminal("cordon", "emptied")
    terminal("cordon", "emptied")
    terminal.cluster.wait(node, lambda node: len(node["spec"]["taints"]) == 2)
    [row] = terminal_row(terminal, "emptied")
    terminal.note(row.split()[1])
    terminal.note([{**one, "timeAdded": ""} for one in terminal.cluster.get(node)["spec"]["taints"]])
    terminal("uncordon", "emptied")
    terminal("uncordon", "emptied")
    running(terminal, "alone", nodeName="emptied")
    web = deployment("web", namespace, replicas=1, labels={"part": "web"})
    web["spec"]["template"]["spec"].update(there)
    terminal.cluster.apply(web)
    pods = f"/api/v1/namespaces/{namespace}/pods?labelSelector=part=web"
    terminal.cluster.wait_items(pods, lambda pods: [one["status"]["phase"] for one in pods] == ["Running"], 30)
    terminal("drain", "emptied", "--pod-selector=part in (web,none)")
    terminal.cluster.wait_items(pods, lambda pods: ["nodeName" in one["spec"] for one in pods] == [False], 30)
    terminal("drain", "emptied", "--dry-run=server")
    terminal("uncordon", "emptied")
    terminal("taint", "node", "emptied", "a=b:NoSchedule")
    terminal("taint", "node", "emptied", "a-")
    terminal("label", "node", "emptied", "node-role.kubernetes.io/db=")
    terminal.note(terminal_row(terminal, "emptied")[0].split()[2])
    terminal("delete", "deployment/web", "pod/alone")


def terminal_row(terminal: Terminal, node: str) -> list[str]:
    code, output, _ = terminal._kubectl("get", "node", node, "--no-headers")
    assert code == 0
    return output.splitlines()


REQUESTS = {"containers": [{"name": "web", "image": "r/web:v1", "resources": {"requests": {"cpu": "16", "memory": "64Gi"}, "limits": {"cpu": "32"}}}]}  # fmt: skip


def describing(terminal: Terminal) -> None:
    """A pod that no node is for, whatever else is the matter with the nodes, and a node with one pod."""
    nowhere = pod("nowhere", nodeSelector={"disk": "ssd"}, tolerations=[{"operator": "Exists"}])
    terminal("apply", "-f", "-", stdin=nowhere)
    terminal.told("nodes are available")
    described = terminal._kubectl("describe", "pod", "nowhere")[1]
    described = re.sub(r"kube-api-access-\w+", "kube-api-access", described)
    terminal.note(terminal._normal(re.sub(r"\d+ (nodes?|Preemption)\b", r"<number> \1", described)))
    with own_node(terminal.cluster, "described"):
        one_node(terminal)
    told = node_events(terminal, "described", "RemovingNode")
    about = [{**one["involvedObject"], "uid": "", "resourceVersion": ""} for one in told]
    terminal.note(sorted((one["reason"], one["message"], one["type"], str(one["source"])) for one in told))
    terminal.note(about)
    terminal("delete", "pod", "nowhere")


def node_events(terminal: Terminal, node: str, reason: str) -> list[Json]:
    """What is told of a node, once that is among it."""
    events = f"/api/v1/namespaces/default/events?fieldSelector=involvedObject.name={node}"
    return terminal.cluster.wait_items(events, lambda told: reason in [one["reason"] for one in told], 30)


def one_node(terminal: Terminal) -> None:
    running(terminal, "greedy", nodeName="described", **REQUESTS)
    node_events(terminal, "described", "RegisteredNode")
    described = terminal._kubectl("describe", "node", "described")[1]
    terminal.note(terminal._normal(described[described.index("Events:") :]))
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
    [line] = lines(described, f"  {terminal.namespace}")
    terminal.note(line.split()[1:-1])  # the last is an age
    terminal("delete", "pod", "greedy")


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
    terminal.cluster.wait(path_of(terminal, "once"), lambda pod: pod["status"]["phase"] == "Succeeded", 30)
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
