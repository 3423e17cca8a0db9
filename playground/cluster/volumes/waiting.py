"""What a pod's claims mean for where it can run: what the scheduler asks, and tells the volume binder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.cluster.verbs import Verbs
from playground.cluster.volumes.fields import class_of
from playground.cluster.volumes.matching import best, reaches

Json = dict[str, Any]
SELECTED_NODE = "volume.kubernetes.io/selected-node"
NO_PROVISIONER = "kubernetes.io/no-provisioner"
WAIT = "WaitForFirstConsumer"
_ELSEWHERE = "node(s) didn't match PersistentVolume's node affinity"
_NONE_FREE = "node(s) didn't find available persistent volumes to bind"


class Volumes:
    """Of one pod, as they are now. ``missing`` says what keeps the pod from every node, or ""."""

    def __init__(self, verbs: Verbs, pod: Json) -> None:
        self._verbs = verbs
        self._claims: list[Json] = []
        self.missing = next(self._faults(pod), "")

    def refusal(self, node: Json) -> str:
        """What keeps the pod from that node because of its volumes, or ""."""
        volumes = self._verbs.list(self._verbs.kind("PersistentVolume"))
        for claim in self._claims:
            held = next((one for one in volumes if one["metadata"]["name"] == claim["spec"].get("volumeName")), None)
            if is_bound(claim):
                if held is not None and not reaches(held, node):
                    return _ELSEWHERE
            elif best(claim, volumes, node) is None and not self._is_made_on_demand(claim):
                return _NONE_FREE
        return ""

    def claim_for(self, node: Json) -> bool:
        """Whether all claims are bound; those that waited for a node are told it."""
        waiting = [claim for claim in self._claims if not is_bound(claim)]
        kind, name = self._verbs.kind("PersistentVolumeClaim"), node["metadata"]["name"]
        for claim in waiting:
            annotations = claim["metadata"].get("annotations", {})
            if annotations.get(SELECTED_NODE) != name:
                meta = {**claim["metadata"], "annotations": {**annotations, SELECTED_NODE: name}}
                self._verbs.update(kind, {**claim, "metadata": meta})
        return not waiting

    def _faults(self, pod: Json) -> Iterator[str]:
        """Also gathers the claims."""
        namespace, immediate = pod["metadata"]["namespace"], False
        for name in claim_names(pod):
            claim = self._verbs.find(self._verbs.kind("PersistentVolumeClaim"), namespace, name)
            if claim is None:
                yield f'persistentvolumeclaim "{name}" not found'
                return
            if claim["status"].get("phase") == "Lost":
                volume = claim["spec"].get("volumeName", "")
                yield f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"'
            if "deletionTimestamp" in claim["metadata"]:
                yield f'persistentvolumeclaim "{name}" is being deleted'
            immediate = immediate or not (is_bound(claim) or waits_for_node(self._verbs, claim))
            self._claims.append(claim)
        if immediate:
            yield "pod has unbound immediate PersistentVolumeClaims"

    def _is_made_on_demand(self, claim: Json) -> bool:
        found = self._verbs.find(self._verbs.kind("StorageClass"), "", class_of(claim) or "")
        return found is not None and found["provisioner"] != NO_PROVISIONER


def claim_names(pod: Json) -> list[str]:
    volumes = pod["spec"].get("volumes", ())
    return [one["persistentVolumeClaim"]["claimName"] for one in volumes if "persistentVolumeClaim" in one]


def is_bound(claim: Json) -> bool:
    return bool(claim["status"].get("phase") == "Bound")


def waits_for_node(verbs: Verbs, claim: Json) -> bool:
    """Whether its class binds it only once it is known where its pod will be."""
    found = verbs.find(verbs.kind("StorageClass"), "", class_of(claim) or "")
    return found is not None and found["volumeBindingMode"] == WAIT
