"""Jobs and CronJobs: how they end, what is said of it, and what kubectl shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.harness.api import Api, ApiError

Json = dict[str, Any]
WAIT = 30


def job(name: str, image: str, **spec: Any) -> Json:
    pod = {"restartPolicy": "Never", "containers": [{"name": "load", "image": image}]}
    return {"metadata": {"name": name}, "spec": {"template": {"spec": pod}, **spec}}


def create(cluster: Cluster, namespace: str, obj: Json) -> str:
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    cluster.api.request("POST", path, obj)
    return f"{path}/{obj['metadata']['name']}"


def ended(condition: str) -> Callable[[Json], bool]:
    def has(obj: Json) -> bool:
        return any(one["type"] == condition for one in obj["status"].get("conditions", []))

    return has


def told(cluster: Cluster, namespace: str, name: str, *reasons: str) -> None:
    """Waits until these are the reasons of its events, in order of the alphabet: events come after what they tell of."""

    def are_told(events: list[Json]) -> bool:
        return sorted(one["reason"] for one in events if one["involvedObject"]["name"] == name) == list(reasons)

    cluster.wait_items(f"/api/v1/namespaces/{namespace}/events", are_told, WAIT)


def test_what_is_filled_in(cluster: Cluster, namespace: str):
    path = create(cluster, namespace, job("load", "load:1", suspend=True))
    made = cluster.get(path)
    uid = made["metadata"]["uid"]
    labels = {"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": "load",
              "controller-uid": uid, "job-name": "load"}  # fmt: skip
    assert made["metadata"]["labels"] == labels
    spec = made["spec"]
    assert spec.pop("template")["metadata"] == {"labels": labels}
    assert spec == {
        "parallelism": 1, "completions": 1, "backoffLimit": 6, "completionMode": "NonIndexed", "suspend": True,
        "manualSelector": False, "podReplacementPolicy": "TerminatingOrFailed",
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}},
    }  # fmt: skip


def test_it_completes(cluster: Cluster, namespace: str, kubectl: Kubectl):
    path = create(cluster, namespace, job("load", "load:1", completions=2, parallelism=2))
    status = cluster.wait(path, ended("Complete"), WAIT)["status"]
    assert status["succeeded"] == 2
    assert {(one["type"], one["status"], one["reason"], one["message"]) for one in status["conditions"]} == {
        ("SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods"),
        ("Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods"),
    }
    assert status.keys() == {"startTime", "completionTime", "conditions", "succeeded", "ready", "terminating",
                             "uncountedTerminatedPods"}  # fmt: skip
    header, row = kubectl("get", "job", "load")[1].splitlines()
    assert header.split() == ["NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"]
    assert row.split()[:3] == ["load", "Complete", "2/2"]
    assert kubectl("wait", "--for=condition=complete", "job/load") == (0, "job.batch/load condition met\n", "")
    told(cluster, namespace, "load", "Completed", "SuccessfulCreate", "SuccessfulCreate")


def test_it_fails(cluster: Cluster, namespace: str, kubectl: Kubectl):
    path = create(cluster, namespace, job("load", "load:crash", backoffLimit=0))
    status = cluster.wait(path, ended("Failed"), WAIT)["status"]
    assert (status["failed"], "succeeded" in status, "completionTime" in status) == (1, False, False)
    assert {(one["type"], one["reason"], one["message"]) for one in status["conditions"]} == {
        ("FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        ("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
    }
    assert kubectl("get", "job", "load")[1].splitlines()[1].split()[:3] == ["load", "Failed", "0/1"]
    told(cluster, namespace, "load", "BackoffLimitExceeded", "SuccessfulCreate")
    [pod] = cluster.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
    assert pod["status"]["phase"] == "Failed"
    assert "finalizers" not in pod["metadata"]


def test_its_deadline_passes(cluster: Cluster, namespace: str):
    path = create(cluster, namespace, job("load", "load:missing", activeDeadlineSeconds=1))
    status = cluster.wait(path, ended("Failed"), WAIT)["status"]
    assert {one["reason"] for one in status["conditions"]} == {"DeadlineExceeded"}
    assert status["failed"] == 1
    cluster.wait_items(f"/api/v1/namespaces/{namespace}/pods", lambda pods: not pods, WAIT)
    told(cluster, namespace, "load", "DeadlineExceeded", "SuccessfulCreate", "SuccessfulDelete")


def test_it_waits_while_suspended(cluster: Cluster, namespace: str, kubectl: Kubectl):
    path = create(cluster, namespace, job("load", "load:1", suspend=True))
    cluster.wait(path, ended("Suspended"), WAIT)
    assert kubectl("get", "job", "load")[1].splitlines()[1].split()[:3] == ["load", "Suspended", "0/1"]
    cluster.patch(path, {"spec": {"suspend": False}})
    cluster.wait(path, ended("Complete"), WAIT)
    told(cluster, namespace, "load", "Completed", "Resumed", "SuccessfulCreate", "Suspended")


def test_it_goes_when_its_time_is_over(cluster: Cluster, namespace: str):
    path = create(cluster, namespace, job("load", "load:1", ttlSecondsAfterFinished=1))
    cluster.wait_gone(path, WAIT)
    cluster.wait_items(f"/api/v1/namespaces/{namespace}/pods", lambda pods: not pods, WAIT)


def test_what_may_not_change(cluster: Cluster, namespace: str):
    path = create(cluster, namespace, job("load", "load:1", suspend=True))
    with pytest.raises(ApiError) as refused:
        cluster.patch(path, {"spec": {"completions": 5}})
    assert (
        refused.value.status["message"]
        == 'Job.batch "load" is invalid: spec.completions: Invalid value: 5: field is immutable'
    )


def test_deleted_without_a_word_it_leaves_its_pods(cluster: Cluster, namespace: str, api_of: Callable[[str], Api]):
    path = create(cluster, namespace, job("load", "load:unready"))
    pods = f"/api/v1/namespaces/{namespace}/pods"
    cluster.wait_items(pods, lambda items: len(items) == 1 and "nodeName" in items[0]["spec"])
    left = api_of("admin").request("DELETE", path)
    assert left["metadata"]["finalizers"] == ["orphan"]
    cluster.wait_gone(path)
    [pod] = cluster.get(pods)["items"]
    assert "ownerReferences" not in pod["metadata"]


def test_a_cron_job_started_by_hand(cluster: Cluster, namespace: str, kubectl: Kubectl):
    assert kubectl("create", "cronjob", "nightly", "--image=load:1", "--schedule=0 0 1 1 *")[:2] == (
        0, "cronjob.batch/nightly created\n"
    )  # fmt: skip
    header, row = kubectl("get", "cronjob", "nightly")[1].splitlines()
    assert header.split("  ")[0] == "NAME"
    assert row.split()[:9] == ["nightly", "0", "0", "1", "1", "*", "<none>", "False", "0"]
    assert kubectl("create", "job", "now", "--from=cronjob/nightly")[:2] == (0, "job.batch/now created\n")
    path = f"/apis/batch/v1/namespaces/{namespace}"
    cluster.wait(f"{path}/jobs/now", ended("Complete"), WAIT)
    assert kubectl("delete", "cronjob", "nightly")[:2] == (0, 'cronjob.batch "nightly" deleted\n')
    cluster.wait_gone(f"{path}/jobs/now")
