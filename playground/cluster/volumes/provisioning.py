"""The one provisioner that this cluster has: it makes volumes at once, and takes them away again."""

from __future__ import annotations

from typing import Any

from playground.cluster.events import Recorder
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.fields import DEFAULT_CLASS

Json = dict[str, Any]
PROVISIONER = "disk.playground"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


def add_storage_class(verbs: Verbs, name: str = "standard", *, default: bool = True) -> Json:
    """A class whose claims get a volume as soon as their pod is placed."""
    annotations = {DEFAULT_CLASS: "true"} if default else {}
    return verbs.create(verbs.kind("StorageClass"), {
        "metadata": {"name": name, "annotations": annotations}, "provisioner": PROVISIONER,
        "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": True,
    })  # fmt: skip


def provision(verbs: Verbs, claim: Json, storage_class: Json) -> Json:
    """A volume of the size that the claim asks for, not bound yet; a disk over the network, within reach of every node."""
    meta, recorder = claim["metadata"], Recorder(verbs, f"{PROVISIONER}_provisioner")
    name = f"pvc-{meta['uid']}"
    whose = f"{meta['namespace']}/{meta['name']}"
    recorder.normal(claim, "Provisioning", f'External provisioner is provisioning volume for claim "{whose}"')
    volume = verbs.create(verbs.kind("PersistentVolume"), {
        "metadata": {"name": name, "annotations": {PROVISIONED_BY: PROVISIONER}},
        "spec": {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"],
            "volumeMode": claim["spec"]["volumeMode"],
            "persistentVolumeReclaimPolicy": storage_class["reclaimPolicy"],
            "storageClassName": storage_class["metadata"]["name"],
            "csi": {"driver": PROVISIONER, "volumeHandle": name},
        },
    })  # fmt: skip
    recorder.normal(claim, "ProvisioningSucceeded", f"Successfully provisioned volume {name}")
    return volume
