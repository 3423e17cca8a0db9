"""What the cluster adds to new claims and volumes: a finalizer that holds them while in use, and claims the default class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.controllers.volume_binder import default_class
from playground.cluster.controllers.volume_phases import PROTECTION
from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.fields import class_of

Json = dict[str, Any]


class VolumeAdmission:
    name = "volume-admission"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {}

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        """Nothing: all is done when they are created."""

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:  # noqa: ARG002
        if kind.kind not in PROTECTION or old is not None:
            return new
        held = new["metadata"].get("finalizers", [])
        new = {**new, "metadata": {**new["metadata"], "finalizers": [*held, PROTECTION[kind.kind]]}}
        if kind.kind == "PersistentVolumeClaim" and class_of(new) is None and (default := default_class(verbs)):
            new["spec"] = {**new["spec"], "storageClassName": default}
        return new


CONTROLLER = VolumeAdmission()
