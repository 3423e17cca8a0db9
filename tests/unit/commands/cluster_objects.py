"""Kubernetes objects as the API server returns them, small, for the tests of commands."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

CREATED = "2026-07-28T09:00:00Z"


def workload(name: str = "web", kind: str = "Deployment", image: str = "registry/web:1.4.1", **spec: Any) -> Object:
    """One container ``app``, three replicas, all well. ``spec`` is laid over."""
    labels = {"app": name}
    if kind != "DaemonSet":
        spec = {"replicas": 3, **spec}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "prod", "uid": f"uid-{kind}-{name}", "generation": 4},
        "spec": {"selector": {"matchLabels": labels}, "template": template(image, labels=labels), **spec},
        "status": settled(kind, spec.get("replicas", 3)),
    }


def settled(kind: str = "Deployment", number: int = 3) -> Object:
    """The status of a workload all of whose pods are new and ready."""
    if kind == "DaemonSet":
        names = ("desiredNumberScheduled", "updatedNumberScheduled", "numberReady", "numberAvailable")
    else:
        names = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    return {"observedGeneration": 4, **dict.fromkeys(names, number)}


def template(
    *images: str, labels: dict[str, str] | None = None, names: tuple[str, ...] = ("app", "proxy", "third")
) -> Object:
    """Containers ``app``, ``proxy`` … with these images."""
    listed = [{"name": name, "image": image} for name, image in zip(names, images, strict=False)]
    return {"metadata": {"labels": labels or {"app": "web"}}, "spec": {"containers": listed}}


def two_containers(*images: str) -> Object:
    return workload(template=template(*(images or ("registry/web:1.4.1", "envoy:v1.30"))))


def pod(name: str, *states: Object, created: str = CREATED, init: tuple[Object, ...] = (), **status: Any) -> Object:
    """A pod whose containers ``app``, ``proxy`` … are in these states (default: one that runs)."""
    names = ("app", "proxy", "third")
    containers = states or (running(),)
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "prod", "uid": f"uid-Pod-{name}", "creationTimestamp": created},
        "spec": {
            "containers": [{"name": each} for each in names[: len(containers)]],
            "initContainers": [{"name": f"init-{number}"} for number in range(len(init))],
        },
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "Ready", "status": "True" if all("running" in s["state"] for s in containers) else "False"}
            ],
            "containerStatuses": [{"name": each, **state} for each, state in zip(names, containers, strict=False)],
            "initContainerStatuses": [{"name": f"init-{number}", **state} for number, state in enumerate(init)],
            **status,
        },
    }


def running(restarts: int = 0) -> Object:
    return {"restartCount": restarts, "state": {"running": {}}}


def waiting(reason: str, message: str = "", *, restarts: int = 0, ended: Object | None = None) -> Object:
    last = {"lastState": {"terminated": ended}} if ended else {}
    return {"restartCount": restarts, "state": {"waiting": {"reason": reason, "message": message}}, **last}


def terminated(code: int, reason: str) -> Object:
    return {"restartCount": 0, "state": {"terminated": {"exitCode": code, "reason": reason}}}
