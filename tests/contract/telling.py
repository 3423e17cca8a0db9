"""Stories: the same requests told to both servers, whose answers must be the same but for what differs by chance.

A story is a function that is given a ``Say`` and asks away; it may use what it is answered (a resourceVersion, say).
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from tests.contract.raw import Client, Cluster
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
JSON, MERGE, STRATEGIC, APPLY = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)
ROOTS = {
    "/apis/apps/v1": ("controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
    "/apis/batch/v1": ("cronjobs", "jobs"),
    "/apis/autoscaling/v2": ("horizontalpodautoscalers",),
    "/apis/policy/v1": ("poddisruptionbudgets",),
    "/apis/coordination.k8s.io/v1": ("leases",),
    "/apis/discovery.k8s.io/v1": ("endpointslices",),
    "/apis/storage.k8s.io/v1": ("storageclasses",),
    "/apis/rbac.authorization.k8s.io/v1": ("clusterroles", "rolebindings", "roles"),
}
CLUSTER_WIDE = ("clusterroles", "namespaces", "nodes", "persistentvolumes", "storageclasses")
WHOLE = "<version of all that is stored>"
"""A list's own: whatever anybody writes anywhere moves it."""
TIMES = ("creationTimestamp", "deletionTimestamp", "lastTransitionTime", "lastUpdateTime", "time")
MOVING = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Namespace", "Node",
          "PersistentVolumeClaim", "PersistentVolume", "HorizontalPodAutoscaler", "PodDisruptionBudget", "ResourceQuota", "Service", "Scale")  # fmt: skip
"""Kinds that controllers write to at times of their own: of them versions, status and the controllers' own fields are left out."""
OF_CONTROLLERS = ("kube-controller-manager", "kube-scheduler", "kwok", "kwok-controller", "kubelet")
_numbers = itertools.count(1)


class Say:
    """Asks one server in a namespace of its own; ``answers`` keeps code, warnings and body of each answer."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.namespace = namespace
        self.answers: list[tuple[int, tuple[str, ...], Any]] = []
        self._client = Client(cluster)
        self._versions: dict[str, str] = {}

    def __call__(self, method: str, where: str, body: Any = None, type: str = "application/json", **query: str) -> Json:
        """``where``: ``configmaps/x``, ``deployments/web/scale``. Returns the answered document as it was."""
        path = self._path(where) + (f"?{urlencode(query)}" if query else "")
        answer = self._client.ask(method, path, body, {"Content-Type": type, "User-Agent": "story"})
        self.answers.append((answer.code, answer.warnings, self._normal(answer.body)))
        document: Json = answer.body
        return document

    def close(self) -> None:
        self._client.close()

    def _path(self, where: str) -> str:
        plural = where.split("/", maxsplit=1)[0]
        root = next((root for root, plurals in ROOTS.items() if plural in plurals), "/api/v1")
        return f"{root}/{where}" if plural in CLUSTER_WIDE else f"{root}/namespaces/{self.namespace}/{where}"

    def _normal(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if value.get("kind") in MOVING:
                value = _still(value)
            if str(value.get("kind", "")).endswith("List") and "resourceVersion" in value.get("metadata", {}):
                value = {**value, "metadata": {**value["metadata"], "resourceVersion": WHOLE}}
            for name in {"causes", "managedFields"} & value.keys():  # in any order, or in that of seconds
                value = {**value, name: sorted(self._normal(value[name]), key=json.dumps)}
            return {name: self._normal(item, name) for name, item in sorted(value.items())}
        if isinstance(value, list):
            return [self._normal(item) for item in value]
        if key in TIMES and value:
            return "<time>"
        if key == "resourceVersion" and value != WHOLE:
            return self._versions.setdefault(value, f"<version {len(self._versions)}>")
        return self._anonymous(value) if isinstance(value, str) else value

    def _anonymous(self, text: str) -> str:
        text = re.sub(
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>", text.replace(self.namespace, "<namespace>")
        )
        text = re.sub(r'Invalid value: "\{.*\}": ', 'Invalid value: "<object>": ', text)
        for version, name in self._versions.items():
            text = re.sub(rf"\({version}\)", f"({name})", text)
        text = re.sub(r"\b10\.96\.\d+\.\d+\b", "<address>", text)
        text = re.sub(r"\bkube-api-access-[a-z0-9]{5}\b", "kube-api-access-<suffix>", text)
        return re.sub(r"\b(Gen_|gen-|g{58})[a-z0-9]{5}\b", r"\1<suffix>", text)


def same(story: Callable[[Say], None], simulated: SimulatedCluster, real: ControlPlane) -> None:
    """Tell both at once; the first answer that differs fails the test, with both of them shown."""
    namespace = f"story-{next(_numbers)}"

    def told(cluster: Cluster) -> list[tuple[int, tuple[str, ...], Any]]:
        cluster.namespace(namespace)
        say = Say(cluster, namespace)
        try:
            story(say)
        finally:
            say.close()
        return say.answers

    with ThreadPoolExecutor() as threads:
        transcripts = threads.map(told, (simulated, real))
    for number, (played, wanted) in enumerate(zip(*transcripts, strict=True), start=1):
        difference = "\n".join(difflib.unified_diff(_lines(wanted), _lines(played), "real", "played", lineterm=""))
        assert not difference, f"answer {number} of {story.__name__}\n{difference}"


def _still(obj: Json) -> Json:
    """The object without what controllers do to it."""
    meta = {key: value for key, value in obj.get("metadata", {}).items() if key != "resourceVersion"}
    meta["managedFields"] = [
        entry for entry in meta.get("managedFields", []) if entry.get("manager") not in OF_CONTROLLERS
    ]
    annotations = meta.get("annotations", {})
    kept = {key: value for key, value in annotations.items() if key != "deployment.kubernetes.io/revision"}
    meta = {key: value for key, value in {**meta, "annotations": kept}.items() if value or key == "generation"}
    return {**{key: value for key, value in obj.items() if key != "status"}, "metadata": meta}


def _lines(answer: tuple[int, tuple[str, ...], Any]) -> list[str]:
    code, warnings, body = answer
    return [str(code), *warnings, *json.dumps(body, indent=1, sort_keys=True).splitlines()]
