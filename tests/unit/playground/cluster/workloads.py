"""Workloads for tests of their controllers, and what tests ask about them."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from playground.cluster.workloads.deployment_revisions import revision
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


def workload(kind: str, name: str = "web", image: str = "web:v1", **spec: Any) -> Json:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": image}]}}
    return {
        "kind": kind,
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}, "template": template, **spec},
    }


def set_image(cluster: InProcess, kind: str, name: str, image: str) -> None:
    template = copy.deepcopy(cluster.get(kind, name)["spec"]["template"])
    template["spec"]["containers"][0]["image"] = image
    cluster.change(kind, name, spec={"template": template})


def image_of(obj: Json) -> str:
    """Of a pod, or of a ReplicaSet's or revision's template."""
    spec = obj.get("data", obj)["spec"]
    return str(spec.get("template", {"spec": spec})["spec"]["containers"][0]["image"])


def pods(cluster: InProcess, name: str = "web") -> list[Json]:
    return [pod for pod in cluster.list("Pod") if pod["metadata"]["labels"].get("app") == name]


def images(cluster: InProcess, name: str = "web") -> Counter[str]:
    """How many pods of a workload run which image."""
    return Counter(image_of(pod) for pod in pods(cluster, name))


def revisions(cluster: InProcess) -> dict[int, str]:
    """The images of a Deployment's ReplicaSets by revision."""
    return {revision(one): image_of(one) for one in cluster.list("ReplicaSet")}


def conditions(cluster: InProcess, kind: str, name: str = "web") -> dict[str, tuple[str, str, str]]:
    """Status, reason and message by type."""
    found = cluster.get(kind, name)["status"].get("conditions", [])
    return {one["type"]: (one["status"], one["reason"], one["message"]) for one in found}
