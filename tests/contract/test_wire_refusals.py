"""Requests that make no sense, or are not allowed: both servers refuse them with the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.contract.raw import Client
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
MAPS = "/api/v1/namespaces/wire/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/wire/deployments"
REVIEWS = "/apis/authorization.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
MERGE = {"Content-Type": "application/merge-patch+json"}
APPLY = {"Content-Type": "application/apply-patch+yaml"}
YAML = {"Content-Type": "application/yaml"}
AS_BOB = {"Impersonate-User": "bob"}
Case = tuple[str, str, Any, Mapping[str, str]]

BY_ADMIN: list[Case] = [
    # Bodies
    ("POST", MAPS, '{"metadata":', {}),
    ("POST", MAPS, "[1]", {}),
    ("POST", MAPS, "", {}),
    ("POST", MAPS, "{}", {"Content-Type": "text/plain"}),
    ("POST", MAPS, {"metadata": {"name": "x", "namespace": "other"}}, {}),
    ("POST", MAPS, {}, {}),
    ("POST", MAPS, "k8s", {"Content-Type": "application/vnd.kubernetes.protobuf"}),
    ("PUT", f"{MAPS}/x", {"metadata": {"name": "y"}}, {}),
    ("PUT", f"{MAPS}/x", {"metadata": {}}, {}),
    ("PUT", f"{MAPS}/x", {"metadata": {"name": "x"}}, {}),
    ("PATCH", f"{MAPS}/x", {}, {}),
    ("PATCH", f"{MAPS}/x", {}, MERGE),
    # Paths
    ("GET", "/foo", None, {}),
    ("GET", "/apis/foo/v1", None, {}),
    ("GET", "/apis/foo/v1/bars", None, {}),
    ("GET", "/api/v1/foos", None, {}),
    ("GET", f"{MAPS}/a/foo", None, {}),
    ("GET", "/api/v1/namespaces/wire/nodes", None, {}),
    ("GET", "/api/v1/configmaps/a", None, {}),
    ("GET", "/api/v1/namespaces/missing", None, {}),
    ("GET", f"{DEPLOYMENTS}/missing", None, {}),
    ("GET", f"{DEPLOYMENTS}/missing/scale", None, {}),
    ("GET", f"{DEPLOYMENTS}/missing/status", None, {}),
    ("GET", "/api/v1/namespaces/wire/pods/missing/log", None, {}),
    # Methods
    ("POST", "/api/v1/configmaps", {"metadata": {"name": "x"}}, {}),
    ("PUT", MAPS, {}, {}),
    ("POST", f"{MAPS}/a", {}, {}),
    ("DELETE", "/api/v1/namespaces", None, {}),
    ("GET", f"{REVIEWS}/selfsubjectaccessreviews", None, {}),
    # Options
    ("GET", f"{MAPS}?limit=abc", None, {}),
    ("GET", f"{MAPS}?resourceVersion=abc", None, {}),
    ("GET", f"{MAPS}?resourceVersionMatch=Exact", None, {}),
    ("GET", f"{MAPS}?resourceVersionMatch=Exact&resourceVersion=0", None, {}),
    ("GET", f"{MAPS}?resourceVersionMatch=Foo&resourceVersion=1", None, {}),
    ("GET", f"{MAPS}?sendInitialEvents=true", None, {}),
    ("GET", f"{MAPS}?watch=true&sendInitialEvents=true", None, {}),
    ("GET", f"{MAPS}?watch=true&resourceVersion=abc", None, {}),
    ("GET", f"{MAPS}?labelSelector=a%3Db%3Dc", None, {}),
    ("GET", f"{MAPS}?labelSelector=a+in", None, {}),
    ("GET", f"{MAPS}?labelSelector=a+in+(b", None, {}),
    ("GET", f"{MAPS}?labelSelector=%3Da", None, {}),
    ("GET", f"{MAPS}?labelSelector=a,,b", None, {}),
    ("GET", f"{MAPS}?labelSelector=a%3Db,", None, {}),
    ("GET", f"{MAPS}?labelSelector=!", None, {}),
    ("GET", f"{MAPS}?labelSelector=a+foo+b", None, {}),
    ("GET", f"{MAPS}?labelSelector=a+>+x", None, {}),
    ("GET", f"{MAPS}?fieldSelector=foo%3Dbar", None, {}),
    ("GET", f"{MAPS}?fieldSelector=foo", None, {}),
    ("GET", "/api/v1/namespaces/wire/pods?fieldSelector=foo%3Dbar", None, {}),
    ("GET", f"{DEPLOYMENTS}?fieldSelector=spec.replicas%3D1", None, {}),
    ("GET", f"{MAPS}?continue=abc", None, {}),
    ("GET", MAPS, None, {"Accept": "text/html"}),
    ("GET", MAPS, None, {"Accept": "application/json;as=Foo;g=meta.k8s.io;v=v1"}),
    ("PATCH", f"{MAPS}/a?force=true", {}, MERGE),
    ("PATCH", f"{MAPS}/a?dryRun=foo", {}, MERGE),
    ("PATCH", f"{MAPS}/a?fieldValidation=foo", {}, MERGE),
    ("PATCH", f"{MAPS}/a", "{}", APPLY),
    ("DELETE", f"{MAPS}/a?propagationPolicy=foo", None, {}),
    ("DELETE", f"{MAPS}/a?gracePeriodSeconds=foo", None, {}),
    ("DELETE", f"{MAPS}/a?dryRun=foo", None, {}),
    # RBAC objects
    ("POST", f"{RBAC}/namespaces/wire/roles", {"metadata": {"name": "x"}, "rules": [{"resources": ["pods"]}]}, {}),
    ("POST", f"{RBAC}/namespaces/wire/roles", {"metadata": {"name": "x"}, "rules": [{"verbs": ["get"], "apiGroups": [""]}]}, {}),
    ("POST", f"{RBAC}/namespaces/wire/roles", {"metadata": {"name": "x"}, "rules": [{"verbs": ["get"], "nonResourceURLs": ["/x"]}]}, {}),
    ("POST", f"{RBAC}/namespaces/wire/rolebindings", {"metadata": {"name": "x"}}, {}),
    ("POST", f"{RBAC}/clusterrolebindings", {
        "metadata": {"name": "x"}, "roleRef": {"kind": "Role", "name": "y"},
        "subjects": [{"kind": "User"}, {"kind": "ServiceAccount", "name": "x"}, {"kind": "Foo", "name": "y"}],
    }, {}),
    ("PATCH", f"{RBAC}/namespaces/wire/rolebindings/reader", {"roleRef": {"name": "other"}}, MERGE),
    # Reviews
    ("POST", f"{REVIEWS}/selfsubjectaccessreviews", {"spec": {}}, {}),
    ("POST", f"{REVIEWS}/subjectaccessreviews", {"spec": {"resourceAttributes": {"verb": "get"}}}, {}),
    ("POST", f"{REVIEWS}/selfsubjectrulesreviews", {"spec": {}}, {}),
    # Acting as others
    ("GET", MAPS, None, {"Impersonate-Group": "g"}),
    ("GET", MAPS, None, AS_BOB),
    ("DELETE", f"{MAPS}/a", None, AS_BOB),
]  # fmt: skip

BY_THE_POWERLESS: list[Case] = [
    ("GET", "/api/v1/namespaces", None, {}),
    ("GET", "/api/v1/namespaces/wire", None, {}),
    ("GET", f"{MAPS}/a", None, {}),
    ("GET", f"{MAPS}?watch=true&fieldSelector=metadata.name%3Da", None, {}),
    ("POST", MAPS, {"metadata": {"name": "x"}}, {}),
    ("DELETE", MAPS, None, {}),
    ("PATCH", f"{DEPLOYMENTS}/web", {}, MERGE),
    ("PATCH", f"{DEPLOYMENTS}/web/scale", {}, MERGE),
    ("GET", "/api/v1/namespaces/wire/pods/web/log", None, {}),
    ("POST", "/api/v1/namespaces/wire/pods/web/eviction", {}, {}),
    ("GET", "/apis/apps/v1/deployments", None, {}),
    ("GET", "/foo", None, {}),
    ("GET", "/apis/foo/v1/namespaces/x/bars/y", None, {}),
    ("GET", MAPS, None, AS_BOB),
    ("GET", "/foo", None, AS_BOB),
    ("GET", MAPS, None, {"Impersonate-User": "system:serviceaccount:wire:default"}),
    ("GET", MAPS, None, {"Impersonate-User": "system:node:n"}),
]


@pytest.fixture(scope="module")
def clients(
    simulated_cluster: SimulatedCluster, control_plane: ControlPlane
) -> Iterator[dict[str, tuple[Client, Client]]]:
    """By user, one client of each server; both hold the same objects in the namespace ``wire``."""
    clusters = (simulated_cluster, control_plane)
    for cluster in clusters:
        cluster.namespace("wire")
        cluster.api.request("POST", MAPS, {"metadata": {"name": "a"}})
        ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"}
        binding = {"metadata": {"name": "reader"}, "roleRef": ref}
        cluster.api.request("POST", f"{RBAC}/namespaces/wire/rolebindings", binding)
    made = {user: (Client(clusters[0], user), Client(clusters[1], user)) for user in ("admin", "powerless", "")}
    yield made
    for pair in made.values():
        for client in pair:
            client.close()


@pytest.mark.parametrize("case", BY_ADMIN, ids=lambda case: f"{case[0]} {case[1]}")
def test_nonsense_is_refused_alike(clients: dict[str, tuple[Client, Client]], case: Case):
    simulated, real = (client.ask(*case) for client in clients["admin"])
    assert simulated == real
    assert real.code >= 400


@pytest.mark.parametrize("case", BY_THE_POWERLESS, ids=lambda case: f"{case[0]} {case[1]}")
def test_the_powerless_are_refused_alike(clients: dict[str, tuple[Client, Client]], case: Case):
    simulated, real = (client.ask(*case) for client in clients["powerless"])
    assert simulated == real
    assert real.code == 403


def test_another_uid_is_refused_alike(clients: dict[str, tuple[Client, Client]]):
    for preconditions in ({"uid": "no"}, {"resourceVersion": "1"}):
        texts = set()
        for client in clients["admin"]:
            meta = client.ask("GET", f"{MAPS}/a").body["metadata"]
            refused = client.ask("DELETE", f"{MAPS}/a", {"preconditions": preconditions})
            assert refused.body["details"] == {"name": "a", "kind": "ConfigMap"}
            texts.add(refused.body["message"].replace(meta["uid"], "UID").replace(meta["resourceVersion"], "REVISION"))
        assert len(texts) == 1


def test_strangers_are_refused_alike(clients: dict[str, tuple[Client, Client]]):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
        simulated, real = (client.ask("GET", MAPS, None, headers) for client in clients[""])
        assert simulated == real
