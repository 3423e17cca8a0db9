"""What the servers say they have: the simulator has fewer kinds, but those are described alike."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from playground.cluster import kind
from tests.contract.conftest import Cluster, Kubectl
from tests.contract.raw import Client
from tests.harness.controlplane import ControlPlane
from tests.harness.fixtures import need
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
ACCEPT = {
    "Accept": f"{AGGREGATED},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
}
GROUPS = sorted({found.api_version for found in kind.discover().values()})
NOT_PLAYED = {"attach", "binding", "ephemeralcontainers", "exec", "portforward", "proxy", "resize"}


def by_name(resources: list[Json]) -> dict[str, Json]:
    return {
        resource["name"]: {k: v for k, v in resource.items() if k != "storageVersionHash"} for resource in resources
    }


@pytest.mark.control_plane
@pytest.mark.parametrize("version", GROUPS)
def test_each_kind_is_described_as_it_is(
    simulated_cluster: SimulatedCluster, control_plane: ControlPlane, version: str
):
    path = f"/apis/{version}" if "/" in version else f"/api/{version}"
    simulated, real = (by_name(cluster.get(path)["resources"]) for cluster in (simulated_cluster, control_plane))
    assert simulated == {name: real[name] for name in simulated}
    expected = {name for name in real if name.split("/")[0] in simulated and name.split("/")[-1] not in NOT_PLAYED}
    assert set(simulated) == expected


@pytest.mark.control_plane
def test_the_aggregated_document_says_the_same(simulated_cluster: SimulatedCluster, control_plane: ControlPlane):
    for path in ("/api", "/apis"):
        simulated, real = (aggregated(cluster, path) for cluster in (simulated_cluster, control_plane))
        assert simulated
        for key, resource in simulated.items():
            played = [sub for sub in real[key].get("subresources", []) if sub["subresource"] not in NOT_PLAYED]
            real[key] |= {"subresources": played} if played else {}
            assert resource == {k: v for k, v in real[key].items() if k != "subresources" or v}


def aggregated(cluster: Cluster, path: str) -> dict[tuple[str, str, str], Json]:
    """By group, version and resource."""
    client = Client(cluster)
    answer = client.ask("GET", path, None, ACCEPT)
    client.close()
    assert answer.content_type == AGGREGATED
    return {
        (group["metadata"].get("name", ""), version["version"], resource["resource"]): resource
        for group in answer.body["items"]
        for version in group["versions"]
        for resource in version["resources"]
    }


def test_kubectl_finds_kinds_by_short_names_and_groups(cluster: Cluster, namespace: str, kubectl: Kubectl):
    for name in (
        "deploy",
        "deployments.apps",
        "deployments.v1.apps",
        "sts",
        "ds",
        "rs",
        "cm",
        "sa",
        "pdb",
        "hpa",
        "cj",
    ):
        code, out, err = kubectl("get", name)
        assert (code, out, err) == (0, "", f"No resources found in {namespace} namespace.\n") or name in {"cm", "sa"}


def test_kubectl_knows_the_version(cluster: Cluster, kubectl: Kubectl):
    code, out, _ = kubectl("version")
    assert code == 0
    assert "Server Version: v1.37" in out


def test_health(cluster: Cluster):
    for path in ("/healthz", "/readyz", "/livez"):
        assert cluster.api.raw("GET", path) == b"ok"


def test_a_kind_that_is_not_there(cluster: Cluster, kubectl: Kubectl):
    assert kubectl("get", "gizmos") == (1, "", 'error: the server doesn\'t have a resource type "gizmos"\n')


@pytest.mark.parametrize("more", [(), ("--output", "plaintext-openapiv2")])
def test_what_explain_would_show_is_refused_in_words(
    simulated_cluster: SimulatedCluster, tmp_path: Path, more: tuple[str, ...]
):
    """As long as kubectl says which of its commands asks, which is its habit."""
    command = [need("kubectl"), "--kubeconfig", str(simulated_cluster.kubeconfig), "explain", "deployments.spec", *more]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the simulated cluster does not play the descriptions of fields" in done.stderr
