"""Kubernetes objects as plain JSON dicts: the questions that commands and workers ask of them. Pure, and no client.

Objects must carry their ``kind`` (items of a list do not: whoever lists them puts it back).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from commands.draft import Ref, WorkloadKind
from commands.times import seconds_of

Object = dict[str, Any]

HASH_LABEL: Final = "pod-template-hash"
REVISION_LABELS: Final = (HASH_LABEL, "controller-revision-hash")
"""One of them tells of which revision a pod is."""
REVISION_ANNOTATION: Final = "deployment.kubernetes.io/revision"
CAUSE_ANNOTATION: Final = "kubernetes.io/change-cause"
OPERATION_ANNOTATION: Final = "quarterdeck/operation"
"""Our stamp: the id of the operation that wrote the object last."""

# The grammar of https://github.com/distribution/reference/blob/main/reference.go
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}"
_REPOSITORY = re.compile(rf"(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*", re.ASCII)
_TAG_ONLY = re.compile(_TAG, re.ASCII)
_DIGEST_ONLY = re.compile(_DIGEST, re.ASCII)


@dataclass(frozen=True, slots=True)
class Image:
    """An image reference in its parts; ``repository`` keeps the registry's host and port. ``str()`` puts it together."""

    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{f'@{self.digest}' if self.digest else ''}"

    @property
    def floats(self) -> bool:
        """It says ``latest``, or nothing, which means the same: what runs changes without anyone changing it."""
        return self.digest is None and self.tag in {None, "latest"}

    @property
    def version(self) -> str:
        """What tells two versions apart, for reading: the tag, and a digest's beginning."""
        digest = f"{self.digest[:19]}…" if self.digest else ""
        return "@".join(part for part in (self.tag, digest) if part) or "latest"


def image_of(reference: str) -> Image:
    """``registry:5000/team/web:1.4.2@sha256:…`` in parts. Takes any text: a cluster may hold what no registry would."""
    rest, _, digest = reference.partition("@")
    colon = rest.rfind(":")
    if colon > rest.rfind("/"):  # else the colon is a registry's port
        return Image(rest[:colon], rest[colon + 1 :], digest or None)
    return Image(rest, None, digest or None)


def is_repository(text: str) -> bool:
    return len(text) <= 255 and _REPOSITORY.fullmatch(text) is not None


def is_tag(text: str) -> bool:
    return _TAG_ONLY.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    return _DIGEST_ONLY.fullmatch(text) is not None


def name_of(obj: Object) -> str:
    return str(obj["metadata"]["name"])


def said_of(obj: Object) -> str:
    """``Deployment/web``: how a workload is named without doubt."""
    return f"{obj['kind']}/{name_of(obj)}"


def ref_of(obj: Object, cluster: str) -> Ref:
    """That very object."""
    meta = obj["metadata"]
    return Ref(cluster, meta["namespace"], cast("WorkloadKind", obj["kind"]), meta["name"], meta["uid"])


def template_of(workload: Object) -> dict[str, Any]:
    """Its pod template, the live one; of a CronJob that of the Jobs it makes."""
    spec = workload["spec"]["jobTemplate"]["spec"] if workload.get("kind") == "CronJob" else workload["spec"]
    return cast("dict[str, Any]", spec["template"])


