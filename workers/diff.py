"""How two versions of an object differ, for reading: ``containers[app].image``: old → new. Pure.

What the server owns, what it only filled in, and our own stamp are left out; secrets are masked (invariant 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from commands.draft import FieldChange
from workers.masking import Masks
from workers.paths import ABSENT, Path, is_unnamed, leaves, shown

LONGEST = 160
"""Characters of a value that are shown."""

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
    masks = Masks(after)
    paths = dict.fromkeys([*old, *new])
    differing = [path for path in paths if old.get(path, ABSENT) != new.get(path, ABSENT)]
    return tuple(
        FieldChange(shown(path), said(masks, path, old.get(path, ABSENT)), said(masks, path, new.get(path, ABSENT)))
        for path in differing
        if not _is_owned(path) and not _is_filled_in(path, old, new)
    )


def said(masks: Masks, path: Path, value: Any) -> str | None:
    """The value as it may be shown; None where there is none."""
    if value is ABSENT or value is None:
        return None
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = masks.of(path, text).replace("\n", "\\n")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


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
