"""Reading over the wire: the same answers from both servers."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.harness.api import ApiError


def config_map(name: str, **labels: str) -> dict[str, object]:
    return {"metadata": {"name": name, "labels": labels}, "data": {"key": "value"}}


def test_what_was_created_is_read_back(cluster: Cluster, namespace: str):
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    made = cluster.api.request("POST", path, config_map("a"))
    assert (made["kind"], made["apiVersion"], made["metadata"]["namespace"]) == ("ConfigMap", "v1", namespace)
    assert cluster.get(f"{path}/a") == made


def test_what_is_not_there_is_said_so(cluster: Cluster, namespace: str):
    with pytest.raises(ApiError) as refused:
        cluster.get(f"/api/v1/namespaces/{namespace}/configmaps/missing")
    assert refused.value.status == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "NotFound", "code": 404,
        "message": 'configmaps "missing" not found', "details": {"name": "missing", "kind": "configmaps"},
    }  # fmt: skip


def test_kubectl_lists_names_and_ages(cluster: Cluster, namespace: str, kubectl: Kubectl):
    cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/configmaps", config_map("a"))
    code, out, err = kubectl("get", "configmap", "a")
    assert (code, err) == (0, "")
    header, row = out.splitlines()
    assert header.split() == ["NAME", "DATA", "AGE"]
    assert row.split()[:2] == ["a", "1"]


def test_kubectl_shows_a_scale(cluster: Cluster, namespace: str, kubectl: Kubectl):
    kubectl("create", "deployment", "web", "--image=registry.test/web:v1", "--replicas=0")
    code, out, err = kubectl("get", "deployment", "web", "--subresource=scale")
    assert (code, err) == (0, "")
    header, row = out.splitlines()
    assert header.split() == ["NAME", "DESIRED", "AVAILABLE", "AGE"]
    assert row.split()[:3] == ["web", "0", "0"]
