"""How a workload stands, from its own object alone: one word, and the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from commands.live import Object
from commands.objects import is_paused, replicas_wanted
from commands.ordered import partition_of


class Health(IntEnum):
    """The worst first."""

    STUCK = 0
    DEGRADED = 1
    ROLLING = 2
    PAUSED = 3
    READY = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Numbers of pods, and what they come to. Of a Job, ``ready`` are those that succeeded; a CronJob counts none."""

    health: Health
    word: str
    wanted: int = 0
    updated: int = 0
    ready: int = 0
    available: int = 0

    @property
    def lack(self) -> float:
        """The share of pods that is not ready, from 0 to 1."""
        return max(0, self.wanted - self.ready) / self.wanted if self.wanted else 0.0


def standing_of(workload: Object) -> Standing:
    """Of a Deployment, StatefulSet, DaemonSet, Job or CronJob."""
    match workload["kind"]:
        case "Job":
            return _of_job(workload)
        case "CronJob":
            return _of_cron_job(workload)
        case _:
            return _of_rollout(workload)


def _of_rollout(workload: Object) -> Standing:
    status: dict[str, Any] = workload.get("status") or {}
    if workload["kind"] == "DaemonSet":
        names = ("updatedNumberScheduled", "numberReady", "numberAvailable")
        wanted = int(status.get("desiredNumberScheduled") or 0)
    else:
        names = ("updatedReplicas", "readyReplicas", "availableReplicas")
        wanted = replicas_wanted(workload) or 0
    updated, ready, available = (int(status.get(name) or 0) for name in names)
    health, word = _verdict(workload, status, wanted, updated, ready)
    return Standing(health, word, wanted, updated, ready, available)


def _verdict(workload: Object, status: dict[str, Any], wanted: int, updated: int, ready: int) -> tuple[Health, str]:
    observed = int(status.get("observedGeneration") or 0) >= int(workload["metadata"].get("generation", 0))
    if observed and (stuck := _stuck(status)):
        return Health.STUCK, stuck
    if is_paused(workload):
        return Health.PAUSED, "paused"
    if not observed or _rolls(workload, status, wanted, updated):
        return Health.ROLLING, "rolling out"
    if ready < wanted:
        return Health.DEGRADED, "not ready"
    return (Health.READY, "ready") if wanted else (Health.STOPPED, "stopped")


def _stuck(status: dict[str, Any]) -> str:
    for condition in status.get("conditions") or ():
        if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
            return "pods cannot be created"
        if condition["type"] == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            return "rollout stuck"
    return ""


def _rolls(workload: Object, status: dict[str, Any], wanted: int, updated: int) -> bool:
    """Old pods are to go. A Deployment's stay until new ones are available, so that all that are ready may be old."""
    has_old = workload["kind"] == "Deployment" and int(status.get("replicas") or 0) > updated
    on_delete = (workload["spec"].get("updateStrategy") or {}).get("type") == "OnDelete"
    return has_old or (updated < wanted - partition_of(workload) and not on_delete)


def _of_job(job: Object) -> Standing:
    spec, status = job["spec"], job.get("status") or {}
    wanted = int(spec.get("completions") or spec.get("parallelism") or 1)
    health, word = _how_a_job_fares(spec, status)
    return Standing(health, word, wanted, ready=int(status.get("succeeded") or 0))


def _how_a_job_fares(spec: dict[str, Any], status: dict[str, Any]) -> tuple[Health, str]:
    """What it will come to is said by a condition before its pods are gone (``FailureTarget``, ``SuccessCriteriaMet``)."""
    true = {each["type"] for each in status.get("conditions") or () if each["status"] == "True"}
    if true & {"Failed", "FailureTarget"}:
        return Health.STUCK, "failed"
    if true & {"Complete", "SuccessCriteriaMet"}:
        return Health.STOPPED, "complete"
    if spec.get("suspend"):
        return Health.STOPPED, "suspended"
    if status.get("failed"):
        return Health.DEGRADED, "trying again"
    return Health.READY, "running" if status.get("ready") else "starting"


def _of_cron_job(cron: Object) -> Standing:
    """That its last run came to nothing is told by its own status: success is dated later than what was scheduled."""
    status = cron.get("status") or {}
    scheduled, succeeded = status.get("lastScheduleTime") or "", status.get("lastSuccessfulTime") or ""
    if status.get("active"):
        return Standing(Health.READY, "running")
    if scheduled and succeeded < scheduled:
        return Standing(Health.DEGRADED, "last run did not succeed")
    if cron["spec"].get("suspend"):
        return Standing(Health.STOPPED, "suspended")
    return Standing(Health.READY, "scheduled" if scheduled else "not run yet")
