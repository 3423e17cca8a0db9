"""A workload of which moments are recorded."""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from commands.canonical import digest_of
from commands.objects import is_controlled_by
from commands.operation import Written
from tests.golden import trim
from tests.harness.controlplane import ControlPlane

Json = dict[str, Any]

PLURALS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}


class Subject:
    """A workload in a namespace of its own, that was up before anything is written."""

    def __init__(self, control_plane: ControlPlane, made: Json) -> None:
        self.control_plane, self.namespace, self.kind = control_plane, made["metadata"]["namespace"], made["kind"]
        self.path = f"/apis/apps/v1/namespaces/{self.namespace}/{PLURALS[self.kind]}/{made['metadata']['name']}"
        control_plane.apply(made)
        self.wait(lambda obj: _is_up(obj, made["spec"].get("replicas", 3)))

    def write(self, *edits: Json, replicas: int | None = None) -> Json:
        """A JSON patch, as ours. Returns what was answered."""
        at = int(time.time())
        answer = self.change(*edits)
        self.written = Written(
            answer["metadata"]["generation"], digest_of(answer["spec"]["template"]), replicas, float(at)
        )
        return answer

    def change(self, *edits: Json) -> Json:
        """The same as somebody else's."""
        return self.control_plane.patch(self.path, list(edits))

    def deploy(self, tag: str) -> Json:
        return self.write(image(tag))

    def wait(self, predicate: Callable[[Json], bool], seconds: float = 30) -> Json:
        return self.control_plane.wait(self.path, predicate, seconds)

    def pods(self, predicate: Callable[[list[Json]], bool]) -> list[Json]:
        return self.control_plane.wait_items(f"/api/v1/namespaces/{self.namespace}/pods", predicate, 30)

    def delete_pod(self, name: str) -> None:
        self.control_plane.delete(f"/api/v1/namespaces/{self.namespace}/pods/{name}")

    def snapshot(self, workload: Json | None = None) -> Json:
        """Pods first, the workload last, as watches may tell them. ``workload``: as it was answered, where it is to be older."""
        pods = self._list("/api/v1", "pods")
        replica_sets = self._list("/apis/apps/v1", "replicasets")
        events = self._list("/api/v1", "events")
        live = workload or self.control_plane.get(self.path)
        children = [each for each in replica_sets if is_controlled_by(each, live["metadata"]["uid"])]
        owners = [live["metadata"]["uid"], *(each["metadata"]["uid"] for each in children)]
        owned = [pod for pod in pods if any(is_controlled_by(pod, owner) for owner in owners)]
        return {
            "written": asdict(self.written),
            "now": round(time.time(), 1),
            "workload": trim.workload(live),
            "children": [trim.child(each) for each in children],
            "pods": [trim.pod(pod) for pod in owned],
            "events": [trim.event({"kind": "Event", **each}) for each in events if each["type"] == "Warning"][:5],
        }

    def _list(self, root: str, resource: str) -> list[Json]:
        items: list[Json] = self.control_plane.get(f"{root}/namespaces/{self.namespace}/{resource}")["items"]
        return items


def image(tag: str) -> Json:
    return {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": f"r/web:{tag}"}


def replicas(count: int) -> Json:
    return {"op": "replace", "path": "/spec/replicas", "value": count}


def _is_up(obj: Json, count: int) -> bool:
    status = obj.get("status") or {}
    return bool(status.get("numberAvailable", status.get("availableReplicas", 0)) == count)
