"""Runs a Job's pods to their end: as many at a time as asked, again after failures, until enough are done or too many failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from playground.cluster import job_progress
from playground.cluster.clock import parse
from playground.cluster.conditions import find, is_true, with_condition
from playground.cluster.controller import Key, own, owner
from playground.cluster.events import Recorder
from playground.cluster.job_pods import TRACKING, pod_of, standing
from playground.cluster.job_progress import Failures
from playground.cluster.request import DeleteOptions
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
COMPONENT = "job-controller"
_ENDS = {
    "CompletionsReached": ("SuccessCriteriaMet", "Complete", "Reached expected number of succeeded pods"),
    "BackoffLimitExceeded": ("FailureTarget", "Failed", "Job has reached the specified backoff limit"),
    "DeadlineExceeded": ("FailureTarget", "Failed", "Job was active longer than specified deadline"),
}
"""By reason: the condition that says so at once, the one when the last pod is gone, and the message of both."""


class JobController:
    name = "job"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"jobs.batch": own, "pods": owner("Job")}

    def __init__(self) -> None:
        self._failures: dict[str, Failures] = {}
        """By the Job's uid."""

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        job = verbs.find(verbs.kind("Job"), *key)
        pods = [pod for pod in verbs.list(verbs.kind("Pod"), key[0]) if _is_of(pod, job, key[1])]
        if job is None or "deletionTimestamp" in job["metadata"]:
            _release(verbs, pods)
            return None
        if is_true(job, "Complete") or is_true(job, "Failed"):
            self._failures.pop(job["metadata"]["uid"], None)
            _release(verbs, pods)
            return _expire(verbs, job)
        return self._sync(verbs, job, pods)

    def _sync(self, verbs: Verbs, job: Json, pods: Sequence[Json]) -> float | None:
        now, uid = verbs.clock.now(), job["metadata"]["uid"]
        status = _suspension(verbs, job, deepcopy(job.get("status", {})))
        stand = standing(pods)
        failures = job_progress.counted(self._failures.get(uid, Failures()), stand, now)
        self._failures[uid] = failures
        status |= job_progress.tally(job, status, stand)
        reason = job_progress.end(job, status, stand, now)
        if reason and reason != "CompletionsReached" and stand.active:  # whatever still runs has failed with the Job
            status["failed"] = status.get("failed", 0) + len(stand.active)
        over = bool(reason or job["spec"]["suspend"])
        for pod in stand.active if over else job_progress.surplus(job, status, stand):
            _delete(verbs, job, pod)
        if reason:
            status = _ended(verbs, job, status, reason, gone=not _still_going(verbs, pods))
        _write(verbs, job, status)
        _release(verbs, [*stand.done, *stand.failed])
        return None if over else _start_pods(verbs, job, status, failures)


