"""How a namespace is furnished and emptied."""

from __future__ import annotations

import pytest

from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(authority="PEM"))


def test_what_every_namespace_has_comes_back(cluster: InProcess):
    assert cluster.get("ConfigMap", "kube-root-ca.crt")["data"] == {"ca.crt": "PEM"}
    cluster.delete("ServiceAccount", "default")
    cluster.delete("ConfigMap", "kube-root-ca.crt")
    assert cluster.find("ServiceAccount", "default")
    assert cluster.find("ConfigMap", "kube-root-ca.crt")


def test_it_goes_when_it_is_empty(cluster: InProcess):
    cluster.create({"kind": "ConfigMap", "metadata": {"name": "held", "finalizers": ["example.com/held"]}})
    assert cluster.delete("Namespace", "shop") is False
    assert cluster.get("Namespace", "shop")["status"]["phase"] == "Terminating"
    assert [one["metadata"]["name"] for one in cluster.list("ConfigMap")] == ["held"]
    with pytest.raises(StatusError, match="because it is being terminated"):
        cluster.create({"kind": "ConfigMap", "metadata": {"name": "late"}})
    cluster.change("ConfigMap", "held", metadata={"finalizers": []})
    cluster.step(1)
    assert cluster.find("Namespace", "shop") is None


def test_nobody_takes_its_finalizer_by_the_way(cluster: InProcess):
    cluster.change("Namespace", "shop", spec={"finalizers": []})
    assert cluster.get("Namespace", "shop")["spec"]["finalizers"] == ["kubernetes"]


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public"])
def test_those_of_the_cluster_stay(cluster: InProcess, name: str):
    cluster.create({"kind": "Namespace", "metadata": {"name": name}})
    with pytest.raises(StatusError, match="this namespace may not be deleted"):
        cluster.delete("Namespace", name)
