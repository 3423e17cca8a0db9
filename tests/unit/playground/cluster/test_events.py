"""Events: counted when they happen again, combined when too many are alike, forgotten after an hour."""

from __future__ import annotations

import pytest

from playground.cluster.controllers.event_ttl import EventTtl
from playground.cluster.events import Recorder
from tests.unit.playground.cluster.in_process import InProcess


@pytest.fixture
def cluster() -> InProcess:
    made = InProcess(EventTtl())
    made.create({"kind": "ConfigMap", "metadata": {"name": "web"}})
    return made


def test_the_first_tells_who_what_and_when(cluster: InProcess):
    Recorder(cluster.verbs, "kubelet", host="node-1").warning(
        cluster.get("ConfigMap", "web"), "BackOff", "Back-off restarting", field_path="spec.containers{web}"
    )
    [event] = cluster.list("Event")
    meta = cluster.get("ConfigMap", "web")["metadata"]
    assert event["involvedObject"] == {
        "apiVersion": "v1", "kind": "ConfigMap", "name": "web", "namespace": "shop", "uid": meta["uid"],
        "resourceVersion": meta["resourceVersion"], "fieldPath": "spec.containers{web}",
    }  # fmt: skip
    assert (event["type"], event["reason"], event["message"], event["count"]) == (
        "Warning",
        "BackOff",
        "Back-off restarting",
        1,
    )
    assert event["source"] == {"component": "kubelet", "host": "node-1"}
    assert (event["reportingComponent"], event["reportingInstance"]) == ("kubelet", "node-1")
    assert event["firstTimestamp"] == event["lastTimestamp"] == cluster.clock.stamp()
    name, _, suffix = event["metadata"]["name"].partition(".")
    assert name == "web"
    assert len(suffix) == 16


def test_the_same_again_counts_up(cluster: InProcess):
    recorder = Recorder(cluster.verbs, "kubelet")
    recorder.normal(cluster.get("ConfigMap", "web"), "Pulled", "there")
    began = cluster.clock.stamp()
    cluster.step(30)
    recorder.normal(cluster.get("ConfigMap", "web"), "Pulled", "there")
    recorder.normal(cluster.get("ConfigMap", "web"), "Pulled", "elsewhere")
    first, second = cluster.list("Event") if cluster.list("Event")[0]["count"] == 2 else reversed(cluster.list("Event"))
    assert (first["count"], first["firstTimestamp"], first["lastTimestamp"]) == (2, began, cluster.clock.stamp())
    assert (second["count"], second["message"]) == (1, "elsewhere")


def test_who_says_it_matters(cluster: InProcess):
    for component in ("kubelet", "job-controller"):
        Recorder(cluster.verbs, component).normal(cluster.get("ConfigMap", "web"), "Pulled", "there")
    assert [event["count"] for event in cluster.list("Event")] == [1, 1]


def test_of_many_alike_the_tenth_and_further_are_combined(cluster: InProcess):
    for number in range(12):
        Recorder(cluster.verbs, "replicaset-controller").warning(
            cluster.get("ConfigMap", "web"), "FailedCreate", f"pod {number}"
        )
    said = cluster.events("web")
    assert len(said) == 10
    assert said[-1] == ("FailedCreate", "(combined from similar events): pod 11", 3)


def test_after_ten_quiet_minutes_they_are_told_apart_again(cluster: InProcess):
    recorder = Recorder(cluster.verbs, "replicaset-controller")
    for number in range(11):
        recorder.warning(cluster.get("ConfigMap", "web"), "FailedCreate", f"pod {number}")
    cluster.step(601)
    recorder.warning(cluster.get("ConfigMap", "web"), "FailedCreate", "pod 99")
    assert ("FailedCreate", "pod 99", 1) in cluster.events("web")


def test_the_scheduler_writes_series(cluster: InProcess):
    recorder = Recorder(cluster.verbs, "default-scheduler", series=True)
    for _ in range(2):
        recorder.warning(cluster.get("ConfigMap", "web"), "FailedScheduling", "0/3 nodes", action="Scheduling")
    [event] = cluster.list("Event")
    assert event["series"]["count"] == 2
    assert event["eventTime"] == "2026-01-01T12:00:00.000000Z"
    assert (event["source"], event["firstTimestamp"], event["action"]) == ({}, None, "Scheduling")


def test_of_cluster_wide_objects_they_are_in_default(cluster: InProcess):
    namespaces = cluster.verbs.kind("Namespace")
    Recorder(cluster.verbs, "node-controller").normal(cluster.verbs.get(namespaces, "", "shop"), "Seen", "seen")
    [event] = cluster.verbs.list(cluster.verbs.kind("Event"), "default")
    assert event["involvedObject"]["name"] == "shop"


def test_after_an_hour_they_are_forgotten(cluster: InProcess):
    recorder = Recorder(cluster.verbs, "kubelet")
    recorder.normal(cluster.get("ConfigMap", "web"), "Pulled", "there")
    cluster.step(3000)
    recorder.normal(cluster.get("ConfigMap", "web"), "Pulled", "there")
    cluster.step(3000)
    assert len(cluster.list("Event")) == 1
    cluster.step(600)
    assert not cluster.list("Event")
