"""How far a Job is, and what it wants next. Pure decisions over objects and the counted past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.conditions import find, is_true
from playground.cluster.job_pods import Standing, ended_at, index_of, indexes, indexes_text, restarts

Json = dict[str, Any]
BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 10.0, 600.0


@dataclass(frozen=True)
class Failures:
    """How many pods in a row failed, and when the last did (seconds since 1970)."""

    count: int = 0
    last: float = 0.0

    @property
    def retry_at(self) -> float:
        wait = BACKOFF_SECONDS * 2 ** min(self.count - 1, 10)
        return self.last + min(wait, LONGEST_BACKOFF_SECONDS) if self.count else 0.0


def counted(failures: Failures, stand: Standing, now: float) -> Failures:
    if stand.done:
        failures = Failures()
    ends = [ended_at(pod, now) for pod in stand.failed]
    return Failures(failures.count + len(ends), max(failures.last, *ends)) if ends else failures


def tally(job: Json, status: Json, stand: Standing) -> Json:
    found: Json = {}
    if job["spec"]["completionMode"] == "Indexed":
        done = indexes(status.get("completedIndexes", "")) | {index_of(pod) for pod in stand.done}
        found |= {"completedIndexes": indexes_text(sorted(done)), "succeeded": len(done)} if done else {}
    elif stand.done:
        found["succeeded"] = status.get("succeeded", 0) + len(stand.done)
    if stand.failed:
        found["failed"] = status.get("failed", 0) + len(stand.failed)
    return found


def end(job: Json, status: Json, stand: Standing, now: float) -> str:
    """The reason for which the Job is at its end, or ""."""
    spec = job["spec"]
    for condition in ("SuccessCriteriaMet", "FailureTarget"):
        if is_true(job, condition):
            return str((find(job, condition) or {})["reason"])
    limit, tried = spec["backoffLimit"], restarts(stand.active)
    keeps_trying = spec["template"]["spec"]["restartPolicy"] == "OnFailure"
    if status.get("failed", 0) > limit or (keeps_trying and tried and tried >= limit):
        return "BackoffLimitExceeded"
    left = deadline(job, status, now)
    if left is not None and left <= 0 and not spec["suspend"]:
        return "DeadlineExceeded"
    done, asked = status.get("succeeded", 0), spec.get("completions")
    enough = done >= asked if asked is not None else done > 0 and not stand.active
    return "CompletionsReached" if enough else ""


def deadline(job: Json, status: Json, now: float) -> float | None:
    """Seconds left, if the Job has a deadline."""
    limit = job["spec"].get("activeDeadlineSeconds")
    return None if limit is None or "startTime" not in status else float(parse(status["startTime"]) + limit - now)


def wanted(job: Json, status: Json, stand: Standing) -> int:
    """How many pods shall run now."""
    spec, done = job["spec"], status.get("succeeded", 0)
    if spec.get("completions") is None:
        return len(stand.active) if done else int(spec["parallelism"])
    return int(min(spec["parallelism"], max(0, spec["completions"] - done)))


def surplus(job: Json, status: Json, stand: Standing) -> Sequence[Json]:
    """Those that are not ready go first."""
    too_many = len(stand.active) - wanted(job, status, stand)
    return sorted(stand.active, key=lambda pod: is_true(pod, "Ready"))[: max(0, too_many)]


def missing(job: Json, status: Json, stand: Standing) -> list[int | None]:
    """The pods to create: their indexes, or None for each pod that has none."""
    count = max(0, wanted(job, status, stand) - len(stand.active))
    if job["spec"]["completionMode"] != "Indexed":
        return [None] * count
    taken = {index_of(pod) for pod in stand.active} | indexes(status.get("completedIndexes", ""))
    free: list[int | None] = [index for index in range(job["spec"]["completions"]) if index not in taken]
    return free[:count]
