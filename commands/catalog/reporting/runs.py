"""A Job or a CronJob in full: how its runs went, and why the last one did not, as far as its pods and the events tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commands.catalog.reporting import pods as of_pods
from commands.catalog.reporting import surroundings
from commands.catalog.reporting.standing import standing_of
from commands.catalog.reporting.workload import pods_of
from commands.live import Live, Object
from commands.objects import controller_of, name_of, said_of, template_of
from commands.report import Code, Fields, Prose, Report, Section
from commands.times import age, duration, seconds_of, utc
from commands.wording import counted

KINDS = frozenset({"Job", "CronJob"})
SHOWN = 10
"""Runs of a CronJob."""


def report_on(subject: Object, live: Live, now: float) -> Report:
    running, unread = pods_of(subject, live)
    jobs = _newest_first(live.runs(subject)) if subject["kind"] == "CronJob" else [subject]
    heard, unheard = surroundings.heard((subject, *jobs, *running), live)
    fields = _of_cron_job(subject, now) if subject["kind"] == "CronJob" else _of_job(subject, now)
    template = template_of(subject)
    every = (
        ("Workload", said_of(subject)),
        *fields,
        *of_pods.images(template, running),
        *of_pods.resources(template),
    )
    return Report(
        f"{name_of(subject)} in {live.environment}: {standing_of(subject).word}",
        (
            Fields(every),
            Prose(unread) if unread else of_pods.table(running, live.causes(running, heard)),
            *(_runs(jobs, now) if subject["kind"] == "CronJob" else ()),
            *surroundings.events(heard, unheard, now),
        ),
    )


def _of_job(job: Object, now: float) -> Iterator[tuple[str, str]]:
    spec, status = job["spec"], job.get("status") or {}
    standing = standing_of(job)
    active, ready, failed = (int(status.get(name) or 0) for name in ("active", "ready", "failed"))
    told = ((ready, "running"), (active - ready, "not running yet"), (failed, "failed"))
    counts = [
        f"{standing.ready} of {standing.wanted} succeeded",
        *(f"{count} {how}" for count, how in told if count > 0),
    ]
    yield "Pods", ", ".join(counts)
    if why := _why_it_failed(job):
        yield "Why", why
    if status.get("startTime"):
        yield "Started", f"{utc(seconds_of(status['startTime']))} ({age(seconds_of(status['startTime']), now)} ago)"
    if took := _took(job, now):
        yield "Took", took
    yield "Tries", f"{counted(int(spec.get('backoffLimit', 6)) + 1, 'try', 'tries')} at most"
    if (owner := controller_of(job)) is not None:
        yield "Made by", f"{owner['kind']}/{owner['name']}"


def _why_it_failed(job: Object) -> str:
    """As its controller says it: the limit of tries, or of time."""
    for each in (job.get("status") or {}).get("conditions") or ():
        if each["type"] in {"Failed", "FailureTarget"} and each["status"] == "True":
            return f"{each.get('reason')}: {each.get('message')}"
    return ""


def _took(job: Object, now: float) -> str:
    """Until it ended, or so far."""
    status = job.get("status") or {}
    if not status.get("startTime"):
        return ""
    ended = [each.get("lastTransitionTime") for each in status.get("conditions") or () if each["type"] == "Failed"]
    end = seconds_of(status.get("completionTime") or next(iter(ended), None)) or now
    return duration(end - seconds_of(status["startTime"]))


def _of_cron_job(cron: Object, now: float) -> Iterator[tuple[str, str]]:
    spec, status = cron["spec"], cron.get("status") or {}
    zone, paused = spec.get("timeZone"), " (suspended)" if spec.get("suspend") else ""
    yield "Schedule", f"{spec['schedule']}{f' {zone}' if zone else ''}{paused}"
    for label, key in (("Last run", "lastScheduleTime"), ("Last success", "lastSuccessfulTime")):
        at = seconds_of(status.get(key))
        yield label, f"{utc(at)} ({age(at, now)} ago)" if at else "none yet"
    if active := status.get("active"):
        yield "Running", ", ".join(each["name"] for each in active)
    yield "At once", {"Forbid": "one", "Replace": "the newest only"}.get(spec.get("concurrencyPolicy", ""), "several")


def _runs(jobs: Sequence[Object], now: float) -> Iterator[Section]:
    if not jobs:
        yield Prose("No run of it is kept.")
        return
    yield Prose("Its runs, the newest first:", strong=True)
    yield Code("\n".join(_run(job, now) for job in jobs[:SHOWN]))


def _run(job: Object, now: float) -> str:
    why = _why_it_failed(job)
    began = age(seconds_of(job["metadata"].get("creationTimestamp")), now)
    took = f" after {_took(job, now)}" if _took(job, now) else ""
    return f"{began} ago  {name_of(job)}  {standing_of(job).word}{took}{f'  {why}' if why else ''}"


def _newest_first(jobs: Sequence[Object]) -> list[Object]:
    return sorted(jobs, key=lambda job: str(job["metadata"].get("creationTimestamp") or ""), reverse=True)
