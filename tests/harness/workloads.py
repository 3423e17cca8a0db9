"""Small, valid workloads. Images' tags choose how pods behave: see `looks.BEHAVIOURS`."""

from collections.abc import Mapping
from typing import Any

from tests.harness.api import Json

IMAGE = "registry.test/web:v1"


def deployment(
    name: str = "web",
    namespace: str = "default",
    image: str = IMAGE,
    *,
    replicas: int = 3,
    containers: Mapping[str, str] | None = None,
    init_containers: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    strategy: Json | None = None,
    progress_deadline: int | None = None,
    **spec: Any,
) -> Json:
    """Build a Deployment. `containers` maps names to images instead of one container named like the workload.

    `strategy` as in the API; `progress_deadline` in seconds; further keywords go into its `spec`.
    """
    return _workload(
        "Deployment",
        _meta(name, namespace, labels, annotations),
        _template(name, containers or {name: image}, init_containers, labels),
        replicas=replicas,
        strategy=strategy,
        progressDeadlineSeconds=progress_deadline,
        **spec,
    )


def stateful_set(
    name: str = "db",
    namespace: str = "default",
    image: str = IMAGE,
    *,
    replicas: int = 3,
    containers: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    strategy: Json | None = None,
    **spec: Any,
) -> Json:
    """Build a StatefulSet without volumes. `strategy` is its updateStrategy."""
    return _workload(
        "StatefulSet",
        _meta(name, namespace, labels, annotations),
        _template(name, containers or {name: image}, None, labels),
        replicas=replicas,
        serviceName=name,
        updateStrategy=strategy,
        **spec,
    )


def daemon_set(
    name: str = "agent",
    namespace: str = "default",
    image: str = IMAGE,
    *,
    containers: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    strategy: Json | None = None,
    **spec: Any,
) -> Json:
    """Build a DaemonSet: a pod on each node. `strategy` is its updateStrategy."""
    return _workload(
        "DaemonSet",
        _meta(name, namespace, labels, annotations),
        _template(name, containers or {name: image}, None, labels),
        updateStrategy=strategy,
        **spec,
    )


def job(name: str = "migrate", namespace: str = "default", image: str = IMAGE, **spec: Any) -> Json:
    """Build a Job of one pod that completes at once, or fails for good if the image says so."""
    template = _template(name, {name: image}, None, None)
    template["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _meta(name, namespace, None, None),
        "spec": {"backoffLimit": 0, "template": template, **spec},
    }


def cron_job(name: str, namespace: str, image: str, **spec: Any) -> Json:
    """Build a CronJob that runs such a Job every night."""
    made = {"spec": job(name, namespace, image)["spec"]}
    given = {"schedule": "0 3 * * *", "jobTemplate": made, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": _meta(name, namespace, None, None), "spec": given}


def _workload(kind: str, metadata: Json, template: Json, **spec: Any) -> Json:
    given = {key: value for key, value in spec.items() if value is not None}
    selector = {"matchLabels": {"app": metadata["name"]}}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata,
        "spec": {"selector": selector, "template": template, **given},
    }


def _meta(name: str, namespace: str, labels: Mapping[str, str] | None, annotations: Mapping[str, str] | None) -> Json:
    meta: Json = {"name": name, "namespace": namespace, "labels": {"app": name, **(labels or {})}}
    if annotations:
        meta["annotations"] = dict(annotations)
    return meta


def _template(
    app: str, containers: Mapping[str, str], init: Mapping[str, str] | None, labels: Mapping[str, str] | None
) -> Json:
    spec: Json = {"containers": [{"name": name, "image": image} for name, image in containers.items()]}
    if init:
        spec["initContainers"] = [{"name": name, "image": image} for name, image in init.items()]
    return {"metadata": {"labels": {"app": app, **(labels or {})}}, "spec": spec}
