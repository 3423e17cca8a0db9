"""Volumes that can be at one node at a time: what the attach-detach controller says while another node still has one."""

from __future__ import annotations

from typing import Any

from playground.cluster.verbs import Verbs
from playground.cluster.volumes.waiting import claim_names

Json = dict[str, Any]
ONE_NODE = {"ReadWriteOnce", "ReadWriteOncePod"}


def attach_fault(verbs: Verbs, pod: Json) -> str:
    """The text of its FailedAttachVolume event, or "" if all can be attached to the pod's node."""
    namespace = pod["metadata"]["namespace"]
    for name in claim_names(pod):
        claim = verbs.find(verbs.kind("PersistentVolumeClaim"), namespace, name)
        if claim is None or not set(claim["spec"].get("accessModes", ())) <= ONE_NODE:
            continue
        if users := sorted(other["metadata"]["name"] for other in _elsewhere(verbs, pod, name)):
            volume = claim["spec"].get("volumeName", "")
            return f'Multi-Attach error for volume "{volume}" Volume is already used by pod(s) {", ".join(users)}'
    return ""


def _elsewhere(verbs: Verbs, pod: Json, claim: str) -> list[Json]:
    """Pods that use the claim on other nodes, and came first."""
    node, came = pod["spec"].get("nodeName"), pod["metadata"]["creationTimestamp"]
    return [
        other
        for other in verbs.list(verbs.kind("Pod"), pod["metadata"]["namespace"])
        if other["metadata"]["uid"] != pod["metadata"]["uid"]
        and other["spec"].get("nodeName") not in {None, node}
        and other.get("status", {}).get("phase") == "Running"
        and other["metadata"]["creationTimestamp"] <= came
        and claim in claim_names(other)
    ]
