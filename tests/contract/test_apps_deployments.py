"""Deployments under kubectl: the same commands typed at both servers print the same, from the first rollout to the last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.terminal import Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import deployment

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
SIZES = "custom-columns=SIZE:.spec.replicas,IMAGE:.spec.template.spec.containers[0].image,NOTES:.metadata.annotations"
WEB, DEPLOYMENT = "deployments/web", "deployment/web"


def applied(terminal: Terminal, **spec: Any) -> None:
    web = deployment("web", "-", replicas=2, **spec)
    del web["metadata"]["namespace"]
    terminal("apply", "-f", "-", stdin=json.dumps(web))


def is_done(web: Json) -> bool:
    """Rolled out and nothing left to say about it."""
    status, replicas = web["status"], web["spec"]["replicas"]
    observed = status.get("observedGeneration") == web["metadata"]["generation"]
    counts = {status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")}
    stopped = not status.get("terminatingReplicas")
    return observed and stopped and counts == {replicas} and "NewReplicaSetAvailable" in reasons(web)


def reasons(web: Json) -> list[str]:
    return [condition["reason"] for condition in web["status"].get("conditions", [])]


def has(**wanted: int) -> Any:
    """Whether the newest generation was observed, and its status has those numbers."""

    def holds(obj: Json) -> bool:
        status = obj["status"]
        observed = status.get("observedGeneration") == obj["metadata"]["generation"]
        return observed and all(status.get(name, 0) == number for name, number in wanted.items())

    return holds


def settled(terminal: Terminal) -> Json:
    return terminal.wait(WEB, is_done)


def described(terminal: Terminal) -> None:
    """With its events, which are written after what they tell of: one must tell of the size that each ReplicaSet has."""
    sets = terminal.cluster.get(f"/apis/apps/v1/namespaces/{terminal.namespace}/replicasets")["items"]
    sizes = [(one["metadata"]["name"], one["spec"]["replicas"]) for one in sets]

    def are_told(events: list[Json]) -> bool:
        said = [event["message"] for event in events]
        return all(any(name in text and text.endswith(f" to {size}") for text in said) for name, size in sizes)

    terminal.cluster.wait_items(f"/api/v1/namespaces/{terminal.namespace}/events", are_told, 30)
    terminal("describe", DEPLOYMENT)


def statuses(web: Json) -> Json:
    """The status without times and with nothing said of its ReplicaSet's name."""
    conditions = [
        {key: value.replace(name_of_set(value), "<set>") for key, value in one.items() if not key.startswith("last")}
        for one in web["status"]["conditions"]
    ]
    return {**web["status"], "conditions": sorted(conditions, key=lambda one: one["type"])}


def name_of_set(text: str) -> str:
    return text.split('"')[1] if '"' in text else "\0"


def life(terminal: Terminal) -> None:
    applied(terminal)
    terminal.quietly("rollout", "status", DEPLOYMENT)
    terminal.note(statuses(settled(terminal)))
    terminal("get", DEPLOYMENT)
    terminal("get", DEPLOYMENT, "-o", "wide")
    terminal("get", "replicasets", "-o", "wide")
    described(terminal)
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:v2")
    terminal.quietly("rollout", "status", DEPLOYMENT)
    terminal.note(statuses(settled(terminal)))
    terminal("annotate", DEPLOYMENT, "kubernetes.io/change-cause=second")
    terminal.wait(WEB, is_done)
    terminal("rollout", "history", DEPLOYMENT, "--revision=2")
    terminal("rollout", "undo", DEPLOYMENT)
    settled(terminal)
    terminal("rollout", "status", DEPLOYMENT)
    terminal("rollout", "history", DEPLOYMENT)
    described(terminal)


def revisions(terminal: Terminal) -> None:
    applied(terminal)
    settled(terminal)
    for number in (2, 3):
        terminal("set", "image", DEPLOYMENT, f"web=registry.test/web:v{number}")
        settled(terminal)
    terminal("rollout", "undo", DEPLOYMENT, "--to-revision=1", "--dry-run=server")
    terminal("rollout", "undo", DEPLOYMENT, "--to-revision=1")
    settled(terminal)
    terminal("rollout", "history", DEPLOYMENT)
    terminal("rollout", "undo", DEPLOYMENT, "--to-revision=4")
    terminal("rollout", "undo", DEPLOYMENT, "--to-revision=9")
    terminal("get", "replicasets", "--sort-by=.metadata.annotations.deployment\\.kubernetes\\.io/revision")
    terminal("rollout", "restart", DEPLOYMENT)
    settled(terminal)
    terminal("rollout", "history", DEPLOYMENT, "--revision=5")


