"""Namespaces, config maps and secrets: what each is born with, what is refused, and how a namespace goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.harness.api import ApiError

Json = dict[str, Any]


def _refused(cluster: Cluster, path: str, obj: Json) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        cluster.api.request("POST", path, obj)
    return refusal.value


def test_a_namespace_is_born_with_an_account_and_the_certificate(cluster: Cluster, namespace: str) -> None:
    born = cluster.get(f"/api/v1/namespaces/{namespace}")
    assert born["metadata"]["labels"] == {"kubernetes.io/metadata.name": namespace}
    assert born["spec"] == {"finalizers": ["kubernetes"]}
    assert born["status"] == {"phase": "Active"}
    authority = cluster.wait(f"/api/v1/namespaces/{namespace}/configmaps/kube-root-ca.crt", lambda _: True)
    assert authority["data"]["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")
    assert "kubernetes.io/description" in authority["metadata"]["annotations"]


def test_a_deleted_namespace_takes_all_with_it(cluster: Cluster, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    cluster.api.request("POST", f"{path}/configmaps", {"metadata": {"name": "web"}})
    cluster.delete(path)
    cluster.wait_gone(path, 20)
    assert cluster.get(f"{path}/configmaps")["items"] == []


def test_nothing_enters_a_namespace_that_is_going(cluster: Cluster, namespace: str, kubectl: Kubectl) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    held = {"metadata": {"name": "held", "finalizers": ["example.com/held"]}}
    cluster.api.request("POST", f"{path}/configmaps", held)
    assert kubectl("delete", "namespace", namespace, "--wait=false")[:2] == (0, f'namespace "{namespace}" deleted\n')
    going = cluster.get(path)
    assert going["status"]["phase"] == "Terminating"
    assert going["spec"] == {"finalizers": ["kubernetes"]}
    error = _refused(cluster, f"{path}/configmaps", {"metadata": {"name": "late"}})
    assert error.code == 403
    assert error.status["message"] == (
        f'configmaps "late" is forbidden: unable to create new content in namespace {namespace} '
        "because it is being terminated"
    )
    assert error.status["details"]["causes"][0]["reason"] == "NamespaceTerminating"
    cluster.patch(f"{path}/configmaps/held", {"metadata": {"finalizers": None}})


def test_the_cluster_s_own_namespaces_stay(cluster: Cluster, kubectl: Kubectl) -> None:
    code, out, err = kubectl("delete", "namespace", "kube-system")
    assert (code, out) == (1, "")
    assert err.endswith('(Forbidden): namespaces "kube-system" is forbidden: this namespace may not be deleted\n')


def test_nothing_is_created_in_a_namespace_that_is_not_there(cluster: Cluster) -> None:
    error = _refused(cluster, "/api/v1/namespaces/nowhere/configmaps", {"metadata": {"name": "x"}})
    assert (error.code, error.status["message"]) == (404, 'namespaces "nowhere" not found')
    assert error.status["details"] == {"name": "nowhere", "kind": "namespaces"}


def test_what_is_immutable_stays(cluster: Cluster, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    cluster.api.request(
        "POST", f"{path}/configmaps", {"metadata": {"name": "fixed"}, "immutable": True, "data": {"a": "1"}}
    )
    for change, field in (({"data": {"a": "2"}}, "data"), ({"immutable": False}, "immutable")):
        with pytest.raises(ApiError) as refusal:
            cluster.patch(f"{path}/configmaps/fixed", change)
        assert refusal.value.status["message"] == (
            f'ConfigMap "fixed" is invalid: {field}: Forbidden: field is immutable when `immutable` is set'
        )
    cluster.patch(f"{path}/configmaps/fixed", {"metadata": {"labels": {"a": "b"}}})
    cluster.api.request("POST", f"{path}/secrets", {"metadata": {"name": "token"}, "stringData": {"a": "b"}})
    with pytest.raises(ApiError) as refusal:
        cluster.patch(f"{path}/secrets/token", {"type": "other"})
    assert (
        refusal.value.status["message"] == 'Secret "token" is invalid: type: Invalid value: "other": field is immutable'
    )


def test_written_out_a_secret_s_texts_are_encoded(cluster: Cluster, namespace: str) -> None:
    secret = {"metadata": {"name": "token"}, "stringData": {"a": "b"}, "data": {"a": "eA==", "c": "ZA=="}}
    made = cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/secrets", secret)
    assert made["data"] == {"a": "Yg==", "c": "ZA=="}
    assert made["type"] == "Opaque"
    assert "stringData" not in made


def test_tables(cluster: Cluster, namespace: str, kubectl: Kubectl) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    cluster.wait(f"{path}/configmaps/kube-root-ca.crt", lambda _: True)
    cluster.api.request("POST", f"{path}/configmaps", {"metadata": {"name": "web"}, "data": {"a": "1", "b": "2"}})
    cluster.api.request("POST", f"{path}/secrets", {"metadata": {"name": "token"}, "stringData": {"a": "b"}})
    assert _columns(kubectl("get", "configmaps")[1], 2) == [["NAME", "DATA"], ["kube-root-ca.crt", "1"], ["web", "2"]]
    assert _columns(kubectl("get", "secrets")[1], 3) == [["NAME", "TYPE", "DATA"], ["token", "Opaque", "1"]]
    assert _columns(kubectl("get", "ns", namespace)[1], 2) == [["NAME", "STATUS"], [namespace, "Active"]]


def _columns(table: str, count: int) -> list[list[str]]:
    return [line.split()[:count] for line in table.splitlines()]
