"""What a namespace may use: counted, and refused beyond."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.controllers.pod_admission import PodAdmission
from playground.cluster.controllers.quota import QuotaController
from playground.cluster.controllers.service_addresses import ServiceAddresses
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), PodAdmission(), QuotaController(), ServiceAddresses())


def quota(name: str = "few", **hard: str) -> Json:
    return {"kind": "ResourceQuota", "metadata": {"name": name}, "spec": {"hard": _dotted(hard)}}


def pod(name: str, requests: Json | None = None, limits: Json | None = None) -> Json:
    resources = {key: value for key, value in (("requests", requests), ("limits", limits)) if value}
    return {
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [{"name": "web", "image": "web:1", "resources": resources}]},
    }


def used(cluster: InProcess, name: str = "few") -> Json:
    counted: Json = cluster.get("ResourceQuota", name)["status"]["used"]
    return counted


def refusal(cluster: InProcess, obj: Json) -> str:
    with pytest.raises(StatusError) as refused:
        cluster.create(obj)
    assert refused.value.code == 403
    return refused.value.message


def _dotted(hard: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", "/").replace("_", "."): amount for name, amount in hard.items()}


def test_pods_are_counted_and_refused(cluster: InProcess):
    cluster.create(quota(pods="2"))
    cluster.create(pod("a"))
    cluster.create(pod("b"))
    assert used(cluster) == {"pods": "2"}
    assert refusal(cluster, pod("c")) == (
        'pods "c" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2'
    )
    cluster.set_status("Pod", "a", phase="Succeeded")
    assert used(cluster) == {"pods": "1"}
    cluster.create(pod("c"))


def test_what_pods_ask_for_adds_up(cluster: InProcess):
    cluster.create(quota(requests_cpu="1", limits_cpu="2", requests_memory="1Gi"))
    assert refusal(cluster, pod("a")) == (
        'pods "a" is forbidden: failed quota: few: must specify limits.cpu for: web; requests.cpu for: web; '
        "requests.memory for: web"
    )
    cluster.create(pod("a", {"cpu": "500m", "memory": "128Mi"}, {"cpu": "1"}))
    assert used(cluster) == {"requests.cpu": "500m", "limits.cpu": "1", "requests.memory": "128Mi"}
    assert refusal(cluster, pod("b", {"cpu": "100m", "memory": "2Gi"}, {"cpu": "3"})) == (
        'pods "b" is forbidden: exceeded quota: few, requested: limits.cpu=3,requests.memory=2Gi, '
        "used: limits.cpu=1,requests.memory=128Mi, limited: limits.cpu=2,requests.memory=1Gi"
    )


def test_objects_are_counted_by_kind(cluster: InProcess):
    cluster.create(quota(configmaps="2", count__deployments_apps="0", services_nodeports="1"))
    cluster.create({"kind": "ConfigMap", "metadata": {"name": "one"}})
    assert used(cluster)["configmaps"] == "2"  # with the cluster's certificate
    template = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
    deployment = {"kind": "Deployment", "metadata": {"name": "web"},
                  "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": template}}  # fmt: skip
    assert "requested: count/deployments.apps=1, used: count/deployments.apps=0" in refusal(cluster, deployment)
    two = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"type": "NodePort", "ports": [
        {"name": "a", "port": 80}, {"name": "b", "port": 81}]}}  # fmt: skip
    assert "exceeded quota: few, requested: services.nodeports=2, used: services.nodeports=0" in refusal(cluster, two)


def test_every_quota_must_agree(cluster: InProcess):
    cluster.create(quota("many", pods="9"))
    cluster.create(quota("none", pods="0"))
    assert "exceeded quota: none," in refusal(cluster, pod("a"))


def test_what_is_over_already_may_be_changed(cluster: InProcess):
    cluster.create({"kind": "ConfigMap", "metadata": {"name": "one"}})
    cluster.create(quota(configmaps="0"))
    cluster.change("ConfigMap", "one", data={"a": "b"})
