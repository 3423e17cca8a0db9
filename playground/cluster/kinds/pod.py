"""Pods: the containers that run together on a node (``kubelet``), once the scheduler has chosen it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.difference import difference
from playground.cluster.kind import STATUS, Kind, Subresource
from playground.cluster.normal_form import read
from playground.cluster.pod_columns import COLUMNS
from playground.cluster.pod_defaults import default_pod_spec
from playground.cluster.pod_template import pod_spec_causes
from playground.cluster.status import Cause

Json = dict[str, Any]
_RESOURCES = ("cpu", "memory")
_CHANGEABLE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
)


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    default_pod_spec(spec)
    spec.setdefault("enableServiceLinks", True)
    for container in (*spec.get("containers", ()), *spec.get("initContainers", ())):
        resources = container["resources"]
        if "limits" in resources:
            resources["requests"] = {**resources["limits"], **resources.get("requests", {})}
        if spec.get("hostNetwork"):
            for port in container.get("ports", ()):
                port.setdefault("hostPort", port.get("containerPort"))
    obj.setdefault("status", {"phase": "Pending", "qosClass": quality_of_service(spec)})


def quality_of_service(spec: Json) -> str:
    """Which pods go first when a node runs out of memory: BestEffort, then Burstable, then Guaranteed."""
    asked = [one.get("resources", {}) for one in (*spec.get("containers", ()), *spec.get("initContainers", ()))]
    if not any(section.get(name) for one in asked for section in one.values() for name in _RESOURCES):
        return "BestEffort"
    exact = all(
        one.get("limits", {}).get(name) and one["limits"][name] == one.get("requests", {}).get(name)
        for one in asked
        for name in _RESOURCES
    )
    return "Guaranteed" if exact else "Burstable"


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    return [*pod_spec_causes(new["spec"]), *_unchangeable(new, old)]


def _unchangeable(new: Json, old: Json | None) -> Iterator[Cause]:
    if old is None:
        return
    before, after = _fixed(old["spec"]), _fixed(new["spec"])
    kept = old["spec"].get("tolerations", [])
    if any(toleration not in new["spec"].get("tolerations", []) for toleration in kept):
        why = "existing toleration can not be modified except its tolerationSeconds"
        yield faults.forbidden("spec.tolerations", why)
    if before != after:
        yield faults.forbidden("spec", _CHANGEABLE + difference(before, after))


def _fixed(spec: Json) -> Json:
    """What may not change once the pod exists."""
    parts = ("containers", "initContainers")
    images = {part: [{**one, "image": ""} for one in spec[part]] for part in parts if part in spec}
    return {key: value for key, value in {**spec, **images}.items()
            if key not in {"activeDeadlineSeconds", "tolerations", "ephemeralContainers"}}  # fmt: skip


def _spec(field: str, missing: str = "") -> Callable[[Json], str]:
    return lambda pod: str(pod["spec"].get(field, missing))


def _status(field: str) -> Callable[[Json], str]:
    return lambda pod: str(pod.get("status", {}).get(field, ""))


KIND = Kind(
    kind="Pod",
    plural="pods",
    short=("po",),
    categories=("all",),
    subresources=(
        STATUS,
        Subresource("log", verbs=("get",)),
        Subresource("eviction", verbs=("create",), kind="Eviction", group="policy", version="v1"),
    ),
    columns=COLUMNS,
    default=_default,
    validate=_validate,
    deletes_to_object=True,
    fields={
        "spec.nodeName": _spec("nodeName"),
        "spec.restartPolicy": _spec("restartPolicy"),
        "spec.schedulerName": _spec("schedulerName"),
        "spec.serviceAccountName": _spec("serviceAccountName"),
        "spec.hostNetwork": lambda pod: str(bool(pod["spec"].get("hostNetwork"))).lower(),
        "status.phase": _status("phase"),
        "status.podIP": _status("podIP"),
        "status.nominatedNodeName": _status("nominatedNodeName"),
    },
)
