"""CronJobs, whose Jobs the test itself ends."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.conditions import is_true
from playground.cluster.controllers.cronjob import CronJobController
from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.namespace import Namespaces
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]
MINUTE = 29_454_480
"""Minutes since 1970 at which these clusters begin: what Jobs are named by."""


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), GarbageCollector(), CronJobController())


def cron(**spec: Any) -> Json:
    pod = {"restartPolicy": "Never", "containers": [{"name": "load", "image": "load:1"}]}
    template = {"metadata": {"labels": {"app": "load"}}, "spec": {"template": {"spec": pod}}}
    return {
        "kind": "CronJob",
        "metadata": {"name": "load"},
        "spec": {"schedule": "* * * * *", "jobTemplate": template, **spec},
    }


def jobs(cluster: InProcess) -> list[str]:
    return [job["metadata"]["name"] for job in cluster.list("Job")]


def end(cluster: InProcess, name: str, condition: str = "Complete") -> None:
    now = cluster.clock.stamp()
    ended = {"type": condition, "status": "True", "lastTransitionTime": now}
    cluster.set_status("Job", name, startTime=now, completionTime=now, conditions=[ended])


def test_a_job_each_minute_named_by_it(cluster: InProcess):
    cluster.create(cron())
    assert not jobs(cluster)
    cluster.step(60)
    assert jobs(cluster) == [f"load-{MINUTE + 1}"]
    job = cluster.get("Job", f"load-{MINUTE + 1}")
    assert job["metadata"]["labels"]["app"] == "load"
    assert job["metadata"]["annotations"] == {"batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-01T12:01:00Z"}
    status = cluster.get("CronJob", "load")["status"]
    assert status["lastScheduleTime"] == "2026-01-01T12:01:00Z"
    assert [one["name"] for one in status["active"]] == [f"load-{MINUTE + 1}"]
    cluster.step(60)
    assert len(jobs(cluster)) == 2


def test_what_has_ended_is_noted_and_forgotten_in_time(cluster: InProcess):
    cluster.create(cron(successfulJobsHistoryLimit=2))
    for minute in range(1, 5):
        cluster.step(60)
        end(cluster, f"load-{MINUTE + minute}")
    assert jobs(cluster) == [f"load-{MINUTE + 3}", f"load-{MINUTE + 4}"]
    status = cluster.get("CronJob", "load")["status"]
    assert "active" not in status
    assert status["lastSuccessfulTime"] == cluster.clock.stamp()
    said = cluster.events("load")
    assert ("SawCompletedJob", f"Saw completed job: load-{MINUTE + 4}, condition: Complete", 1) in said
    assert ("SuccessfulDelete", f"Deleted job load-{MINUTE + 1}", 1) in said


@pytest.mark.parametrize(("policy", "left"), [("Allow", [1, 2]), ("Forbid", [1]), ("Replace", [2])])
def test_while_one_still_runs(cluster: InProcess, policy: str, left: list[int]):
    cluster.create(cron(concurrencyPolicy=policy))
    cluster.step(120)
    assert jobs(cluster) == [f"load-{MINUTE + minute}" for minute in left]


def test_suspended_it_starts_nothing(cluster: InProcess):
    cluster.create(cron(suspend=True))
    cluster.step(180)
    assert not jobs(cluster)


def test_too_late_is_not_started(cluster: InProcess):
    cluster.create(cron(schedule="0 13 * * *", suspend=True, startingDeadlineSeconds=30))
    cluster.step(3600 + 60)
    cluster.change("CronJob", "load", spec={"suspend": False})
    assert not jobs(cluster)


def test_its_jobs_go_with_it(cluster: InProcess):
    cluster.create(cron())
    cluster.step(60)
    assert not is_true(cluster.get("Job", jobs(cluster)[0]), "Complete")
    cluster.delete("CronJob", "load")
    assert not jobs(cluster)
