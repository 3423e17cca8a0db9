"""What a Deployment's status says of its ReplicaSets: counts, whether it is available, whether its rollout gets on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.workloads import deployment_conditions as reasons
from playground.cluster.workloads.deployment_conditions import condition, found, has_deadline, replaced, without
from playground.cluster.workloads.shares import surge_and_unavailable

Json = dict[str, Any]


def counted(replica_sets: Sequence[Json], field: str) -> int:
    return sum(one["status"].get(field, 0) for one in replica_sets)


def status_of(deployment: Json, new: Json | None, all_sets: Sequence[Json], now: float) -> Json:
    """Counts and availability; the progress stays as it was. Numbers that are 0 are left out."""
    available = counted(all_sets, "availableReplicas")
    asked = sum(one["spec"]["replicas"] for one in all_sets)
    counts = {
        "observedGeneration": deployment["metadata"]["generation"],
        "replicas": counted(all_sets, "replicas"),
        "updatedReplicas": counted([new] if new else [], "replicas"),
        "readyReplicas": counted(all_sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, asked - available),
    }
    collisions = deployment["status"].get("collisionCount")
    return {
        **{key: value for key, value in counts.items() if value},
        "terminatingReplicas": counted(all_sets, "terminatingReplicas"),
        **({} if collisions is None else {"collisionCount": collisions}),
        "conditions": replaced(deployment["status"].get("conditions", ()), _availability(deployment, available, now)),
    }


def _availability(deployment: Json, available: int, now: float) -> Json:
    _, unavailable = surge_and_unavailable(deployment)
    if available >= deployment["spec"]["replicas"] - unavailable:
        said = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        said = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    return condition(reasons.AVAILABLE, *said, now)


def with_progress(deployment: Json, status: Json, new: Json | None, all_sets: Sequence[Json], now: float) -> Json:
    """The status with what it says about the rollout's progress and about pods that could not be created."""
    conditions = list(status["conditions"])
    if not has_deadline(deployment):
        conditions = without(conditions, reasons.PROGRESSING)
    elif not _was_done(deployment, status):
        conditions = _progress(deployment, status, conditions, new, now)
    failure = _failure(new, all_sets)
    conditions = without(conditions, reasons.FAILURE) if failure is None else replaced(conditions, failure)
    return {**status, "conditions": conditions}


def _progress(deployment: Json, status: Json, conditions: Sequence[Json], new: Json | None, now: float) -> list[Json]:
    about = f'ReplicaSet "{new["metadata"]["name"]}"' if new else f'Deployment "{deployment["metadata"]["name"]}"'
    if is_complete(deployment, status):
        done = condition(reasons.PROGRESSING, "True", reasons.DONE, f"{about} has successfully progressed.", now)
        return replaced(conditions, done)
    if _gets_on(deployment["status"], status):
        news = condition(reasons.PROGRESSING, "True", reasons.UPDATED, f"{about} is progressing.", now)
        old = found(conditions, reasons.PROGRESSING)
        if old is not None and old["status"] == "True":
            news["lastTransitionTime"] = old["lastTransitionTime"]
        return [*without(conditions, reasons.PROGRESSING), news]
    if timed_out(deployment, status, now):
        late = condition(reasons.PROGRESSING, "False", reasons.TIMED_OUT, f"{about} has timed out progressing.", now)
        return replaced(conditions, late)
    return list(conditions)


def is_complete(deployment: Json, status: Json) -> bool:
    replicas = deployment["spec"]["replicas"]
    counts = (status.get(key, 0) for key in ("updatedReplicas", "replicas", "availableReplicas"))
    observed = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    return observed and all(count == replicas for count in counts)


def timed_out(deployment: Json, status: Json, now: float) -> bool:
    """Whether nothing has got on for longer than the deadline."""
    known = found(status.get("conditions", ()), reasons.PROGRESSING)
    if known is None or known["reason"] == reasons.DONE:
        return False
    return known["reason"] == reasons.TIMED_OUT or now > parse(known["lastUpdateTime"]) + _deadline(deployment)


def until_timeout(deployment: Json, status: Json, now: float) -> float | None:
    """Seconds after which to see whether the rollout has timed out; None if it cannot."""
    known = found(status.get("conditions", ()), reasons.PROGRESSING)
    settled = known is None or known["reason"] in {reasons.TIMED_OUT, reasons.DONE}
    if not has_deadline(deployment) or known is None or settled or is_complete(deployment, status):
        return None
    return max(0.0, parse(known["lastUpdateTime"]) + _deadline(deployment) - now) + 1.0


def _deadline(deployment: Json) -> int:
    return int(deployment["spec"]["progressDeadlineSeconds"])


def _was_done(deployment: Json, status: Json) -> bool:
    known = found(deployment["status"].get("conditions", ()), reasons.PROGRESSING)
    return (
        known is not None
        and known["reason"] == reasons.DONE
        and status.get("replicas", 0) == status.get("updatedReplicas", 0)
    )


def _gets_on(old: Json, new: Json) -> bool:
    def outdated(status: Json) -> int:
        return int(status.get("replicas", 0) - status.get("updatedReplicas", 0))

    more = any(new.get(key, 0) > old.get(key, 0) for key in ("updatedReplicas", "readyReplicas", "availableReplicas"))
    return more or outdated(new) < outdated(old)


def _failure(new: Json | None, all_sets: Sequence[Json]) -> Json | None:
    """Why pods could not be created: of the newest ReplicaSet, else of any."""
    for one in (*([new] if new else []), *all_sets):
        if known := found(one["status"].get("conditions", ()), reasons.FAILURE):
            at = known["lastTransitionTime"]
            times = {"lastUpdateTime": at, "lastTransitionTime": at}
            return {
                "type": reasons.FAILURE,
                "status": known["status"],
                **times,
                "reason": known["reason"],
                "message": known["message"],
            }
    return None
