"""The pods of a StatefulSet: each has a number, and by it a name, a host name and claims."""

from __future__ import annotations

import copy
import re
from typing import Any

from playground.cluster.workloads.creating import pod_from
from playground.cluster.workloads.ownership import reference

Json = dict[str, Any]
REVISION = "controller-revision-hash"
POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"


def ordinal(pod: Json) -> int:
    """-1 for a pod whose name has none."""
    found = re.search(r"-(\d+)$", pod["metadata"]["name"])
    return int(found[1]) if found else -1


def pod_of(stateful_set: Json, template: Json, number: int, revision: str) -> Json:
    name = f"{stateful_set['metadata']['name']}-{number}"
    labels = {REVISION: revision, POD_NAME: name, POD_INDEX: str(number)}
    pod = pod_from(template, stateful_set, name=name, labels=labels)
    spec = pod["spec"]
    spec["hostname"] = name
    if stateful_set["spec"]["serviceName"]:
        spec["subdomain"] = stateful_set["spec"]["serviceName"]
    claims = [
        {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": claim_name(claim, name)}}
        for claim in stateful_set["spec"].get("volumeClaimTemplates", ())
    ]
    names = {claim["name"] for claim in claims}
    volumes = [*claims, *(volume for volume in spec.get("volumes", ()) if volume["name"] not in names)]
    if volumes:
        spec["volumes"] = volumes
    return pod


def claims_of(stateful_set: Json, pod_name: str) -> list[Json]:
    """The claims that the pod needs. They outlive it, unless the set's retention policy says otherwise."""
    labels = stateful_set["spec"]["selector"].get("matchLabels", {})
    owned = stateful_set["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Delete"
    made = []
    for claim in stateful_set["spec"].get("volumeClaimTemplates", ()):
        meta = copy.deepcopy(claim["metadata"]) | {
            "name": claim_name(claim, pod_name),
            "namespace": stateful_set["metadata"]["namespace"],
        }
        meta["labels"] = {**meta.get("labels", {}), **labels}
        if owned:
            meta["ownerReferences"] = [reference(stateful_set)]
        made.append({"metadata": meta, "spec": copy.deepcopy(claim["spec"])})
    return made


def claim_name(claim: Json, pod_name: str) -> str:
    return f"{claim['metadata']['name']}-{pod_name}"
