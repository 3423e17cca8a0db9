"""StatefulSets, DaemonSets and their revisions under kubectl: typed at both servers, printed the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.terminal import Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import daemon_set, stateful_set

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
DB, AGENT = "statefulset/db", "daemonset/agent"
BROKEN = "registry.test/web:unready"


def applied(terminal: Terminal, obj: Json) -> None:
    del obj["metadata"]["namespace"]
    terminal("apply", "-f", "-", stdin=json.dumps(obj))


def counted(**wanted: int) -> Any:
    """Whether the newest generation was observed, and its status has those numbers."""

    def holds(obj: Json) -> bool:
        status = obj["status"]
        observed = status.get("observedGeneration") == obj["metadata"]["generation"]
        return observed and all(status.get(name, 0) == number for name, number in wanted.items())

    return holds


def db(terminal: Terminal, **counts: int) -> Json:
    return terminal.wait("statefulsets/db", counted(**counts))


def agent(terminal: Terminal, **counts: int) -> Json:
    return terminal.wait("daemonsets/agent", counted(**counts))


def numbers(obj: Json) -> Json:
    """The status without the names of revisions, but with whether they are the same."""
    status = obj["status"]
    named = {key: value for key, value in status.items() if not key.endswith("Revision")}
    return {**named, "moved": status.get("currentRevision") == status.get("updateRevision")}


def described(terminal: Terminal, what: str, *messages: str) -> None:
    """Once the events with these texts are there."""
    terminal.told(*messages)
    terminal("describe", what)


def rolled(terminal: Terminal) -> None:
    applied(terminal, stateful_set("db", "-", replicas=2))
    terminal.quietly("rollout", "status", DB)
    terminal.note(numbers(db(terminal, availableReplicas=2, updatedReplicas=2)))
    terminal("get", DB, "-o", "wide")
    described(terminal, DB, "Create Pod db-0", "Create Pod db-1")
    terminal("set", "image", DB, "db=registry.test/web:v2")
    terminal.quietly("rollout", "status", DB)
    terminal.note(numbers(db(terminal, availableReplicas=2, updatedReplicas=2, currentReplicas=2)))
    terminal("rollout", "history", DB)
    terminal("rollout", "history", DB, "--revision=1")
    terminal("rollout", "undo", DB)
    db(terminal, availableReplicas=2, updatedReplicas=2, currentReplicas=2)
    terminal("rollout", "history", DB)
    terminal("rollout", "undo", DB, "--to-revision=2")
    db(terminal, availableReplicas=2, updatedReplicas=2, currentReplicas=2)
    terminal("rollout", "status", DB)
    terminal("get", "controllerrevisions", "--sort-by=.revision")
    terminal("rollout", "undo", DB, "--to-revision=9")
    terminal("rollout", "pause", DB)
    terminal("scale", DB, "--replicas=3")
    db(terminal, availableReplicas=3)
    terminal("get", "statefulsets,pods", "-l", "app=db", "-o", "custom-columns=N:.metadata.name,L:.metadata.labels")
    terminal("scale", DB, "--replicas=1")
    terminal.note(numbers(db(terminal, replicas=1)))
    described(terminal, DB, "Delete Pod db-2", "Delete Pod db-1", "Delete Pod db-0", "Create Pod db-2")


def partitioned(terminal: Terminal) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    applied(terminal, stateful_set("db", "-", replicas=3, strategy=strategy))
    db(terminal, availableReplicas=3)
    terminal("set", "image", DB, "db=registry.test/web:v2")
    terminal.note(numbers(db(terminal, availableReplicas=3, updatedReplicas=1)))
    terminal("rollout", "status", DB)
    terminal("get", "pods", "-l", "app=db", "-o", "custom-columns=N:.metadata.name,I:.spec.containers[0].image")
    terminal("patch", DB, "-p", '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}')
    terminal.note(numbers(db(terminal, availableReplicas=3, updatedReplicas=3, currentReplicas=3)))


def broken(terminal: Terminal) -> None:
    applied(terminal, stateful_set("db", "-", replicas=2))
    db(terminal, availableReplicas=2)
    terminal("set", "image", DB, f"db={BROKEN}")
    terminal.note(numbers(db(terminal, availableReplicas=1, updatedReplicas=1, replicas=2)))
    terminal.quietly("rollout", "status", DB, "--timeout=1s")  # how often it says what it waits for is chance
    terminal("get", DB)
    terminal("rollout", "undo", DB)
    terminal.note(numbers(db(terminal, availableReplicas=1, updatedReplicas=1, currentReplicas=1)))
    terminal("delete", "pod", "db-1", "--wait=false")
    terminal.note(numbers(db(terminal, availableReplicas=2, updatedReplicas=2, currentReplicas=2)))


def on_delete(terminal: Terminal) -> None:
    applied(
        terminal, stateful_set("db", "-", replicas=2, strategy={"type": "OnDelete"}, podManagementPolicy="Parallel")
    )
    db(terminal, availableReplicas=2)
    terminal("set", "image", DB, "db=registry.test/web:v2")
    terminal.note(numbers(db(terminal, currentReplicas=2)))
    terminal("rollout", "status", DB)
    terminal("delete", "pod", "db-0", "--wait=false")
    terminal.note(numbers(db(terminal, availableReplicas=2, updatedReplicas=1)))
    described(terminal, DB, "Create Pod db-0", "Create Pod db-1")


def daemons(terminal: Terminal) -> None:
    applied(terminal, daemon_set("agent", "-"))
    terminal.quietly("rollout", "status", AGENT)
    terminal.note(numbers(agent(terminal, numberAvailable=3, updatedNumberScheduled=3)))
    terminal("get", AGENT, "-o", "wide")
    described(terminal, AGENT, *3 * ["Created pod: agent-"])
    terminal("set", "image", AGENT, "agent=registry.test/web:v2")
    terminal.quietly("rollout", "status", AGENT)
    terminal.note(numbers(agent(terminal, numberAvailable=3, updatedNumberScheduled=3)))
    terminal("rollout", "history", AGENT)
    terminal("set", "image", AGENT, f"agent={BROKEN}")
    terminal.note(numbers(agent(terminal, numberAvailable=2, updatedNumberScheduled=1)))
    terminal.quietly("rollout", "status", AGENT, "--timeout=1s")
    terminal("rollout", "undo", AGENT)
    terminal.note(numbers(agent(terminal, numberAvailable=3, updatedNumberScheduled=3)))
    terminal("rollout", "history", AGENT)
    terminal("rollout", "history", AGENT, "--revision=3")
    terminal("rollout", "restart", AGENT)
    terminal.note(numbers(agent(terminal, numberAvailable=3, updatedNumberScheduled=3)))
    terminal("get", "controllerrevisions", "--sort-by=.revision")
    terminal("scale", AGENT, "--replicas=2")
    terminal("rollout", "pause", AGENT)


def daemons_on_delete(terminal: Terminal) -> None:
    applied(terminal, daemon_set("agent", "-", strategy={"type": "OnDelete"}))
    agent(terminal, numberAvailable=3)
    terminal("set", "image", AGENT, "agent=registry.test/web:v2")
    terminal.note(numbers(agent(terminal, numberAvailable=3)))
    terminal("rollout", "status", AGENT)
    terminal.quietly("delete", "pods", "-l", "app=agent", "--wait=false")
    terminal.note(numbers(agent(terminal, numberAvailable=3, updatedNumberScheduled=3)))


@pytest.mark.parametrize("story", [rolled, partitioned, broken, on_delete, daemons, daemons_on_delete])
def test_same(story: Any, simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path) -> None:
    same(story, simulated_cluster, control_plane, tmp_path)
