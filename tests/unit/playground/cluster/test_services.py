"""Addresses and ports that Services are given."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.controllers.service_addresses import NODE_PORTS, ServiceAddresses
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), ServiceAddresses())


def service(name: str = "web", **spec: Any) -> Json:
    return {"kind": "Service", "metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}


def test_an_address_for_each(cluster: InProcess):
    one, two = (cluster.create(service(name))["spec"] for name in ("one", "two"))
    assert one["clusterIP"].startswith("10.96.")
    assert one["clusterIPs"] == [one["clusterIP"]]
    assert one["clusterIP"] != two["clusterIP"]


def test_it_is_kept_when_an_update_leaves_it_out(cluster: InProcess):
    given = cluster.create(service(type="NodePort"))
    again = {**given, "spec": {"type": "NodePort", "ports": [{"port": 80}]}}
    kept = cluster.verbs.update(cluster.verbs.kind("Service"), again)
    assert kept["spec"]["clusterIP"] == given["spec"]["clusterIP"]
    assert kept["spec"]["ports"] == given["spec"]["ports"]


def test_it_may_not_change(cluster: InProcess):
    cluster.create(service())
    with pytest.raises(StatusError) as refused:
        cluster.change("Service", "web", spec={"clusterIP": "10.96.3.3"})
    assert refused.value.message == (
        'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.3.3"]: may not change once set'
    )


def test_node_ports_come_and_go_with_the_type(cluster: InProcess):
    assert "nodePort" not in cluster.create(service())["spec"]["ports"][0]
    cluster.change("Service", "web", spec={"type": "NodePort"})
    port = cluster.get("Service", "web")["spec"]["ports"][0]["nodePort"]
    assert port in NODE_PORTS
    with pytest.raises(StatusError, match="provided port is already allocated"):
        cluster.create(service("other", type="NodePort", ports=[{"port": 80, "nodePort": port}]))
    changed = cluster.change("Service", "web", spec={"type": "ClusterIP"})["spec"]
    assert "nodePort" not in changed["ports"][0]
    assert "externalTrafficPolicy" not in changed


def test_outside_of_the_cluster_there_is_no_address(cluster: InProcess):
    spec = cluster.create(service(type="ExternalName", externalName="example.com", ports=[]))["spec"]
    assert "clusterIP" not in spec


def test_headless(cluster: InProcess):
    assert cluster.create(service(clusterIP="None", ports=[]))["spec"]["clusterIPs"] == ["None"]
