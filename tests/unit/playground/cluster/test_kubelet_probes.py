"""Probes: when a container counts as ready, and when it is restarted because it is not well."""

from __future__ import annotations

import pytest

from playground.cluster.kubelet.images import Image, by_tag
from tests.unit.playground.cluster.with_nodes import WithNodes, container

HTTP = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 2}
PORTS = [{"name": "http", "containerPort": 8080}]


def images(reference: str) -> Image:
    """``late`` is up after five seconds; ``sick`` is well for five; ``dying`` ends after three."""
    known = {"late": Image(ready_after=5.0), "dying": Image(ends_after=3.0, exit_code=2)}
    return known.get(reference.rpartition(":")[2]) or by_tag(reference)


def test_it_is_ready_when_the_probe_says_so():
    cluster = WithNodes(catalogue=images)
    pod = cluster.pod(containers=[container("web", "late", ports=PORTS, readinessProbe=HTTP)])
    assert cluster.shown() == ("0/1", "Running", 0)
    cluster.step(4)
    assert cluster.shown() == ("0/1", "Running", 0)
    place = f"{pod['status']['podIP']}:8080"
    refused = f'Readiness probe failed: Get "http://{place}/ready": dial tcp {place}: connect: connection refused'
    assert cluster.events("web")[-1] == ("Unhealthy", refused, 3), "at 0, 2 and 4 s"
    cluster.step(2)
    assert cluster.shown() == ("1/1", "Running", 0)
    cluster.step(60)
    assert cluster.events("web")[-1][2] == 3


def test_a_probe_waits_for_its_initial_delay():
    cluster = WithNodes()
    cluster.pod(containers=[container("web", readinessProbe={"exec": {"command": ["up"]}, "initialDelaySeconds": 8})])
    cluster.step(7)
    assert cluster.shown() == ("0/1", "Running", 0)
    cluster.step(1)
    assert cluster.shown() == ("1/1", "Running", 0)


def test_an_image_that_never_gets_ready_is_seen_to_fail_without_a_probe():
    cluster = WithNodes()
    cluster.pod(tag="unready")
    cluster.step(20)
    assert cluster.shown() == ("0/1", "Running", 0)
    assert cluster.events("web")[-1] == (
        "Unhealthy",
        "Readiness probe failed: HTTP probe failed with statuscode: 503",
        3,
    )


def test_several_successes_may_be_asked_for():
    cluster = WithNodes()
    cluster.pod(containers=[container("web", readinessProbe={**HTTP, "httpGet": {"port": 1}, "successThreshold": 3})])
    cluster.step(3)
    assert cluster.shown()[0] == "0/1"
    cluster.step(1)
    assert cluster.shown()[0] == "1/1"


def test_a_container_that_is_not_well_is_restarted():
    cluster = WithNodes(catalogue=images)
    probe = {"tcpSocket": {"port": 8080}, "periodSeconds": 2, "failureThreshold": 2}
    pod = cluster.pod(containers=[container("web", "sick", livenessProbe=probe)])
    cluster.step(7)
    assert cluster.shown() == ("1/1", "Running", 0)
    cluster.step(2)
    assert cluster.shown() == ("1/1", "Running", 1)
    said = [event[:2] for event in cluster.events("web")]
    refused = f"Liveness probe failed: dial tcp {pod['status']['podIP']}:8080: connect: connection refused"
    assert ("Unhealthy", refused) in said
    assert ("Killing", "Container web failed liveness probe, will be restarted") in said
    cluster.step(8)
    assert cluster.states() == {"web": "CrashLoopBackOff"}


def test_other_probes_wait_for_the_startup_probe():
    cluster = WithNodes(catalogue=images)
    startup = {**HTTP, "failureThreshold": 5}
    cluster.pod(
        containers=[
            container("web", "late", ports=PORTS, startupProbe=startup, readinessProbe=HTTP, livenessProbe=HTTP)
        ]
    )
    cluster.step(5)
    [status] = cluster.get("Pod", "web")["status"]["containerStatuses"]
    assert (status["started"], status["ready"]) == (False, False)
    cluster.step(3)
    [status] = cluster.get("Pod", "web")["status"]["containerStatuses"]
    assert (status["started"], status["ready"], status["restartCount"]) == (True, True, 0)


def test_what_does_not_start_up_in_time_is_restarted():
    cluster = WithNodes(catalogue=images)
    cluster.pod(containers=[container("web", "late", ports=PORTS, startupProbe={**HTTP, "failureThreshold": 2})])
    cluster.step(3)
    assert cluster.shown()[2] == 1
    assert "Container web failed startup probe, will be restarted" in [event[1] for event in cluster.events("web")]


@pytest.mark.parametrize(("probe", "fault"), [
    ({"exec": {"command": ["up"]}}, "command failed"),
    ({"tcpSocket": {"port": "http"}}, "dial tcp 10.244.1.2:8080: connect: connection refused"),
    ({"grpc": {"port": 9}}, 'timeout: failed to connect service "10.244.1.2:9" within 1s: context deadline exceeded'),
])  # fmt: skip
def test_each_kind_of_probe_has_its_words(probe: dict[str, object], fault: str):
    cluster = WithNodes(catalogue=images)
    cluster.pod(containers=[container("web", "late", ports=PORTS, readinessProbe=probe)])
    assert cluster.events("web")[-1][:2] == ("Unhealthy", f"Readiness probe failed: {fault}")


def test_what_is_going_to_die_is_never_ready():
    cluster = WithNodes(catalogue=images)
    cluster.pod(containers=[container("web", "dying", ports=PORTS, readinessProbe=HTTP)])
    assert cluster.shown() == ("0/1", "Running", 0)
    cluster.step(2)
    assert cluster.shown() == ("0/1", "Running", 0)
    cluster.step(1)
    assert cluster.states() == {"web": "Error"}