def bare_template(template: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without what controllers add: the ReplicaSet's hash label, and a ControllerRevision's ``$patch``."""
    bare = {key: value for key, value in template.items() if key != "$patch"}
    meta = dict(bare.get("metadata") or {})
    if HASH_LABEL in (meta.get("labels") or {}):
        meta["labels"] = {key: value for key, value in meta["labels"].items() if key != HASH_LABEL}
        bare["metadata"] = meta
    return bare


def containers(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(template["spec"].get("containers") or ())


def init_containers(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(template["spec"].get("initContainers") or ())


def images(template: Mapping[str, Any]) -> dict[str, str]:
    """Image by container, init containers left out."""
    return {container["name"]: container.get("image", "") for container in containers(template)}


def every_image(template: Mapping[str, Any]) -> dict[str, str]:
    """The same with the init containers, whose names no other container of the template has."""
    every = (*init_containers(template), *containers(template))
    return {container["name"]: container.get("image", "") for container in every}


def replicas_wanted(workload: Object) -> int | None:
    """None for a DaemonSet, which has as many as there are nodes. Left out means 1 (the API server's default)."""
    if workload["kind"] == "DaemonSet":
        return None
    wanted = workload["spec"].get("replicas")
    return 1 if wanted is None else int(wanted)


def is_paused(workload: Object) -> bool:
    return bool(workload["spec"].get("paused"))


def revision_number(obj: Object) -> int | None:
    """Of a ControllerRevision, or a Deployment or ReplicaSet by its annotation."""
    said = obj.get("revision", annotation(obj, REVISION_ANNOTATION))
    try:
        return None if said is None else int(said)
    except ValueError:
        return None


def annotation(obj: Object, key: str) -> str | None:
    return cast("str | None", (obj["metadata"].get("annotations") or {}).get(key))


def controller_of(obj: Object) -> Mapping[str, Any] | None:
    """The owner reference of what controls it: ``kind``, ``name``, ``uid``."""
    owners: Sequence[Mapping[str, Any]] = obj["metadata"].get("ownerReferences") or ()
    return next((owner for owner in owners if owner.get("controller")), None)


def owner_of(pod: Object) -> str | None:
    """Whose pod it is, as said: ``Deployment/web``, ``StatefulSet/db``; None where nobody controls it.

    A Deployment's ReplicaSets are called after it and the hash that their pods bear.
    """
    controller = controller_of(pod)
    if controller is None:
        return None
    hash = pod["metadata"].get("labels", {}).get(HASH_LABEL)
    name = controller["name"]
    if controller["kind"] == "ReplicaSet" and hash and name.endswith(f"-{hash}"):
        return f"Deployment/{name.removesuffix(f'-{hash}')}"
    return f"{controller['kind']}/{name}"


def is_controlled_by(obj: Object, uid: str) -> bool:
    owner = controller_of(obj)
    return owner is not None and owner.get("uid") == uid


def seen_at(event: Object) -> float:
    """When an Event was seen last, in Unix seconds; its times lie in other fields since events.k8s.io."""
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return seconds_of(next((str(each) for each in times if each), None))


def selector_of(workload: Object) -> str:
    """Its ``spec.selector`` as the API's ``labelSelector`` parameter takes it."""
    selector = workload["spec"].get("selector") or {}
    labels = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    return ",".join(labels + [_expression(e) for e in selector.get("matchExpressions") or ()])


def _expression(expression: Mapping[str, Any]) -> str:
    key, values = expression["key"], ",".join(expression.get("values") or ())
    match expression["operator"]:
        case "Exists":
            return str(key)
        case "DoesNotExist":
            return f"!{key}"
        case "NotIn":
            return f"{key} notin ({values})"
        case _:
            return f"{key} in ({values})"


_WAITING_IS_FINE: Final = frozenset({"ContainerCreating", "PodInitializing"})


@dataclass(frozen=True, slots=True)
class PodState:
    """A pod in one word, as ``kubectl get pods`` says it (``Running``, ``CrashLoopBackOff``, ``Init:ErrImagePull``), and why."""

    word: str
    ready: bool
    failing: bool
    """Something in it cannot run; merely starting, unready or unscheduled is not failing."""
    restarts: int
    container: str | None = None
    """The container that ``word`` is about."""
    why: str = ""


def pod_state(pod: Object) -> PodState:
    status = pod.get("status") or {}
    init = status.get("initContainerStatuses") or []
    ordinary = status.get("containerStatuses") or []
    restarts = sum(int(each.get("restartCount", 0)) for each in [*init, *ordinary])
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions") or ())
    if pod["metadata"].get("deletionTimestamp"):
        return PodState("Terminating", ready, failing=False, restarts=restarts)
    troubles = [*_troubles(init, "Init:"), *_troubles(ordinary, "")]
    troubles.sort(key=lambda trouble: not trouble[0])  # what fails is told before what merely waits
    if troubles:
        failing, word, container, why = troubles[0]
        return PodState(word, ready, failing, restarts, container, why)
    return _by_phase(status, ready=ready, restarts=restarts)


def _troubles(statuses: Sequence[Mapping[str, Any]], prefix: str) -> list[tuple[bool, str, str, str]]:
    """Of each container that does not run: whether that is a failure, the word, its name, and why."""
    found = []
    for each in statuses:
        state = each.get("state") or {}
        if waiting := state.get("waiting"):
            reason = waiting.get("reason") or "Waiting"
            failing = reason not in {*_WAITING_IS_FINE, "Waiting"}
            found.append((failing, f"{prefix}{reason}", each["name"], _reason(waiting.get("message"), each)))
        elif (ended := state.get("terminated")) and ended.get("exitCode"):
            word = ended.get("reason") or "Error"
            found.append((True, f"{prefix}{word}", each["name"], f"exit code {ended['exitCode']}"))
    return found


def _reason(message: str | None, status: Mapping[str, Any]) -> str:
    """Why a container waits: how it ended before, where it did; else the kubelet's message."""
    last = (status.get("lastState") or {}).get("terminated")
    return f"{last.get('reason') or 'Error'}, exit code {last.get('exitCode')}" if last else message or ""


def _by_phase(status: Mapping[str, Any], *, ready: bool, restarts: int) -> PodState:
    phase = status.get("phase") or "Unknown"
    unscheduled = next(
        (c for c in status.get("conditions") or () if c["type"] == "PodScheduled" and c["status"] == "False"), None
    )
    if phase == "Pending" and unscheduled:
        return PodState(
            unscheduled.get("reason") or phase,
            ready,
            failing=False,
            restarts=restarts,
            why=unscheduled.get("message") or "",
        )
    word = status.get("reason") or {"Succeeded": "Completed"}.get(phase, phase)
    return PodState(word, ready, phase == "Failed", restarts, why=status.get("message") or "")
