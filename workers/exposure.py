"""What a draft puts at stake: by the target's own spec, the budgets that cover its pods, and who uses the same things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from commands.bounds import MAX
from commands.draft import Draft, Edit, Exposure
from commands.errors import Forbidden, Missing
from commands.objects import containers, init_containers, name_of, replicas_wanted, said_of, template_of
from workers.cluster import Cluster, Object
from workers.kinds import KINDS
from workers.selection import selects
from workers.write import REPLICAS

Json = Mapping[str, Any]

TEMPLATE = "/spec/template"
SHOWN = 5
"""Workloads that share something are named up to this many."""


def exposure(cluster: Cluster, draft: Draft, live: Object, *, neighbours: bool) -> Exposure:
    """``live`` is the target as just read. With ``neighbours`` also who shares what with it, which takes three lists more.

    Raises ``ClusterError``'s kinds, except where a right is missing: what may not be read is unknown.
    """
    edits = draft.patch.edits
    pods = _pods(live)
    return Exposure(
        pods=pods,
        to_zero=any(edit.path == REPLICAS and edit.new == 0 for edit in edits),
        at_once=_at_once(live, edits, pods),
        images=tuple(dict.fromkeys(_images(edits))),
        budgets=_budgets(cluster, live),
        sharing=_sharing(cluster, live) if neighbours else (),
    )


def _pods(live: Object) -> int | None:
    """Of a DaemonSet as many as its controller has counted nodes; None while it has not."""
    wanted = replicas_wanted(live)
    return (live.get("status") or {}).get("desiredNumberScheduled") if wanted is None else wanted


def _at_once(live: Object, edits: Iterable[Edit], pods: int | None) -> int | None:
    """Percent of the pods, rounded up: those that a scale or an autoscaler's upper bound takes away, or that a rollout may have missing."""
    shares = [_scaled_away(edit) for edit in edits if edit.path == REPLICAS]
    shares += [_share(max(0, pods - int(edit.new)), pods) for edit in edits if edit.path == MAX and pods]
    if any(edit.path.startswith(TEMPLATE) for edit in edits):
        if pods is None:
            return None
        shares.append(_share(_missing_in_rollout(live, pods), pods))
    return max(shares, default=0)


def _scaled_away(edit: Edit) -> int:
    before = 1 if edit.old is None else int(edit.old)
    return _share(max(0, before - int(edit.new)), before)


def _share(some: int, whole: int) -> int:
    return -(-100 * min(some, whole) // whole) if whole else 0


def _missing_in_rollout(live: Object, pods: int) -> int:
    """As the controllers round: a Deployment's maxUnavailable down, the others' up."""
    strategy = live["spec"].get("strategy" if live["kind"] == "Deployment" else "updateStrategy") or {}
    if strategy.get("type") == "Recreate":
        return pods
    if strategy.get("type") == "OnDelete":
        return 0
    rolling = strategy.get("rollingUpdate") or {}
    if live["kind"] != "Deployment":
        return _number(rolling.get("maxUnavailable", 1), pods, up=True)
    missing = _number(rolling.get("maxUnavailable", "25%"), pods, up=False)
    surge = _number(rolling.get("maxSurge", "25%"), pods, up=True)
    return missing if missing or surge else 1


def _number(said: int | str, pods: int, *, up: bool) -> int:
    if isinstance(said, int):
        return said
    percent = int(said.removesuffix("%"))
    return -(-pods * percent // 100) if up else pods * percent // 100


def _images(edits: Iterable[Edit]) -> Iterator[str]:
    """Those that the template has not had."""
    for edit in edits:
        if edit.path == TEMPLATE:
            before = set(_images_of(edit.old or {}))
            yield from (image for image in _images_of(edit.new) if image not in before)
        elif edit.path.startswith(TEMPLATE) and edit.path.endswith("/image"):
            yield str(edit.new)


def _images_of(template: Json) -> list[str]:
    if not template.get("spec"):
        return []
    return [each.get("image", "") for each in (*containers(template), *init_containers(template))]


def _budgets(cluster: Cluster, live: Object) -> tuple[str, ...] | None:
    labels = (template_of(live).get("metadata") or {}).get("labels") or {}
    try:
        found = cluster.list("PodDisruptionBudget", live["metadata"]["namespace"]).items
    except (Forbidden, Missing):
        return None
    return tuple(sorted(name_of(budget) for budget in found if selects(budget["spec"].get("selector"), labels)))


def _sharing(cluster: Cluster, live: Object) -> tuple[str, ...]:
    """``Deployment/api (ConfigMap settings)``."""
    ours, namespace = set(_used(live)), live["metadata"]["namespace"]
    if not ours:
        return ()
    try:
        others = [obj for kind in KINDS for obj in cluster.list(kind, namespace).items]
    except (Forbidden, Missing):
        return ()
    shared = {said_of(obj): sorted(ours & set(_used(obj))) for obj in others if said_of(obj) != said_of(live)}
    told = [f"{said} ({', '.join(things)})" for said, things in sorted(shared.items()) if things]
    more = [f"{len(told) - SHOWN} more"] if len(told) > SHOWN else []
    return (*told[:SHOWN], *more)


def _used(workload: Object) -> Iterator[str]:
    """``ConfigMap settings``: what its pods mount or take their environment from."""
    spec = template_of(workload)["spec"]
    for volume in spec.get("volumes") or ():
        for source in (volume, *((volume.get("projected") or {}).get("sources") or ())):
            yield from _named("ConfigMap", source.get("configMap"), "name")
            yield from _named("Secret", source.get("secret"), "secretName", "name")
            yield from _named("volume claim", source.get("persistentVolumeClaim"), "claimName")
    for container in (*containers(template_of(workload)), *init_containers(template_of(workload))):
        values = (each.get("valueFrom") or {} for each in container.get("env") or ())
        for source in (*(container.get("envFrom") or ()), *values):
            yield from _named("ConfigMap", source.get("configMapRef") or source.get("configMapKeyRef"), "name")
            yield from _named("Secret", source.get("secretRef") or source.get("secretKeyRef"), "name")


def _named(kind: str, reference: Json | None, *keys: str) -> Iterator[str]:
    name = next((reference[key] for key in keys if reference.get(key)), None) if reference else None
    if name:
        yield f"{kind} {name}"
