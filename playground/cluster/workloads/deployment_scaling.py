"""How many pods each ReplicaSet of a Deployment shall have next. Sizes are by ReplicaSet name; those not named stay.

The rules are kube-controller-manager's: what is published of them in the documentation, and what it was seen to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground.cluster.workloads.deployment_status import counted
from playground.cluster.workloads.shares import surge_and_unavailable

Json = dict[str, Any]
Sizes = Mapping[str, int]
MAX_REPLICAS = "deployment.kubernetes.io/max-replicas"
DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas"


def size(replica_set: Json) -> int:
    return int(replica_set["spec"]["replicas"])


def name(replica_set: Json) -> str:
    return str(replica_set["metadata"]["name"])


def age_order(replica_set: Json) -> tuple[str, str]:
    """Sorts the oldest first."""
    return replica_set["metadata"]["creationTimestamp"], name(replica_set)


def active(replica_sets: Sequence[Json]) -> list[Json]:
    return [one for one in replica_sets if size(one) > 0]


def new_size(deployment: Json, new_now: int, all_now: int) -> int:
    """Of the newest ReplicaSet, which has ``new_now`` of all ``all_now`` pods: up as far as the surge allows, or down."""
    wanted = int(deployment["spec"]["replicas"])
    if new_now >= wanted or deployment["spec"]["strategy"]["type"] == "Recreate":
        return wanted
    surge, _ = surge_and_unavailable(deployment)
    room = max(0, wanted + surge - all_now)
    return min(wanted, new_now + room)


def old_sizes(deployment: Json, new: Json, olds: Sequence[Json]) -> Sizes:
    """Of the older ones in a rolling update: unhealthy pods first, then as many as availability allows, oldest first."""
    _, may_miss = surge_and_unavailable(deployment)
    needed = deployment["spec"]["replicas"] - may_miss
    not_there_yet = size(new) - new["status"].get("availableReplicas", 0)
    everything = [*olds, new]
    room = sum(map(size, everything)) - needed - not_there_yet
    if room <= 0:
        return {}
    sizes = _without_unhealthy(olds, room)
    spare = counted(everything, "availableReplicas") - needed
    for one in sorted(olds, key=age_order):
        if spare <= 0:
            break
        less = min(sizes[name(one)], spare)
        sizes[name(one)] -= less
        spare -= less
    return sizes


def _without_unhealthy(olds: Sequence[Json], room: int) -> dict[str, int]:
    sizes = {name(one): size(one) for one in olds}
    for one in sorted(olds, key=age_order):
        unhealthy = size(one) - one["status"].get("availableReplicas", 0)
        less = max(0, min(room, unhealthy))
        sizes[name(one)] -= less
        room -= less
    return sizes


def scaled_sizes(deployment: Json, new: Json | None, olds: Sequence[Json]) -> Sizes:
    """After the Deployment itself was scaled, or while it is paused: the change is shared out in proportion."""
    wanted = deployment["spec"]["replicas"]
    candidates = [*olds, *([new] if new else [])]
    running = active(candidates)
    if len(running) <= 1:
        only = running[0] if running else new or max(olds, key=age_order, default=None)
        return {} if only is None else {name(only): wanted}
    if new is not None and _is_saturated(deployment, new):
        return {name(one): 0 for one in active(olds)}
    if deployment["spec"]["strategy"]["type"] != "RollingUpdate":
        return {}
    return _in_proportion(deployment, running)


def _is_saturated(deployment: Json, new: Json) -> bool:
    wanted = deployment["spec"]["replicas"]
    desired = new["metadata"].get("annotations", {}).get(DESIRED_REPLICAS)
    available = new["status"].get("availableReplicas", 0)
    return bool(size(new) == wanted == available and desired == str(wanted))


def _in_proportion(deployment: Json, running: Sequence[Json]) -> Sizes:
    surge, _ = surge_and_unavailable(deployment)
    wanted = deployment["spec"]["replicas"]
    allowed = wanted + surge if wanted > 0 else 0
    to_add = allowed - sum(map(size, running))
    # The largest first; of those alike the newest grows first and the oldest shrinks first.
    ordered = sorted(sorted(running, key=age_order, reverse=to_add > 0), key=size, reverse=True)
    sizes, added = {}, 0
    for one in ordered:
        share = _share(deployment, one, allowed)
        more = (min if to_add > 0 else max)(share, to_add - added) if to_add else 0
        sizes[name(one)] = size(one) + more
        added += more
    first = name(ordered[0])
    sizes[first] = max(0, sizes[first] + to_add - added)
    return sizes


def _share(deployment: Json, one: Json, allowed: int) -> int:
    """By how much the ReplicaSet would change if it kept its part of the whole."""
    if deployment["spec"]["replicas"] == 0:
        return -size(one)
    noted = one["metadata"].get("annotations", {}).get(MAX_REPLICAS, "0")
    before = int(noted) if noted.isdigit() and int(noted) > 0 else deployment["status"].get("replicas", 0)
    if before == 0:
        return 0
    return int(size(one) * allowed / before + 0.5) - size(one)


def was_scaled(deployment: Json, replica_sets: Sequence[Json]) -> bool:
    """Whether a ReplicaSet with pods was last sized for another number of replicas."""
    wanted = str(deployment["spec"]["replicas"])
    noted = [one["metadata"].get("annotations", {}).get(DESIRED_REPLICAS) for one in active(replica_sets)]
    return any(desired not in {None, wanted} for desired in noted)
