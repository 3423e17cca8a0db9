"""A cluster in memory that takes JSON patches as the API server does: every ``test`` holds, or nothing is written."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from commands.errors import ClusterError, Conflict, Missing, OutcomeUnknown, PreconditionFailed, Unreachable
from tests.unit.commands.cluster_objects import workload
from workers.cluster import Answer, Listing
from workers.paths import ABSENT, at, tokens

Json = dict[str, Any]


class ObedientCluster:
    """As much of ``workers.cluster.Cluster`` as plans and acts use. ``writes`` holds each patch that was carried out."""

    name = "main"

    def __init__(self) -> None:
        self.writes: list[list[Json]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        """Happens once, between the last reading and the next write."""
        self.slowness: Callable[[], None] = lambda: None
        """Happens at each reading, before its answer."""
        self.loses_answers = False
        """Writes arrive; that they did is not told."""
        self.gone = False
        self.keeps_pods: ClusterError | None = None
        """Why none may be deleted."""
        self._objects: dict[tuple[str, str, str], Json] = {}

    def put(self, obj: Json) -> None:
        """Create it, or put another in its place."""
        self._objects[obj["kind"], obj["metadata"]["namespace"], obj["metadata"]["name"]] = obj

    def web(self, namespace: str = "prod", uid: str = "uid-1", **changes: Any) -> None:
        """A Deployment ``web`` of three replicas, image ``registry/web:1.4.1``, container ``app``."""
        obj = workload(**changes)
        obj["metadata"] |= {"annotations": {"team": "shop"}, "namespace": namespace, "uid": uid}
        self.put(obj)

    def change(self, change: Callable[[Json], object], namespace: str = "prod") -> None:
        """Somebody else changes web."""
        change(self._objects["Deployment", namespace, "web"])

    def get(self, kind: str, namespace: str, name: str) -> Json:
        self.slowness()
        if self.gone:
            raise Unreachable("The API server of main does not answer.")
        if (kind, namespace, name) not in self._objects:
            raise Missing(f"{kind} {name} is not there.")
        return copy.deepcopy(self._objects[kind, namespace, name])

    def list(self, kind: str, namespace: str, **_: Any) -> Listing:
        found = [copy.deepcopy(obj) for key, obj in self._objects.items() if key[:2] == (kind, namespace)]
        return Listing(tuple(found), "1")

    def patch(self, kind: str, namespace: str, name: str, operations: Sequence[Json], *, dry_run: bool) -> Answer:
        if not dry_run:
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
        after = self.get(kind, namespace, name)
        for each in operations:
            _carry_out(after, each)
        if dry_run:
            return Answer(after)
        after["metadata"]["generation"] += 1
        self.put(after)
        self.writes.append(list(operations))
        if self.loses_answers:
            raise OutcomeUnknown("the connection broke before it answered")
        return Answer(copy.deepcopy(after))

    def delete_pod(self, namespace: str, name: str, *, uid: str, resource_version: str, dry_run: bool) -> None:
        if self.keeps_pods:
            raise self.keeps_pods
        pod = self.get("Pod", namespace, name)
        if (pod["metadata"]["uid"], pod["metadata"]["resourceVersion"]) != (uid, resource_version):
            raise Conflict("the precondition does not hold")
        if not dry_run:
            del self._objects["Pod", namespace, name]

    def kept(self, number: int, image: str, namespace: str = "prod") -> None:
        """web once ran this image: its ReplicaSet of that number is still there."""
        web = self._objects["Deployment", namespace, "web"]
        template = copy.deepcopy(web["spec"]["template"])
        template["spec"]["containers"][0]["image"] = image
        template["metadata"]["labels"] = {**template["metadata"]["labels"], "pod-template-hash": f"h{number}"}
        owner = {"kind": "Deployment", "name": "web", "uid": web["metadata"]["uid"], "controller": True}
        annotations = {"deployment.kubernetes.io/revision": str(number)}
        meta = {
            "name": f"web-h{number}", "namespace": namespace, "uid": f"uid-rs-{number}", "annotations": annotations,
            "ownerReferences": [owner], "creationTimestamp": "2026-07-28T09:00:00Z",
        }  # fmt: skip
        self.put({"kind": "ReplicaSet", "metadata": meta, "spec": {"template": template}, "status": {}})

    def images(self, namespace: str = "prod") -> list[str]:
        """Of web's containers, in their order."""
        containers = self.get("Deployment", namespace, "web")["spec"]["template"]["spec"]["containers"]
        return [container["image"] for container in containers]

    def replicas(self, namespace: str = "prod") -> int:
        return int(self.get("Deployment", namespace, "web")["spec"]["replicas"])


def _carry_out(obj: Json, operation: Json) -> None:
    path = operation["path"]
    if operation["op"] == "test":
        now = at(obj, path)
        if now != operation["value"] and not (operation["value"] is None and now is ABSENT):
            raise PreconditionFailed(f"the test of {path} did not hold")
        return
    *above, last = tokens(path)
    parent = obj
    for key in above:
        parent = parent[int(key)] if isinstance(parent, list) else parent[key]
    where: Any = int(last) if isinstance(parent, list) else last
    if operation["op"] == "remove":
        del parent[where]
    else:
        parent[where] = operation["value"]
