"""Objects that the stories begin with."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def deployment(name: str = "web", **spec: Any) -> Json:
    """Two containers. Paused and without replicas, so that its controller writes no more than its status."""
    containers = [{"name": "app", "image": "app:1"}, {"name": "side", "image": "side:1"}]
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}}
    whole = {"replicas": 0, "paused": True, "selector": {"matchLabels": {"app": name}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": whole}


def config_map(name: str = "x", data: Json | None = None, **meta: Any) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **meta}, "data": data or {}}
