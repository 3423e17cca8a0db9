"""Brings claims and volumes together: one that is there, or one that the claim's class makes; and says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.kinds.storageclass import is_default
from playground.cluster.request import Asking
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.fields import class_of
from playground.cluster.volumes.matching import best, is_for
from playground.cluster.volumes.provisioning import PROVISIONER, provision
from playground.cluster.volumes.waiting import SELECTED_NODE, claim_names, is_bound, waits_for_node

Json = dict[str, Any]
NAME = "persistentvolume-controller"
STATUS = Asking(subresource="status")
AGAIN_SECONDS = 15.0
BOUND_BY_US, COMPLETED = "pv.kubernetes.io/bound-by-controller", "pv.kubernetes.io/bind-completed"
_PROVISIONERS = ("volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner")
_NO_CLASS = "no persistent volumes available for this claim and no storage class is set"
_FIRST_CONSUMER = "waiting for first consumer to be created before binding"
_LOST = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"


def _claimed(change: Change) -> Iterable[Key]:
    """The claim that a volume belongs to."""
    ref = change.object["spec"].get("claimRef")
    return [(ref["namespace"], ref["name"])] if ref else []


class VolumeBinder:
    """Keys are claims. What volumes are by themselves is ``volume_phases``' business."""

    name = "volume-binder"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "persistentvolumeclaims": own,
        "persistentvolumes": _claimed,
    }

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        claim = verbs.find(verbs.kind("PersistentVolumeClaim"), *key)
        if claim is None or "deletionTimestamp" in claim["metadata"]:
            return None
        name = claim["spec"].get("volumeName")
        if name:
            return self._keep(verbs, claim, verbs.find(verbs.kind("PersistentVolume"), "", name))
        if class_of(claim) is None and (default := default_class(verbs)):
            spec = {**claim["spec"], "storageClassName": default}
            claim = verbs.store.put(verbs.kind("PersistentVolumeClaim"), {**claim, "spec": spec})
        self._look_for_volume(verbs, claim)
        return AGAIN_SECONDS

    def _keep(self, verbs: Verbs, claim: Json, volume: Json | None) -> float | None:
        if volume is None:
            if is_bound(claim):
                verbs.set_status(verbs.kind("PersistentVolumeClaim"), claim, {**claim["status"], "phase": "Lost"})
                Recorder(verbs, NAME).warning(claim, "ClaimLost", _LOST)
            return AGAIN_SECONDS
        if "claimRef" not in volume["spec"] or is_for(volume, claim):
            _bind(verbs, claim, volume)
            return None
        said = f'volume "{volume["metadata"]["name"]}" already bound to a different claim.'
        Recorder(verbs, NAME).warning(claim, "FailedBinding", said)
        return AGAIN_SECONDS

    def _look_for_volume(self, verbs: Verbs, claim: Json) -> None:
        recorder = Recorder(verbs, NAME)
        node_name = claim["metadata"].get("annotations", {}).get(SELECTED_NODE)
        node = verbs.find(verbs.kind("Node"), "", node_name) if node_name else None
        volumes = verbs.list(verbs.kind("PersistentVolume"))
        waits = waits_for_node(verbs, claim) and node is None
        volume = best(claim, [one for one in volumes if not waits or is_for(one, claim)], node)
        class_name = class_of(claim)
        if volume is not None:
            _bind(verbs, claim, volume)
        elif waits:
            pods = [pod["metadata"]["name"] for pod in _pods_of(verbs, claim)]
            if pods:
                recorder.normal(claim, "WaitForPodScheduled", f"waiting for pod {pods[0]} to be scheduled")
            else:
                recorder.normal(claim, "WaitForFirstConsumer", _FIRST_CONSUMER)
        elif not class_name:
            recorder.normal(claim, "FailedBinding", _NO_CLASS)
        elif (found := verbs.find(verbs.kind("StorageClass"), "", class_name)) is None:
            message = f'storageclass.storage.k8s.io "{class_name}" not found'
            recorder.warning(claim, "ProvisioningFailed", message)
        else:
            self._make(verbs, claim, found)

    def _make(self, verbs: Verbs, claim: Json, storage_class: Json) -> None:
        provisioner = storage_class["provisioner"]
        if provisioner == PROVISIONER:
            _bind(verbs, claim, provision(verbs, claim, storage_class))
            return
        annotations = claim["metadata"].get("annotations", {})
        named = {**annotations, **dict.fromkeys(_PROVISIONERS, provisioner)}
        if annotations != named:
            meta = {**claim["metadata"], "annotations": named}
            claim = verbs.update(verbs.kind("PersistentVolumeClaim"), {**claim, "metadata": meta})
        message = (
            f"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system "
            "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
        )
        Recorder(verbs, NAME).normal(claim, "ExternalProvisioning", message)


def default_class(verbs: Verbs) -> str | None:
    """The newest of those that say they are."""
    found = [one for one in verbs.list(verbs.kind("StorageClass")) if is_default(one)]
    newest = max(found, key=lambda one: one["metadata"]["creationTimestamp"], default=None)
    return newest["metadata"]["name"] if newest else None


def _pods_of(verbs: Verbs, claim: Json) -> list[Json]:
    pods = verbs.list(verbs.kind("Pod"), claim["metadata"]["namespace"])
    return [pod for pod in pods if claim["metadata"]["name"] in claim_names(pod)]


def _bind(verbs: Verbs, claim: Json, volume: Json) -> None:
    """Volume first, then claim, each with its status; does nothing where it is done."""
    kind, meta = verbs.kind("PersistentVolume"), claim["metadata"]
    ref = volume["spec"].get("claimRef", {})
    if ref.get("uid") != meta["uid"]:
        names = {
            "kind": "PersistentVolumeClaim",
            "apiVersion": "v1",
            "namespace": meta["namespace"],
            "name": meta["name"],
        }
        full = {**ref, **names, "uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}
        noted = {} if ref else {BOUND_BY_US: "yes"}
        own_meta = {**volume["metadata"], "annotations": {**volume["metadata"].get("annotations", {}), **noted}}
        volume = verbs.update(kind, {**volume, "metadata": own_meta, "spec": {**volume["spec"], "claimRef": full}})
    kind = verbs.kind("PersistentVolumeClaim")
    name = volume["metadata"]["name"]
    annotations = meta.get("annotations", {})
    if COMPLETED not in annotations or claim["spec"].get("volumeName") != name:
        ours = {} if claim["spec"].get("volumeName") else {BOUND_BY_US: "yes"}
        changed = {**meta, "annotations": {**annotations, COMPLETED: "yes", **ours}}
        claim = verbs.update(kind, {**claim, "metadata": changed, "spec": {**claim["spec"], "volumeName": name}})
    capacity = {"storage": volume["spec"]["capacity"]["storage"]}
    bound = {"phase": "Bound", "accessModes": volume["spec"]["accessModes"], "capacity": capacity}
    verbs.set_status(kind, claim, {**claim["status"], **bound})


CONTROLLER = VolumeBinder
