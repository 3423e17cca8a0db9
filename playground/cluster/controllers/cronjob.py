"""Starts a CronJob's Jobs when they are due, and keeps as many finished ones as it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playground.cluster import schedule
from playground.cluster.clock import parse, stamp
from playground.cluster.conditions import is_true
from playground.cluster.controller import Key, own, owner
from playground.cluster.events import Recorder
from playground.cluster.request import DeleteOptions
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
COMPONENT = "cronjob-controller"


class CronJobController:
    name = "cronjob"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"cronjobs.batch": own, "jobs.batch": owner("CronJob")}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        cron = verbs.find(verbs.kind("CronJob"), *key)
        if cron is None or "deletionTimestamp" in cron["metadata"]:
            return None
        jobs = [job for job in verbs.list(verbs.kind("Job"), key[0]) if _is_of(job, cron)]
        status = _seen(verbs, cron, jobs)
        _forget(verbs, cron, jobs)
        if cron["spec"]["suspend"]:
            _write(verbs, cron, status)
            return None
        due, following = _times(cron, status, verbs.clock.now())
        if due is not None:
            status = _start(verbs, cron, status, due)
        _write(verbs, cron, status)
        return None if following is None else following - verbs.clock.now()


def _is_of(job: Json, cron: Json) -> bool:
    return any(ref["uid"] == cron["metadata"]["uid"] for ref in job["metadata"].get("ownerReferences", []))


def _ended(job: Json) -> str:
    """Complete or Failed, or "" if it still runs."""
    return next((name for name in ("Complete", "Failed") if is_true(job, name)), "")


def _seen(verbs: Verbs, cron: Json, jobs: Sequence[Json]) -> Json:
    """The status without the Jobs that have ended or are gone since."""
    status, recorder = dict(cron.get("status", {})), Recorder(verbs, COMPONENT)
    by_uid = {job["metadata"]["uid"]: job for job in jobs}
    active = []
    for reference in status.get("active", []):
        job = by_uid.get(reference["uid"])
        if job is None:
            recorder.normal(cron, "MissingJob", f"Active job went missing: {reference['name']}")
        elif ended := _ended(job):
            recorder.normal(cron, "SawCompletedJob", f"Saw completed job: {reference['name']}, condition: {ended}")
            if ended == "Complete":
                last = status.get("lastSuccessfulTime", "")
                status["lastSuccessfulTime"] = max(last, job["status"]["completionTime"])
        else:
            active.append(reference)
    return {**status, "active": active}


def _forget(verbs: Verbs, cron: Json, jobs: Sequence[Json]) -> None:
    """Delete finished Jobs beyond the history that is to be kept, the oldest first."""
    for ended, field in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
        finished = [job for job in jobs if _ended(job) == ended and "deletionTimestamp" not in job["metadata"]]
        finished.sort(key=lambda job: (job["status"].get("startTime", ""), job["metadata"]["name"]))
        for job in finished[: max(0, len(finished) - cron["spec"][field])]:
            _delete(verbs, cron, job["metadata"]["namespace"], job["metadata"]["name"])


def _times(cron: Json, status: Json, now: float) -> tuple[float | None, float | None]:
    """The latest time that is due and not too long ago, and the next one after now (seconds since 1970)."""
    spec = cron["spec"]
    plan, zone = schedule.read(spec["schedule"]), ZoneInfo(spec.get("timeZone") or "UTC")
    begin = parse(status.get("lastScheduleTime") or cron["metadata"]["creationTimestamp"])
    deadline = spec.get("startingDeadlineSeconds")
    if deadline is not None:
        begin = max(begin, now - deadline)
    due, following = None, plan.next(begin, zone)
    while following is not None and following <= now:
        due, following = following, plan.next(following, zone)
    return due, following


def _start(verbs: Verbs, cron: Json, status: Json, due: float) -> Json:
    policy, active = cron["spec"]["concurrencyPolicy"], status["active"]
    recorder = Recorder(verbs, COMPONENT)
    if policy == "Forbid" and active:
        recorder.normal(
            cron,
            "JobAlreadyActive",
            "Not starting job because prior execution is running and concurrency policy is Forbid",
        )
        return status
    if policy == "Replace":
        for reference in active:
            _delete(verbs, cron, reference["namespace"], reference["name"])
        active = []
    try:
        job = verbs.create(verbs.kind("Job"), _job_of(cron, due))
    except StatusError as error:
        if error.reason == "AlreadyExists":
            return {**status, "lastScheduleTime": stamp(due)}
        recorder.warning(cron, "FailedCreate", f"Error creating job: {error.message}")
        raise
    recorder.normal(cron, "SuccessfulCreate", f"Created job {job['metadata']['name']}")
    meta = job["metadata"]
    held = {key: meta[key] for key in ("name", "namespace", "uid", "resourceVersion")}
    reference = {"apiVersion": "batch/v1", "kind": "Job", **held}
    return {**status, "active": [*active, reference], "lastScheduleTime": stamp(due)}


def _job_of(cron: Json, due: float) -> Json:
    meta, template = cron["metadata"], cron["spec"]["jobTemplate"]
    given = template.get("metadata", {})
    reference = {"apiVersion": "batch/v1", "kind": "CronJob", "name": meta["name"], "uid": meta["uid"]}
    when = datetime.fromtimestamp(due, ZoneInfo(cron["spec"].get("timeZone") or "UTC")).isoformat()
    job_meta = {
        "name": f"{meta['name']}-{int(due // 60)}",
        "namespace": meta["namespace"],
        "labels": dict(given.get("labels", {})),
        "annotations": {**given.get("annotations", {}), SCHEDULED: when.replace("+00:00", "Z")},
        "ownerReferences": [{**reference, "controller": True, "blockOwnerDeletion": True}],
    }
    held = {key: value for key, value in job_meta.items() if value}
    return {"metadata": held, "spec": template["spec"]}


def _delete(verbs: Verbs, cron: Json, namespace: str, name: str) -> None:
    kind = verbs.kind("Job")
    if verbs.find(kind, namespace, name):
        verbs.delete(kind, namespace, name, DeleteOptions(propagation="Background"))
        Recorder(verbs, COMPONENT).normal(cron, "SuccessfulDelete", f"Deleted job {name}")


def _write(verbs: Verbs, cron: Json, status: Json) -> None:
    held = {key: value for key, value in status.items() if value}
    verbs.set_status(verbs.kind("CronJob"), cron, held)


CONTROLLER = CronJobController
