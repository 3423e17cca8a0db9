"""A workload's revisions, from the ReplicaSets or ControllerRevisions that it owns. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from commands.live import Object, Revision
from commands.objects import (
    CAUSE_ANNOTATION,
    OPERATION_ANNOTATION,
    REVISION_LABELS,
    annotation,
    bare_template,
    is_controlled_by,
    revision_number,
    template_of,
)
from workers.redact import redact


def kept_as(workload: Object) -> str:
    """The kind of the objects that keep its revisions."""
    return "ReplicaSet" if workload["kind"] == "Deployment" else "ControllerRevision"


def revisions_of(workload: Object, children: Iterable[Object]) -> list[Revision]:
    """Newest first. Only what the workload itself owns: a recreated one of the same name left children behind."""
    uid = workload["metadata"]["uid"]
    owned = [child for child in children if is_controlled_by(child, uid) and revision_number(child) is not None]
    owned.sort(key=_number, reverse=True)
    current = bare_template(template_of(workload))
    revisions: list[Revision] = []
    for child in owned:
        is_current = _template(child) == current and not any(revision.current for revision in revisions)
        revisions.append(_revision(child, current=is_current))
    return revisions


def _revision(child: Object, *, current: bool) -> Revision:
    return Revision(
        number=_number(child),
        template=_template(child),
        created=child["metadata"]["creationTimestamp"],
        cause=redact(annotation(child, CAUSE_ANNOTATION) or "") or None,  # kubectl --record writes whole command lines
        replicas=(child.get("status") or {}).get("replicas") if child["kind"] == "ReplicaSet" else None,
        current=current,
        stamp=annotation(child, OPERATION_ANNOTATION),
        marks=frozenset({child["metadata"]["name"], *_hashes(child)}),
    )


def _hashes(child: Object) -> list[str]:
    """Pods of a StatefulSet bear the ControllerRevision's whole name, a DaemonSet's and a Deployment's the hash in it."""
    labels = child["metadata"].get("labels") or {}
    return [labels[key] for key in REVISION_LABELS if key in labels]


def _template(child: Object) -> Object:
    """A ControllerRevision holds a patch of the workload: ``data.spec.template``, marked ``$patch: replace``."""
    return bare_template(template_of(child if child["kind"] == "ReplicaSet" else child["data"]))


def _number(child: Object) -> int:
    return revision_number(child) or 0
