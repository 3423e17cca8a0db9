"""Kubernetes objects as plain JSON dicts: the questions that commands and workers ask of them. Pure, and no client.

Objects must carry their ``kind`` (items of a list do not: whoever lists them puts it back).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from commands.draft import Ref, WorkloadKind

Object = dict[str, Any]

HASH_LABEL: Final = "pod-template-hash"
REVISION_ANNOTATION: Final = "deployment.kubernetes.io/revision"
CAUSE_ANNOTATION: Final = "kubernetes.io/change-cause"

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
    """Its pod template, the live one."""
    return cast("dict[str, Any]", workload["spec"]["template"])


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


def is_controlled_by(obj: Object, uid: str) -> bool:
    owner = controller_of(obj)
    return owner is not None and owner.get("uid") == uid


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
