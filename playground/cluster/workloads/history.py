"""ControllerRevisions: how StatefulSets and DaemonSets remember their templates, so that one can go back."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from typing import Any

from playground.cluster.verbs import Verbs
from playground.cluster.workloads.hashes import short_hash
from playground.cluster.workloads.ownership import claimed, reference

Json = dict[str, Any]


def recorded(verbs: Verbs, owner: Json, hash_label: str) -> tuple[Json, list[Json]]:
    """The revision of the owner's present template, made or moved to the end of the history if need be; and all there are, oldest first.

    ``hash_label`` is the label that holds the revision's hash.
    """
    kind = verbs.kind("ControllerRevision")
    known = sorted(claimed(verbs, owner, kind), key=lambda one: int(one["revision"]))
    data = _data(owner["spec"]["template"])
    alike = [one for one in known if one["data"] == data]
    if not alike:
        made = verbs.create(kind, _revision(owner, data, _next(known), hash_label))
        return made, [*known, made]
    last = alike[-1]
    if last is known[-1]:
        return last, known
    moved = verbs.update(kind, {**last, "revision": _next(known)})
    return moved, [*(one for one in known if one is not last), moved]


def template_of(revision: Json) -> Json:
    template = revision["data"]["spec"]["template"]
    return {key: copy.deepcopy(value) for key, value in template.items() if key != "$patch"}


def hash_of(revision: Json, hash_label: str) -> str:
    return str(revision["metadata"]["labels"].get(hash_label, ""))


def prune(verbs: Verbs, owner: Json, revisions: Sequence[Json], in_use: Collection[str]) -> None:
    """Delete the oldest revisions beyond the history limit; those named in ``in_use`` neither count nor go."""
    spare = [one for one in revisions if one["metadata"]["name"] not in in_use]
    beyond = max(0, len(spare) - owner["spec"]["revisionHistoryLimit"])
    for one in spare[:beyond]:
        verbs.delete(verbs.kind("ControllerRevision"), one["metadata"]["namespace"], one["metadata"]["name"])


def _next(known: Sequence[Json]) -> int:
    return int(known[-1]["revision"]) + 1 if known else 1


def _data(template: Json) -> Json:
    return {"spec": {"template": {**copy.deepcopy(template), "$patch": "replace"}}}


def _revision(owner: Json, data: Json, number: int, hash_label: str) -> Json:
    meta = owner["metadata"]
    hashed = short_hash(data)
    labels = {**owner["spec"]["template"]["metadata"].get("labels", {}), hash_label: hashed}
    made = {"name": f"{meta['name']}-{hashed}", "namespace": meta["namespace"], "labels": labels}
    made |= {"ownerReferences": [reference(owner)]}
    if meta.get("annotations"):
        made["annotations"] = dict(meta["annotations"])
    return {"metadata": made, "data": data, "revision": number}
