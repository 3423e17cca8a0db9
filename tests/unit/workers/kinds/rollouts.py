"""Workloads at a moment of their rollout, in the shape in which API server 1.37 gives them (recorded, then shortened)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from commands.canonical import digest_of
from commands.operation import Written

Json = dict[str, Any]

WROTE = 1_800_000_000.0
"""When we wrote (Unix seconds); the tests' present is a minute later unless they say otherwise."""
NOW = WROTE + 60

NEW, OLD = "r/web:2", "r/web:1"


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def template(image: str = NEW) -> Json:
    return {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": image}]}}


def written(image: str = NEW, replicas: int | None = None, generation: int = 2) -> Written:
    return Written(generation, digest_of(template(image)), replicas, WROTE)


def pod(name: str, owner: str = "rs-new", image: str = NEW, *, labels: Json | None = None, **status: Any) -> Json:
    container = {
        "name": "app",
        "image": image,
        "ready": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": stamp(WROTE + 2)}},
    }
    return {
        "kind": "Pod",
        "metadata": {
            "name": name,
            "uid": f"uid-{name}",
            "labels": {"app": "web", **(labels or {})},
            "ownerReferences": [{"uid": owner, "controller": True, "kind": "x", "name": "x"}],
        },
        "spec": template(image)["spec"],
        "status": {
            "phase": "Running",
            "startTime": stamp(WROTE + 1),
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [container],
            **status,
        },
    }


def waiting(reason: str, message: str = "", *, last: Json | None = None, restarts: int = 0, init: bool = False) -> Json:
    """The status of a pod whose container waits."""
    status = {
        "name": "setup" if init else "app",
        "ready": False,
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
        "lastState": {"terminated": last} if last else {},
    }
    return {
        "phase": "Pending",
        "conditions": [{"type": "Ready", "status": "False"}],
        "initContainerStatuses" if init else "containerStatuses": [status],
    }


def replica_set(
    name: str = "rs-new", image: str = NEW, revision: int = 2, count: int = 3, ready: int | None = None, **more: Any
) -> Json:
    own = template(image)
    own["metadata"]["labels"]["pod-template-hash"] = name
    up = count if ready is None else ready
    return {
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "uid": name,
            "creationTimestamp": stamp(WROTE),
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [{"uid": "d1", "controller": True, "kind": "Deployment", "name": "web"}],
        },
        "spec": {"replicas": count, "template": own},
        "status": {"replicas": count, "readyReplicas": up, "availableReplicas": up, **more},
    }


def deployment(
    image: str = NEW,
    *,
    generation: int = 2,
    observed: int = 2,
    replicas: int = 3,
    counts: tuple[int, int, int] = (3, 3, 3),
    reason: str = "NewReplicaSetAvailable",
    updated_at: float = WROTE + 5,
    available: bool = True,
    **spec: Any,
) -> Json:
    """``counts``: replicas, updated, available."""
    total, updated, up = counts
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "d1", "generation": generation},
        "spec": {"replicas": replicas, "template": template(image), "progressDeadlineSeconds": 600, **spec},
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "updatedReplicas": updated,
            "readyReplicas": up,
            "availableReplicas": up,
            "conditions": [
                {"type": "Available", "status": "True" if available else "False"},
                {"type": "Progressing", "status": "True", "reason": reason, "lastUpdateTime": stamp(updated_at)},
            ],
        },
    }


def stateful_set(
    *,
    observed: int = 2,
    replicas: int = 3,
    counts: tuple[int, int, int] = (3, 3, 3),
    strategy: Json | None = None,
    **spec: Any,
) -> Json:
    """``counts``: replicas, updated, ready."""
    total, updated, ready = counts
    return {
        "kind": "StatefulSet",
        "metadata": {"name": "db", "uid": "s1", "generation": 2},
        "spec": {
            "replicas": replicas,
            "template": template(),
            "updateStrategy": strategy or {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            "podManagementPolicy": "OrderedReady",
            **spec,
        },
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "updatedReplicas": updated,
            "updateRevision": "db-new",
            "currentRevision": "db-old",
        },
    }


def daemon_set(
    *, observed: int = 2, counts: tuple[int, int, int, int] = (3, 3, 3, 3), strategy: str = "RollingUpdate"
) -> Json:
    """``counts``: desired, current, updated, available."""
    desired, current, updated, available = counts
    return {
        "kind": "DaemonSet",
        "metadata": {
            "name": "agent",
            "uid": "a1",
            "generation": 2,
            "annotations": {"deprecated.daemonset.template.generation": "2"},
        },
        "spec": {"template": template(), "updateStrategy": {"type": strategy}},
        "status": {
            "observedGeneration": observed,
            "desiredNumberScheduled": desired,
            "currentNumberScheduled": current,
            "updatedNumberScheduled": updated,
            "numberAvailable": available,
        },
    }
