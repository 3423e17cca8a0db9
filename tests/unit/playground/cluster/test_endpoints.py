"""Which addresses are behind a Service."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.endpoints import EndpointsController
from playground.cluster.controllers.garbage_collector import GarbageCollector
from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.controllers.service_addresses import ServiceAddresses
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    made = InProcess(Namespaces(), GarbageCollector(), ServiceAddresses(), EndpointsController())
    made.create(service("web", {"port": 80, "targetPort": "http"}))
    return made


def service(name: str, *ports: Json, **spec: Any) -> Json:
    return {
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": "web"}, "ports": list(ports), **spec},
    }


def pod(cluster: InProcess, name: str, address: str, *, ready: bool = True, **meta: Any) -> None:
    ports = [{"name": "http", "containerPort": 8080}]
    container = {"name": "web", "image": "web:1", "ports": ports}
    cluster.create(
        {
            "kind": "Pod",
            "metadata": {"name": name, "labels": {"app": "web"}, **meta},
            "spec": {"containers": [container]},
        }
    )
    condition = {"type": "Ready", "status": str(ready)}
    cluster.set_status("Pod", name, phase="Running", podIP=address, conditions=[condition])


def endpoints(cluster: InProcess) -> dict[str, tuple[bool, bool, bool]]:
    """Ready, serving, terminating, by address."""
    [found] = [one for one in cluster.list("EndpointSlice") if one["metadata"]["generateName"] == "web-"]
    return {one["addresses"][0]: tuple(one["conditions"].values()) for one in found["endpoints"] or []}


def test_ready_pods_and_others(cluster: InProcess):
    assert endpoints(cluster) == {}
    pod(cluster, "a", "10.0.0.1")
    pod(cluster, "b", "10.0.0.2", ready=False)
    assert endpoints(cluster) == {"10.0.0.1": (True, True, False), "10.0.0.2": (False, False, False)}
    [found] = cluster.list("EndpointSlice")
    assert found["ports"] == [{"name": "", "port": 8080, "protocol": "TCP"}]
    assert found["endpoints"][0]["targetRef"]["name"] == "a"
    [older] = cluster.list("Endpoints")
    [subset] = older["subsets"]
    assert [one["ip"] for one in subset["addresses"]] == ["10.0.0.1"]
    assert [one["ip"] for one in subset["notReadyAddresses"]] == ["10.0.0.2"]
    assert subset["ports"] == [{"port": 8080, "protocol": "TCP"}]


def test_a_pod_that_is_going_serves_but_is_not_ready(cluster: InProcess):
    pod(cluster, "a", "10.0.0.1", finalizers=["example.com/held"])
    cluster.delete("Pod", "a")
    assert endpoints(cluster) == {"10.0.0.1": (False, True, True)}
    assert "subsets" not in cluster.get("Endpoints", "web")
    cluster.change("Pod", "a", metadata={"finalizers": []})
    assert endpoints(cluster) == {}


def test_pods_that_have_ended_are_left_out(cluster: InProcess):
    pod(cluster, "a", "10.0.0.1")
    cluster.set_status("Pod", "a", phase="Failed")
    assert endpoints(cluster) == {}


def test_without_a_selector_nothing_is_kept(cluster: InProcess):
    cluster.create(service("outside", {"port": 80}, selector={}))
    assert cluster.find("Endpoints", "outside") is None


def test_they_go_with_their_service(cluster: InProcess):
    pod(cluster, "a", "10.0.0.1")
    cluster.delete("Service", "web")
    assert not cluster.list("EndpointSlice")
    assert not cluster.list("Endpoints")


def test_a_slice_that_was_deleted_comes_back(cluster: InProcess):
    pod(cluster, "a", "10.0.0.1")
    [found] = cluster.list("EndpointSlice")
    cluster.delete("EndpointSlice", found["metadata"]["name"])
    assert endpoints(cluster) == {"10.0.0.1": (True, True, False)}


def test_a_headless_service_needs_no_ports(cluster: InProcess):
    cluster.delete("Service", "web")
    cluster.create(service("web", clusterIP="None"))
    pod(cluster, "a", "10.0.0.1")
    [found] = cluster.list("EndpointSlice")
    assert found["metadata"]["labels"]["service.kubernetes.io/headless"] == ""
    assert found["ports"] == []
    assert "ports" not in cluster.get("Endpoints", "web")["subsets"][0]