def pausing(terminal: Terminal) -> None:
    applied(terminal)
    settled(terminal)
    terminal("rollout", "pause", DEPLOYMENT)
    terminal("rollout", "pause", DEPLOYMENT)
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:v2")
    paused = terminal.wait(
        WEB, lambda web: "DeploymentPaused" in reasons(web) and web["status"]["observedGeneration"] == 3
    )
    terminal.note(statuses(paused))
    terminal("rollout", "undo", DEPLOYMENT)
    terminal("rollout", "restart", DEPLOYMENT)
    terminal("get", DEPLOYMENT)
    described(terminal)
    terminal("rollout", "resume", DEPLOYMENT)
    terminal("rollout", "resume", DEPLOYMENT)
    terminal.note(statuses(settled(terminal)))


def scaling(terminal: Terminal) -> None:
    applied(terminal)
    settled(terminal)
    terminal("scale", DEPLOYMENT, "--replicas=4")
    settled(terminal)
    terminal("scale", DEPLOYMENT, "--replicas=1", "--current-replicas=3")
    terminal("scale", DEPLOYMENT, "--replicas=-1")
    terminal("scale", DEPLOYMENT, "--replicas=0", "--current-replicas=4")
    terminal.note(statuses(settled(terminal)))
    terminal("get", "deployments,replicasets", "-o", "wide")
    described(terminal)
    terminal("delete", DEPLOYMENT)
    terminal("rollout", "status", DEPLOYMENT)


def stuck(terminal: Terminal) -> None:
    applied(terminal, progress_deadline=2)
    settled(terminal)
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:unready")
    broken = terminal.wait(WEB, lambda web: "ProgressDeadlineExceeded" in reasons(web))
    terminal.note(statuses(broken))
    terminal("rollout", "status", DEPLOYMENT)
    terminal("get", DEPLOYMENT)
    described(terminal)
    terminal("rollout", "undo", DEPLOYMENT)
    terminal.note(statuses(settled(terminal)))


def recreated(terminal: Terminal) -> None:
    applied(terminal, strategy={"type": "Recreate"})
    settled(terminal)
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:v2")
    terminal.note(statuses(settled(terminal)))
    described(terminal)


def proportions(terminal: Terminal) -> None:
    """The documentation's own example, at a rollout that is stuck: 8 and 5 pods of 10 become 11 and 7 of 15."""
    strategy = {"rollingUpdate": {"maxSurge": 3, "maxUnavailable": 2}}
    applied(terminal, strategy=strategy)
    terminal("scale", DEPLOYMENT, "--replicas=10")
    settled(terminal)
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:unready")
    stopped = terminal.wait(WEB, has(availableReplicas=8, replicas=13, updatedReplicas=5, terminatingReplicas=0))
    terminal.note(statuses(stopped))
    terminal("scale", DEPLOYMENT, "--replicas=15")
    terminal.note(statuses(terminal.wait(WEB, has(availableReplicas=11, replicas=18, updatedReplicas=7))))
    terminal("get", "replicasets", "-o", SIZES, "--sort-by=.spec.replicas")
    terminal("scale", DEPLOYMENT, "--replicas=5")
    terminal.wait(WEB, has(availableReplicas=3, replicas=8, updatedReplicas=5, terminatingReplicas=0))
    terminal("get", "replicasets", "-o", SIZES, "--sort-by=.spec.replicas")
    terminal("set", "image", DEPLOYMENT, "web=registry.test/web:v3")
    terminal.note(statuses(settled(terminal)))


def replica_sets(terminal: Terminal) -> None:
    """One that nobody owns: scaled by hand, and adopting a pod that fits."""
    web = deployment("web", "-", replicas=2)
    del web["metadata"]["namespace"]
    terminal("apply", "-f", "-", stdin=json.dumps({**web, "kind": "ReplicaSet"}))
    ready = terminal.wait("replicasets/web", has(availableReplicas=2))
    terminal.note(ready["status"])
    terminal("scale", "replicaset/web", "--replicas=3")
    terminal.wait("replicasets/web", has(availableReplicas=3))
    terminal("get", "replicaset/web", "-o", "wide")
    terminal("scale", "replicaset/web", "--replicas=0")
    terminal.note(terminal.wait("replicasets/web", has(replicas=0, terminatingReplicas=0))["status"])
    terminal("set", "image", "replicaset/web", "web=registry.test/web:v2")
    terminal("rollout", "status", "replicaset/web")
    terminal("autoscale", "replicaset/web", "--max=3", "--dry-run=server")
    terminal("delete", "replicaset/web", "--cascade=orphan")


def refused(terminal: Terminal) -> None:
    terminal("create", "quota", "few", "--hard=pods=1")
    applied(terminal)
    failed = terminal.wait(
        WEB, lambda web: web["status"].get("availableReplicas") == 1 and "FailedCreate" in reasons(web)
    )
    terminal.note(dict.fromkeys(reasons(failed), True))
    terminal("get", DEPLOYMENT)
    terminal("rollout", "status", DEPLOYMENT, "--timeout=1s")


@pytest.mark.parametrize(
    "story", [life, revisions, pausing, scaling, stuck, proportions, replica_sets, recreated, refused]
)
def test_same(story: Any, simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path) -> None:
    same(story, simulated_cluster, control_plane, tmp_path)
