"""What becomes of volumes: available, bound, released; kept or deleted when their claim is gone. And what holds both while in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.conditions import with_condition
from playground.cluster.controller import Key, own
from playground.cluster.kind import Kind
from playground.cluster.kinds import pv, pvc
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.waiting import claim_names, is_bound

Json = dict[str, Any]
PROTECTION = {"PersistentVolume": pv.PROTECTION, "PersistentVolumeClaim": pvc.PROTECTION}
"""The finalizers that hold both while they are in use: see ``volume_admission``."""


def _volume_of(change: Change) -> Iterable[Key]:
    name = change.object["spec"].get("volumeName")
    return [("", name)] if name else []


class VolumePhases:
    """Keys are volumes."""

    name = "volume-phases"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "persistentvolumes": own,
        "persistentvolumeclaims": _volume_of,
    }

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        kind = verbs.kind("PersistentVolume")
        volume = verbs.find(kind, *key)
        if volume is None:
            return
        phase = _phase(verbs, volume)
        is_unwanted = phase == "Released" and volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
        if is_unwanted and "deletionTimestamp" not in volume["metadata"]:
            verbs.delete(kind, *key)
        if volume["status"].get("phase") != phase:
            now = {"phase": phase, "lastPhaseTransitionTime": verbs.clock.stamp()}
            volume = verbs.set_status(kind, volume, {**volume["status"], **now})
        live = verbs.find(kind, *key)
        if live is not None and phase != "Bound":
            _let_go(verbs, kind, live)


class ClaimProtection:
    """Keys are claims: those in use stay until no pod uses them any more."""

    name = "claim-protection"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "persistentvolumeclaims": own,
        "pods": lambda change: [(change.object["metadata"]["namespace"], name) for name in claim_names(change.object)],
    }

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        kind = verbs.kind("PersistentVolumeClaim")
        claim = verbs.find(kind, *key)
        if claim is None:
            return
        pods = verbs.list(verbs.kind("Pod"), key[0])
        used = any(key[1] in claim_names(pod) and _runs(pod) for pod in pods)
        if is_bound(claim):
            claim = verbs.set_status(kind, claim, _with_use(claim["status"], verbs.clock.stamp(), used=used))
        if not used:
            _let_go(verbs, kind, claim)


def _phase(verbs: Verbs, volume: Json) -> str:
    ref = volume["spec"].get("claimRef")
    if not ref or not ref.get("uid"):
        return "Available"
    claim = verbs.find(verbs.kind("PersistentVolumeClaim"), ref["namespace"], ref["name"])
    return "Bound" if claim is not None and claim["metadata"]["uid"] == ref["uid"] else "Released"


def _runs(pod: Json) -> bool:
    """A pod that has no node yet, or has ended, uses nothing."""
    over = pod.get("status", {}).get("phase") in {"Failed", "Succeeded"}
    return bool(pod["spec"].get("nodeName")) and not over


def _with_use(status: Json, now: str, *, used: bool) -> Json:
    said = ("False", "PodUsingPVC", "A pod is currently referencing this PVC")
    if not used:
        said = ("True", "NoPodsUsingPVC", "No pods are currently referencing this PVC")
    condition = {"type": "Unused", **dict(zip(("status", "reason", "message"), said, strict=True)),
                 "lastProbeTime": None, "lastTransitionTime": now}  # fmt: skip
    return {**status, "conditions": with_condition(status.get("conditions", []), condition)}


def _let_go(verbs: Verbs, kind: Kind, obj: Json) -> None:
    """Take off the finalizer of one that is being deleted and not in use."""
    meta, finalizer = obj["metadata"], PROTECTION[kind.kind]
    if "deletionTimestamp" in meta and finalizer in meta.get("finalizers", ()):
        others = [one for one in meta["finalizers"] if one != finalizer]
        verbs.update(kind, {**obj, "metadata": {**meta, "finalizers": others}})


CONTROLLERS = (VolumePhases, ClaimProtection)
