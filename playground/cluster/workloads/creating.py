"""Pods as controllers make them of a template."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from playground.cluster.workloads.ownership import reference

Json = dict[str, Any]


def pod_from(template: Json, owner: Json, *, name: str = "", labels: Mapping[str, str] | None = None) -> Json:
    """A pod of the owner's. Without a name it is given one when it is created. ``labels`` come on top of the template's."""
    meta = copy.deepcopy(
        {key: template["metadata"][key] for key in ("labels", "annotations") if key in template["metadata"]}
    )
    named = {"name": name} if name else {}
    generated = f"{owner['metadata']['name']}-"
    meta |= {**named, "generateName": generated, "namespace": owner["metadata"]["namespace"]}
    meta["labels"] = {**meta.get("labels", {}), **(labels or {})}
    meta["ownerReferences"] = [reference(owner)]
    return {"metadata": meta, "spec": copy.deepcopy(template["spec"])}
