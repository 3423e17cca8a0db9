"""What ``kubectl get`` shows of pods and nodes: each status is written into both servers, and the rows are compared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.raw import Client
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
LONG_AGO = "2020-01-01T00:00:00Z"
RUNNING: Json = {"running": {"startedAt": LONG_AGO}}


def ended(code: int, reason: str = "", **more: Any) -> Json:
    named = {"reason": reason} if reason else {}
    return {"terminated": {"exitCode": code, "startedAt": LONG_AGO, "finishedAt": LONG_AGO, **named, **more}}


def waiting(reason: str = "") -> Json:
    return {"waiting": {"reason": reason} if reason else {}}


def one(
    state: Json, *, ready: bool = False, restarts: int = 0, last: Json | None = None, started: bool | None = None
) -> Json:
    shown = {"state": state, "ready": ready, "restartCount": restarts, "lastState": last or {}}
    return shown | ({"started": started} if started is not None else {})


UP = one(RUNNING, ready=True)
CRASHED = one(waiting("CrashLoopBackOff"), restarts=3, last=ended(1, "Error"))
STATUSES: dict[str, Json] = {
    "new": {},
    "failed-to-schedule": {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]},
    "gated": {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]},
    "creating": {"usual": [one(waiting("ContainerCreating"))]},
    "up": {"phase": "Running", "usual": [UP]},
    "half-up": {"phase": "Running", "usual": [UP, one(RUNNING)]},
    "crashed": {"phase": "Running", "usual": [CRASHED]},
    "one-crashed": {"phase": "Running", "usual": [UP, CRASHED]},
    "two-reasons": {"phase": "Running", "usual": [one(waiting("ErrImagePull")), CRASHED]},
    "restarted": {"phase": "Running", "usual": [one(RUNNING, ready=True, restarts=2, last=ended(137, "OOMKilled"))]},
    "restarted-without-date": {"phase": "Running", "usual": [one(RUNNING, ready=True, restarts=2)]},
    "out-of-memory": {"phase": "Running", "usual": [one(ended(137, "OOMKilled"))]},
    "exit-code": {"phase": "Failed", "usual": [one(ended(3))]},
    "signal": {"phase": "Failed", "usual": [one(ended(3, signal=9))]},
    "completed": {"phase": "Succeeded", "usual": [one(ended(0, "Completed"))]},
    "one-completed": {"phase": "Running", "usual": [one(ended(0, "Completed")), UP]},
    "one-completed-ready": {
        "phase": "Running", "usual": [one(ended(0, "Completed")), UP], "conditions": [{"type": "Ready", "status": "True"}],
    },
    "evicted": {"phase": "Failed", "reason": "Evicted", "message": "low on memory"},
    "no-reason": {"phase": "Pending", "usual": [one(waiting())]},
    "first-waits": {"first": [one(waiting("PodInitializing"))], "usual": [one(waiting("PodInitializing"))]},
    "first-runs": {"first": [one(RUNNING)], "usual": [one(waiting("PodInitializing"))]},
    "second-runs": {"first": [one(ended(0, "Completed"), ready=True), one(RUNNING)], "usual": [one(waiting("PodInitializing"))]},
    "first-crashed": {"first": [CRASHED], "usual": [one(waiting("PodInitializing"))]},
    "first-error": {"first": [one(ended(1, "Error"))], "usual": [one(waiting("PodInitializing"))]},
    "first-exit-code": {"first": [one(ended(2))], "usual": [one(waiting("PodInitializing"))]},
    "first-signal": {"first": [one(ended(2, signal=15))], "usual": [one(waiting("PodInitializing"))]},
    "first-done": {"phase": "Running", "first": [one(ended(0, "Completed"), ready=True, restarts=4)], "usual": [UP]},
    "sidecar-runs": {"phase": "Running", "sidecars": [one(RUNNING, ready=True, started=True, restarts=1, last=ended(1, "Error"))], "usual": [UP]},
    "sidecar-unready": {"phase": "Running", "sidecars": [one(RUNNING, started=True)], "usual": [UP]},
    "sidecar-starts": {"sidecars": [one(RUNNING, started=False)], "usual": [one(waiting("PodInitializing"))]},
    "nominated": {"nominatedNodeName": "node-7"},
    "addressed": {"phase": "Running", "podIP": "10.1.2.3", "podIPs": [{"ip": "10.1.2.3"}], "usual": [UP]},
    "gates": {"phase": "Running", "conditions": [{"type": "a.b/c", "status": "True"}], "gates": ["a.b/c", "a.b/d"], "usual": [UP]},
}  # fmt: skip


def pod(name: str, looks: Json) -> tuple[Json, Json]:
    """The pod to create, which no scheduler touches, and the status to give it."""
    status = dict(looks)
    usual, first, sidecars = (status.pop(part, []) for part in ("usual", "first", "sidecars"))
    gates = [{"conditionType": gate} for gate in status.pop("gates", [])]
    parts = {"c": usual or [UP], "i": first, "s": sidecars}
    specs = {
        part: [{"name": f"{part}{number}", "image": "x:1"} for number, _ in enumerate(ones)]
        for part, ones in parts.items()
    }
    spec = {
        "schedulerName": "nobody", "containers": specs["c"], "readinessGates": gates, "initContainers": [
            *specs["i"], *({**sidecar, "restartPolicy": "Always"} for sidecar in specs["s"]),
        ],
    }  # fmt: skip

    def named(part: str, ones: list[Json]) -> list[Json]:
        return [{"name": f"{part}{number}", "image": "x:1", "imageID": "", **one} for number, one in enumerate(ones)]

    status["containerStatuses"] = named("c", usual)
    status["initContainerStatuses"] = [*named("i", first), *named("s", sidecars)]
    return {"metadata": {"name": name}, "spec": spec}, status


def rows(client: Client, path: str) -> dict[str, list[Any]]:
    document = client.ask("GET", path, headers={"Accept": TABLE}).body
    names = [column["name"] for column in document["columnDefinitions"]]
    cells = {row["cells"][0]: row["cells"] for row in document["rows"]}
    return {
        "": names,
        **{
            name: [cell for title, cell in zip(names, row, strict=True) if title != "Age"]
            for name, row in cells.items()
        },
    }


def test_pods(simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> None:
    shown = []
    for cluster in (simulated_cluster, control_plane):
        client, namespace = Client(cluster), cluster.namespace("tables-of-pods")
        path = f"/api/v1/namespaces/{namespace}/pods"
        for name, looks in STATUSES.items():
            created, status = pod(name, looks)
            assert client.ask("POST", path, created).code == 201
            patch = {"Content-Type": "application/merge-patch+json"}
            assert client.ask("PATCH", f"{path}/{name}/status", {"status": status}, patch).code == 200
        shown.append(rows(client, path))
        client.close()
    played, real = shown
    assert {name: (played[name], row) for name, row in real.items() if played.get(name) != row} == {}


@pytest.mark.parametrize("selector", [
    "spec.nodeName=node-1", "spec.nodeName=", "status.phase=Running", "status.phase!=Running", "metadata.name=up",
    "metadata.name!=up,status.phase=Failed", "spec.restartPolicy=Always", "spec.schedulerName=nobody", "status.podIP=10.1.2.3",
    "status.nominatedNodeName=node-7", "spec.serviceAccountName=default", "spec.hostNetwork=false", "metadata.namespace=x",
    "spec.priority=0", "spec.nodeName",
])  # fmt: skip
def test_pods_by_fields(simulated_cluster: SimulatedCluster, control_plane: ControlPlane, selector: str) -> None:
    answers = []
    for cluster in (simulated_cluster, control_plane):
        client = Client(cluster)
        if cluster.api.raw("GET", "/api/v1/namespaces?fieldSelector=metadata.name=fields").count(b'"fields"') < 1:
            path = f"/api/v1/namespaces/{cluster.namespace('fields')}/pods"
            for name in ("up", "evicted", "nominated", "addressed"):
                created, status = pod(name, STATUSES[name])
                client.ask("POST", path, created)
                patch = {"Content-Type": "application/merge-patch+json"}
                client.ask("PATCH", f"{path}/{name}/status", {"status": status}, patch)
        answer = client.ask("GET", f"/api/v1/namespaces/fields/pods?fieldSelector={selector}")
        answers.append(
            (answer.code, answer.body.get("message"), [one["metadata"]["name"] for one in answer.body.get("items", [])])
        )
        client.close()
    assert answers[0] == answers[1]


NODES: dict[str, Json] = {
    "plain": {},
    "roles": {"labels": {"node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/db": "", "kubernetes.io/role": "old"}},
    "cordoned": {"spec": {"unschedulable": True}},
}  # fmt: skip


def test_nodes(simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> None:
    shown = []
    for cluster in (simulated_cluster, control_plane):
        client = Client(cluster)
        try:
            for name, more in NODES.items():
                meta = {"name": f"shown-{name}", "labels": more.get("labels", {})}
                assert client.ask("POST", "/api/v1/nodes", {"metadata": meta, "spec": more.get("spec", {})}).code == 201
                cluster.wait(f"/api/v1/nodes/shown-{name}", is_ready)
            found = rows(client, "/api/v1/nodes")
            names = [client.ask("GET", f"/api/v1/nodes?fieldSelector={selector}").body for selector in NODE_SELECTORS]
            listed = [
                [one["metadata"]["name"] for one in answer.get("items", [])] or answer.get("message")
                for answer in names
            ]
            shown.append(({name: row[:3] for name, row in found.items()}, found[""], listed))
        finally:
            for name in NODES:
                client.ask("DELETE", f"/api/v1/nodes/shown-{name}")
            client.close()
    assert shown[0] == shown[1]


NODE_SELECTORS = ("spec.unschedulable=true", "metadata.name=node-1", "spec.nodeName=x")


def is_ready(node: Json) -> bool:
    conditions = node.get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


@pytest.mark.parametrize("wrong", [
    {"taints": [{"key": "a b", "effect": "NoSchedule"}]}, {"taints": [{"key": "a", "value": "b c", "effect": "NoSchedule"}]},
    {"taints": [{"key": "a", "effect": "Never"}]}, {"taints": [{"key": "a"}]},
])  # fmt: skip
def test_taints_that_are_refused(simulated_cluster: SimulatedCluster, control_plane: ControlPlane, wrong: Json) -> None:
    answers = []
    for cluster in (simulated_cluster, control_plane):
        client = Client(cluster)
        answers.append(client.ask("POST", "/api/v1/nodes", {"metadata": {"name": "refused"}, "spec": wrong}).body)
        client.close()
    assert answers[0] == answers[1]
