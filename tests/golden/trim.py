"""Recordings are small: what no verdict reads is left out. Templates stay whole, for their digest tells whose they are."""

from typing import Any

Json = dict[str, Any]

_METADATA = (
    "name", "uid", "generation", "labels", "annotations", "creationTimestamp", "ownerReferences", "deletionTimestamp", "deletionGracePeriodSeconds",
)  # fmt: skip
_POD_SPEC = ("nodeName", "restartPolicy", "readinessGates")
_POD_STATUS = (
    "phase", "reason", "startTime", "conditions", "initContainerStatuses", "containerStatuses",
)  # fmt: skip
_CONTAINER = ("name", "image", "restartPolicy", "readinessProbe", "startupProbe", "livenessProbe")
_EVENT = ("kind", "type", "reason", "message", "count", "firstTimestamp", "lastTimestamp", "eventTime", "series")


def workload(obj: Json) -> Json:
    return {**_only(obj, "kind", "spec", "status"), "metadata": _metadata(obj)}


def child(obj: Json) -> Json:
    """A ReplicaSet."""
    return {
        "kind": "ReplicaSet",
        "metadata": _metadata(obj),
        "spec": _only(obj["spec"], "replicas", "template"),
        "status": obj["status"],
    }


def pod(obj: Json) -> Json:
    spec = _only(obj["spec"], *_POD_SPEC)
    for key in ("initContainers", "containers"):
        if key in obj["spec"]:
            spec[key] = [_only(container, *_CONTAINER) for container in obj["spec"][key]]
    status = _only(obj.get("status") or {}, *_POD_STATUS)
    return {"kind": "Pod", "metadata": _metadata(obj), "spec": spec, "status": status}


def event(obj: Json) -> Json:
    about = _only(obj["involvedObject"], "kind", "name", "uid", "fieldPath")
    return {
        **_only(obj, *_EVENT),
        "metadata": _only(obj["metadata"], "name", "uid"),
        "involvedObject": about,
    }


def _metadata(obj: Json) -> Json:
    return _only(obj["metadata"], *_METADATA)


def _only(obj: Json, *keys: str) -> Json:
    return {key: obj[key] for key in keys if key in obj}
