"""What the cluster panel shows, from whole objects: pure, so that a test can hand in any cluster.

``objects`` are lists of Kubernetes objects by ``resource`` (``pods``, ``deployments.apps``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.page.cluster.pods import Cell, cell

Json = dict[str, Any]
Objects = Mapping[str, Sequence[Json]]
WORKLOADS = ("deployments.apps", "statefulsets.apps", "daemonsets.apps")
READ = (*WORKLOADS, "replicasets.apps", "controllerrevisions.apps", "pods", "nodes", "namespaces")
_HASHES = ("pod-template-hash", "controller-revision-hash")


@dataclass(frozen=True, slots=True)
class Revision:
    """The pods of one revision; ``number`` is "" where it is not known (any more)."""

    number: str
    images: str
    is_current: bool
    pods: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Workload:
    name: str
    kind: str
    ready: int
    wanted: int
    note: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Namespace:
    name: str
    workloads: tuple[Workload, ...]


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    is_ready: bool
    note: str
    pods: tuple[Cell, ...]
    room: int
    """How many pods it may hold."""


@dataclass(frozen=True, slots=True)
class Shown:
    namespaces: tuple[Namespace, ...]
    nodes: tuple[Node, ...]


def shown(objects: Objects, namespaces: Sequence[str]) -> Shown:
    """``namespaces``: those that the environments name, in their order."""
    return Shown(
        tuple(_namespace(objects, name) for name in namespaces),
        tuple(_node(objects, node) for node in objects["nodes"]),
    )


def _namespace(objects: Objects, name: str) -> Namespace:
    held = [(kind, item) for kind in WORKLOADS for item in objects[kind] if item["metadata"]["namespace"] == name]
    return Namespace(
        name, tuple(_workload(objects, item) for _, item in sorted(held, key=lambda h: h[1]["metadata"]["name"]))
    )


def _workload(objects: Objects, item: Json) -> Workload:
    status, spec = item.get("status", {}), item["spec"]
    wanted = status.get("desiredNumberScheduled", 0) if item["kind"] == "DaemonSet" else spec.get("replicas", 1)
    pods = [pod for pod in objects["pods"] if _belongs(pod, item)]
    ready = sum(cell(pod).state == "ready" for pod in pods)
    note = "paused" if spec.get("paused") else ""
    return Workload(item["metadata"]["name"], item["kind"], ready, wanted, note, _revisions(objects, item, pods))


def _revisions(objects: Objects, item: Json, pods: Sequence[Json]) -> tuple[Revision, ...]:
    groups: dict[str, list[Json]] = defaultdict(list)
    for pod in pods:
        groups[_hash(pod)].append(pod)
    numbers = _numbers(objects, item)
    newest = max(numbers.values(), default=0)
    found = [
        Revision(
            str(numbers[key]) if key in numbers else "", _images(group[0]), numbers.get(key, newest) == newest,
            tuple(sorted(map(cell, group), key=lambda c: c.name)),
        )
        for key, group in groups.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda revision: -int(revision.number or 0)))


def _numbers(objects: Objects, item: Json) -> dict[str, int]:
    """Revision numbers by the hash that pods are labelled with."""
    if item["kind"] == "Deployment":
        sets = [held for held in objects["replicasets.apps"] if _owned(held, item)]
        return {
            _hash(held): int(held["metadata"].get("annotations", {}).get("deployment.kubernetes.io/revision", 0))
            for held in sets
        }
    history = [held for held in objects["controllerrevisions.apps"] if _owned(held, item)]
    named = {held["metadata"]["name"]: held["revision"] for held in history}
    return named | {_hash(held): held["revision"] for held in history if _hash(held)}


def _belongs(pod: Json, item: Json) -> bool:
    meta = pod["metadata"]
    selector: Json = item["spec"]["selector"].get("matchLabels", {})
    labels: Json = meta.get("labels", {})
    return bool(meta["namespace"] == item["metadata"]["namespace"]) and selector.items() <= labels.items()


def _owned(held: Json, item: Json) -> bool:
    return any(ref["uid"] == item["metadata"]["uid"] for ref in held["metadata"].get("ownerReferences", []))


def _hash(item: Json) -> str:
    labels = item["metadata"].get("labels", {})
    return next((labels[name] for name in _HASHES if name in labels), "")


def _images(pod: Json) -> str:
    return ", ".join(container["image"].rpartition("/")[2] for container in pod["spec"]["containers"])


def _node(objects: Objects, node: Json) -> Node:
    name = node["metadata"]["name"]
    conditions = node.get("status", {}).get("conditions", [])
    is_ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    notes = [] if is_ready else ["not ready"]
    notes += ["cordoned"] if node["spec"].get("unschedulable") else []
    pods = tuple(cell(pod) for pod in objects["pods"] if pod["spec"].get("nodeName") == name)
    return Node(
        name, is_ready, ", ".join(notes), pods, int(node.get("status", {}).get("allocatable", {}).get("pods", 0))
    )