def _start_pods(verbs: Verbs, job: Json, status: Json, failures: Failures) -> float | None:
    """Those that are missing, unless it is too early after failures. When to look again: then, or at the deadline."""
    now = verbs.clock.now()
    left = job_progress.deadline(job, status, now)
    missing = job_progress.missing(job, status, standing(_pods_of(verbs, job)))
    if missing and failures.retry_at > now:
        wait = failures.retry_at - now
        return wait if left is None else min(wait, left)
    recorder = Recorder(verbs, COMPONENT)
    for index in missing:
        try:
            pod = verbs.create(verbs.kind("Pod"), pod_of(job, index))
        except StatusError as error:
            recorder.warning(job, "FailedCreate", f"Error creating: {error.message}")
            raise
        recorder.normal(job, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")
    return left


def _pods_of(verbs: Verbs, job: Json) -> list[Json]:
    meta = job["metadata"]
    return [pod for pod in verbs.list(verbs.kind("Pod"), meta["namespace"]) if _is_of(pod, job, meta["name"])]


def _write(verbs: Verbs, job: Json, status: Json) -> None:
    """With the pods counted as they are now."""
    stand = standing(_pods_of(verbs, job))
    counts = {"ready": stand.ready, "terminating": len(stand.terminating), "uncountedTerminatedPods": {}}
    kept = {key: value for key, value in status.items() if key != "active"}
    active = {"active": len(stand.active)} if stand.active else {}
    verbs.set_status(verbs.kind("Job"), job, {**kept, **counts, **active})


def _is_of(pod: Json, job: Json | None, name: str) -> bool:
    """Of that Job, or of one of that name that is gone."""
    owners = [
        ref for ref in pod["metadata"].get("ownerReferences", []) if ref.get("controller") and ref["kind"] == "Job"
    ]
    return any(ref["uid"] == job["metadata"]["uid"] if job else ref["name"] == name for ref in owners)


def _suspension(verbs: Verbs, job: Json, status: Json) -> Json:
    suspended, wanted = is_true(job, "Suspended"), job["spec"]["suspend"]
    recorder = Recorder(verbs, COMPONENT)
    if wanted and not suspended:
        status.pop("startTime", None)
        status = _with(verbs, status, "Suspended", "True", "JobSuspended", "Job suspended")
        recorder.normal(job, "Suspended", "Job suspended")
    elif suspended and not wanted:
        status["startTime"] = verbs.clock.stamp()
        status = _with(verbs, status, "Suspended", "False", "JobResumed", "Job resumed")
        recorder.normal(job, "Resumed", "Job resumed")
    elif not wanted:
        status.setdefault("startTime", verbs.clock.stamp())
    return status


def _with(verbs: Verbs, status: Json, name: str, value: str, reason: str, message: str) -> Json:
    now = verbs.clock.stamp()
    times = {"lastProbeTime": now, "lastTransitionTime": now}
    new = {"type": name, "status": value, **times, "reason": reason, "message": message}
    return {**status, "conditions": with_condition(status.get("conditions", []), new)}


def _ended(verbs: Verbs, job: Json, status: Json, reason: str, *, gone: bool) -> Json:
    at_once, at_last, message = _ENDS[reason]
    if not is_true({"status": status}, at_once):
        status = _with(verbs, status, at_once, "True", reason, message)
    if not gone:
        return status
    status = _with(verbs, status, at_last, "True", reason, message)
    recorder = Recorder(verbs, COMPONENT)
    if at_last == "Failed":
        recorder.warning(job, reason, message)
        return status
    recorder.normal(job, "Completed", "Job completed")
    return {**status, "completionTime": verbs.clock.stamp()}


def _still_going(verbs: Verbs, pods: Sequence[Json]) -> bool:
    live = (verbs.find(verbs.kind("Pod"), pod["metadata"]["namespace"], pod["metadata"]["name"]) for pod in pods)
    stand = standing([pod for pod in live if pod])
    return bool(stand.active or stand.terminating)


def _delete(verbs: Verbs, job: Json, pod: Json) -> None:
    """Let go of it first, so that it does not count as a failure."""
    kind, meta = verbs.kind("Pod"), pod["metadata"]
    _release(verbs, [pod])
    verbs.delete(kind, meta["namespace"], meta["name"])
    Recorder(verbs, COMPONENT).normal(job, "SuccessfulDelete", f"Deleted pod: {meta['name']}")


def _release(verbs: Verbs, pods: Iterable[Json]) -> None:
    kind = verbs.kind("Pod")
    for pod in pods:
        meta = pod["metadata"]
        live = verbs.find(kind, meta["namespace"], meta["name"])
        if live and TRACKING in live["metadata"].get("finalizers", []):
            kept = [one for one in live["metadata"]["finalizers"] if one != TRACKING]
            verbs.update(kind, {**live, "metadata": {**live["metadata"], "finalizers": kept}})


def _expire(verbs: Verbs, job: Json) -> float | None:
    """Delete it when its time after the end is over, else say when that will be."""
    ttl = job["spec"].get("ttlSecondsAfterFinished")
    if ttl is None:
        return None
    end = find(job, "Complete") or find(job, "Failed") or {}
    left = parse(end["lastTransitionTime"]) + ttl - verbs.clock.now()
    if left > 0:
        return float(left)
    meta = job["metadata"]
    options = DeleteOptions(propagation="Foreground", uid=meta["uid"])
    verbs.delete(verbs.kind("Job"), meta["namespace"], meta["name"], options)
    return None


CONTROLLER = JobController
