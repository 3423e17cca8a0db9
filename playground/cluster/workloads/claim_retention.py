"""Who owns a StatefulSet's claims, so that the garbage collector removes them with their owner. Pure.

By ``persistentVolumeClaimRetentionPolicy``: the set owns them where they go when it does, and a pod that is scaled away
owns its own where they go with that.
"""

from __future__ import annotations

from typing import Any

from playground.cluster.workloads.ownership import reference

Json = dict[str, Any]


def owned(claim: Json, stateful_set: Json, pod: Json, *, condemned: bool) -> Json:
    """The claim of that pod as it should be: the same object if nothing is to change. ``condemned``: the pod is one too many."""
    policy = stateful_set["spec"]["persistentVolumeClaimRetentionPolicy"]
    wanted = []
    if condemned and policy["whenScaled"] == "Delete":
        wanted = [reference(pod)]
    elif policy["whenDeleted"] == "Delete":
        wanted = [reference(stateful_set)]
    given = claim["metadata"].get("ownerReferences", [])
    ours = [(one["kind"], one["metadata"]["name"]) for one in (stateful_set, pod)]
    changed = [*(ref for ref in given if (ref["kind"], ref["name"]) not in ours), *wanted]
    if changed == given:
        return claim
    meta = {key: value for key, value in claim["metadata"].items() if key != "ownerReferences"}
    return {**claim, "metadata": {**meta, **({"ownerReferences": changed} if changed else {})}}
