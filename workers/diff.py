"""How two versions of an object differ, for reading: ``containers[app].image``: old → new. Pure.

What the server owns, what it only filled in, and our own stamp are left out; secrets are masked (invariant 8).
``drift`` says the same of a plan and the object as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from commands.canonical import digest_of
from commands.draft import FieldChange, Guard, Plan
from commands.objects import template_of
from workers.masking import Masks, is_masked
from workers.paths import ABSENT, Path, at, hash_at, is_unnamed, leaves, named_path, shown

LONGEST = 160
"""Characters of a value that are shown."""

_PLANNED = "as it was planned"

_OWNED = (
    ("status",),
    ("metadata", "managedFields"),
    ("metadata", "generation"),
    ("metadata", "resourceVersion"),
    ("metadata", "creationTimestamp"),
    ("metadata", "uid"),
    ("metadata", "annotations", "kubernetes.io/change-cause"),
    ("metadata", "annotations", "deprecated.daemonset.template.generation"),
)
_OWNED_ANNOTATIONS = ("deployment.kubernetes.io/", "quarterdeck/")

_DEFAULTS: dict[str, Any] = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "imagePullPolicy": "IfNotPresent",
    "protocol": "TCP",
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "timeoutSeconds": 1,
    "periodSeconds": 10,
    "successThreshold": 1,
    "failureThreshold": 3,
    "scheme": "HTTP",
    "defaultMode": 420,
    "apiVersion": "v1",
}
"""What the API server fills in (pkg/apis/core/v1/defaults.go): no news where it came, or went, with what it belongs to."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order of the object."""
    old, new = leaves(before), leaves(after)
    masks = _masks(after)
    paths = dict.fromkeys([*old, *new])
    differing = [path for path in paths if old.get(path, ABSENT) != new.get(path, ABSENT)]
    return tuple(
        FieldChange(shown(path), _said(masks, path, old.get(path, ABSENT)), _said(masks, path, new.get(path, ABSENT)))
        for path in differing
        if not _is_owned(path) and not _is_filled_in(path, old, new)
    )


def drift(plan: Plan, live: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """What the plan was made on and no longer holds; empty while all of it does. ``old`` is what was planned on.

    A plan knows what it was made on by hashes, and from its diff what may be shown of it.
    """
    promise = plan.promise
    if str(live["metadata"].get("uid")) != promise.ref.uid:
        return (FieldChange("the object itself", _PLANNED, f"another {promise.ref.kind} of that name"),)
    paths = [write.path for write in promise.writes if hash_at(live, write.path) != write.old]
    guards = [_guard(live, guard) for guard in promise.guards if at(live, guard.path) != guard.value]
    template = digest_of(template_of(dict(live))) != promise.template
    if not (paths or guards or template):
        return ()
    told = [*guards, *_moved(plan.diff, live)]
    whole = ["the pod template"] if template else [shown(named_path(live, path)) for path in paths]
    return tuple(dict.fromkeys(told or [FieldChange(name, _PLANNED, "changed since") for name in whole]))


def _guard(live: Mapping[str, Any], guard: Guard) -> FieldChange:
    path = named_path(live, guard.path)
    return FieldChange(shown(path), guard.value, _said(_masks(live), path, at(live, guard.path)))


def _moved(diff: Sequence[FieldChange], live: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The diff's own lines that read otherwise now. Whether a secret is still the same cannot be told from its mask."""
    masks = _masks(live)
    now = {shown(path): _said(masks, path, value) for path, value in leaves(live).items()}
    for line in diff:
        new = now.get(line.path)
        if new != line.old and not (is_masked(line.old) and is_masked(new)):
            yield FieldChange(line.path, line.old, new)


def _masks(obj: Mapping[str, Any]) -> Masks:
    return Masks(str(obj.get("kind", "")))


def _is_owned(path: Path) -> bool:
    if any(path[: len(owned)] == owned for owned in _OWNED):
        return True
    return path[:2] == ("metadata", "annotations") and path[2:3] != () and path[2].startswith(_OWNED_ANNOTATIONS)


def _is_filled_in(path: Path, old: Mapping[Path, Any], new: Mapping[Path, Any]) -> bool:
    """A default that came or went with its parent. A field that changed from or to a default is a change."""
    if path in old and path in new:
        return False
    value = old.get(path, new.get(path, ABSENT))
    return not is_unnamed(path[-1]) and path[-1] in _DEFAULTS and _DEFAULTS[path[-1]] == value


def _said(masks: Masks, path: Path, value: Any) -> str | None:
    if value is ABSENT or value is None:
        return None
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = masks.of(path, text).replace("\n", "\\n")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
