"""Jobs, with pods that the test itself brings to their end."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.job import JobController
from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.controllers.pod_admission import PodAdmission
from playground.cluster.controllers.quota import QuotaController
from playground.cluster.job_pods import indexes, indexes_text
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), PodAdmission(), GarbageCollector(), QuotaController(), JobController())


def job(name: str = "load", restart: str = "Never", **spec: Any) -> Json:
    pod = {"restartPolicy": restart, "containers": [{"name": "load", "image": "load:1"}]}
    return {"kind": "Job", "metadata": {"name": name}, "spec": {"template": {"spec": pod}, **spec}}


def names(cluster: InProcess, *phases: str) -> list[str]:
    wanted = phases or ("Pending", "Running")
    return [pod["metadata"]["name"] for pod in cluster.list("Pod") if pod["status"]["phase"] in wanted]


def finish(cluster: InProcess, phase: str = "Succeeded") -> None:
    for name in names(cluster):
        cluster.set_status("Pod", name, phase=phase)


def conditions(cluster: InProcess, name: str = "load") -> dict[str, str]:
    return {one["type"]: one["reason"] for one in cluster.get("Job", name)["status"].get("conditions", [])}


def test_a_job_runs_one_pod_to_its_end(cluster: InProcess):
    cluster.create(job())
    [name] = names(cluster)
    pod = cluster.get("Pod", name)
    assert name.startswith("load-")
    assert pod["metadata"]["finalizers"] == ["batch.kubernetes.io/job-tracking"]
    assert pod["metadata"]["labels"]["job-name"] == "load"
    assert cluster.get("Job", "load")["status"]["active"] == 1
    finish(cluster)
    status = cluster.get("Job", "load")["status"]
    assert status["succeeded"] == 1
    assert "active" not in status
    assert status["completionTime"] == cluster.clock.stamp()
    assert conditions(cluster) == {"SuccessCriteriaMet": "CompletionsReached", "Complete": "CompletionsReached"}
    assert (
        "finalizers" not in cluster.get("Pod", name)["metadata"]
        or not cluster.get("Pod", name)["metadata"]["finalizers"]
    )
    assert cluster.events("load") == [
        ("SuccessfulCreate", f"Created pod: {name}", 1), ("Completed", "Job completed", 1)
    ]  # fmt: skip


def test_as_many_at_a_time_as_asked_until_enough_are_done(cluster: InProcess):
    cluster.create(job(completions=3, parallelism=2))
    assert len(names(cluster)) == 2
    cluster.set_status("Pod", names(cluster)[0], phase="Succeeded")
    assert len(names(cluster)) == 2
    finish(cluster)
    assert cluster.get("Job", "load")["status"]["succeeded"] == 3
    assert not names(cluster)


def test_failures_are_tried_again_later_and_later(cluster: InProcess):
    cluster.create(job())
    for wait in (10, 20, 40):
        finish(cluster, "Failed")
        cluster.step(wait - 1)
        assert not names(cluster)
        cluster.step(1)
        assert len(names(cluster)) == 1
    assert cluster.get("Job", "load")["status"]["failed"] == 3


def test_too_many_failures_end_it(cluster: InProcess):
    cluster.create(job(backoffLimit=0))
    finish(cluster, "Failed")
    assert conditions(cluster) == {"FailureTarget": "BackoffLimitExceeded", "Failed": "BackoffLimitExceeded"}
    assert cluster.events("load")[-1] == ("BackoffLimitExceeded", "Job has reached the specified backoff limit", 1)
    assert cluster.get("Job", "load")["status"]["failed"] == 1
    cluster.step(60)
    assert not names(cluster)


def test_restarts_of_a_container_count_as_failures(cluster: InProcess):
    cluster.create(job(restart="OnFailure", backoffLimit=2))
    [name] = names(cluster)
    cluster.set_status("Pod", name, phase="Running", containerStatuses=[{"name": "load", "restartCount": 1}])
    assert not conditions(cluster)
    cluster.set_status("Pod", name, containerStatuses=[{"name": "load", "restartCount": 2}])
    assert conditions(cluster)["Failed"] == "BackoffLimitExceeded"
    assert cluster.find("Pod", name) is None
    assert ("SuccessfulDelete", f"Deleted pod: {name}", 1) in cluster.events("load")


def test_a_deadline_ends_it(cluster: InProcess):
    cluster.create(job(activeDeadlineSeconds=30))
    cluster.step(29)
    assert len(names(cluster)) == 1
    cluster.step(1)
    assert conditions(cluster)["Failed"] == "DeadlineExceeded"
    assert not names(cluster)
    assert cluster.get("Job", "load")["status"]["failed"] == 1


def test_a_pod_that_is_deleted_has_failed(cluster: InProcess):
    cluster.create(job())
    cluster.delete("Pod", names(cluster)[0])
    assert cluster.get("Job", "load")["status"]["failed"] == 1
    cluster.step(10)
    assert len(names(cluster)) == 1


def test_suspended_it_runs_nothing_and_starts_anew_afterwards(cluster: InProcess):
    cluster.create(job())
    cluster.step(5)
    cluster.change("Job", "load", spec={"suspend": True})
    assert not names(cluster)
    assert conditions(cluster) == {"Suspended": "JobSuspended"}
    status = cluster.get("Job", "load")["status"]
    assert "startTime" not in status
    assert "failed" not in status
    cluster.change("Job", "load", spec={"suspend": False})
    assert len(names(cluster)) == 1
    assert cluster.get("Job", "load")["status"]["startTime"] == cluster.clock.stamp()
    assert [event[0] for event in cluster.events("load")][-2:] == ["Resumed", "SuccessfulCreate"]


def test_less_parallelism_deletes_what_is_too_much(cluster: InProcess):
    cluster.create(job(completions=5, parallelism=3))
    ready = names(cluster)[0]
    cluster.set_status("Pod", ready, phase="Running", conditions=[{"type": "Ready", "status": "True"}])
    cluster.change("Job", "load", spec={"parallelism": 1})
    assert names(cluster) == [ready]
    assert cluster.get("Job", "load")["status"].get("failed", 0) == 0


def test_indexed_pods_know_their_number(cluster: InProcess):
    cluster.create(job(completionMode="Indexed", completions=3, parallelism=2))
    pods = cluster.list("Pod")
    assert [pod["spec"]["hostname"] for pod in pods] == ["load-0", "load-1"]
    assert pods[0]["spec"]["containers"][0]["env"][0]["name"] == "JOB_COMPLETION_INDEX"
    cluster.set_status("Pod", pods[1]["metadata"]["name"], phase="Failed")
    cluster.set_status("Pod", pods[0]["metadata"]["name"], phase="Succeeded")
    cluster.step(10)
    running = [pod["spec"]["hostname"] for pod in cluster.list("Pod") if pod["status"]["phase"] == "Pending"]
    assert sorted(running) == ["load-1", "load-2"]
    finish(cluster)
    assert cluster.get("Job", "load")["status"]["completedIndexes"] == "0-2"


def test_when_its_time_after_the_end_is_over_it_goes_with_its_pods(cluster: InProcess):
    cluster.create(job(ttlSecondsAfterFinished=60))
    finish(cluster)
    cluster.step(59)
    assert cluster.find("Job", "load")
    cluster.step(1)
    assert cluster.find("Job", "load") is None
    assert not cluster.list("Pod")


def test_pods_of_a_deleted_job_are_let_go(cluster: InProcess):
    cluster.create(job())
    cluster.delete("Job", "load")
    cluster.step(2)
    assert not cluster.list("Pod")


def test_a_quota_that_forbids_its_pods_is_told_and_tried_again(cluster: InProcess):
    cluster.create({"kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}})
    cluster.create(job())
    reason, message, _ = cluster.events("load")[0]
    assert reason == "FailedCreate"
    assert message.endswith("is forbidden: exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0")
    cluster.change("ResourceQuota", "few", spec={"hard": {"pods": "1"}})
    cluster.step(2)
    assert len(names(cluster)) == 1


@pytest.mark.parametrize(("text", "numbers"), [("", []), ("0", [0]), ("0,1", [0, 1]), ("0-2,5", [0, 1, 2, 5])])
def test_completed_indexes_as_text(text: str, numbers: list[int]):
    assert indexes_text(numbers) == text
    assert indexes(text) == set(numbers)
