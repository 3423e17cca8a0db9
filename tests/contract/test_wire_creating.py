"""What kubectl creates by its own words: it sends protobuf, and both servers must have read the same object."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.conftest import Kubectl, kubectl_of
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
NAMESPACE = "creating"
CASES = [
    ("namespace", "made-by-hand"),
    ("configmap", "c", "--from-literal=a=b", "--from-literal=c="),
    ("secret", "generic", "s", "--from-literal=a=b", "--type=example.com/x"),
    ("secret", "docker-registry", "r", "--docker-server=a", "--docker-username=b", "--docker-password=c"),
    ("serviceaccount", "bot"),
    ("deployment", "web", "--image=registry.test/web:v1", "--replicas=0", "--port=80"),
    ("deployment", "two", "--image=registry.test/a:v1", "--image=registry.test/b:v1", "--replicas=0"),
    ("job", "once", "--image=registry.test/web:v1", "--", "true", "-x"),
    ("cronjob", "nightly", "--image=registry.test/web:v1", "--schedule=0 3 * * *", "--restart=Never"),
    ("service", "clusterip", "front", "--tcp=80:8080", "--tcp=443:https"),
    ("service", "clusterip", "headless", "--clusterip=None"),
    ("role", "reader", "--verb=get,list", "--resource=pods,deployments.apps", "--resource-name=a"),
    ("rolebinding", "readers", "--role=reader", "--user=bob", "--group=g", "--serviceaccount=creating:bot"),
    ("clusterrole", "creating-paths", "--verb=get", "--non-resource-url=/metrics/*"),
    ("clusterrolebinding", "creating-paths", "--clusterrole=creating-paths", "--group=g"),
    ("quota", "small", "--hard=cpu=1500m,memory=1Gi,pods=2"),
    ("poddisruptionbudget", "half", "--selector=app=web", "--min-available=50%"),
    ("poddisruptionbudget", "one", "--selector=app=web", "--max-unavailable=1"),
]
OWN = ("uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink")
"""What each server chooses for itself."""


@pytest.fixture(scope="module")
def both(
    simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Kubectl, Kubectl]:
    for cluster in (simulated_cluster, control_plane):
        cluster.namespace(NAMESPACE)
    return (
        kubectl_of(simulated_cluster, NAMESPACE, tmp_path_factory),
        kubectl_of(control_plane, NAMESPACE, tmp_path_factory),
    )


@pytest.mark.control_plane
@pytest.mark.parametrize("words", CASES, ids=" ".join)
def test_both_read_the_same_object(both: tuple[Kubectl, Kubectl], words: tuple[str, ...]):
    simulated, real = (made(kubectl, words) for kubectl in both)
    assert simulated == real


@pytest.mark.control_plane
def test_a_second_one_is_refused_alike(both: tuple[Kubectl, Kubectl]):
    told = [kubectl("create", "serviceaccount", "default") for kubectl in both]
    assert told[0] == told[1]
    assert told[0][0] == 1


def made(kubectl: Kubectl, words: tuple[str, ...]) -> Json:
    """The object as it was answered, without what the server chose."""
    code, out, err = kubectl("create", "-o", "json", *words)
    assert (code, err) == (0, "")
    obj: Json = json.loads(out)
    meta = {key: value for key, value in obj["metadata"].items() if key not in OWN}
    spec = {key: value for key, value in obj.get("spec", {}).items() if key not in {"clusterIP", "clusterIPs"}}
    kept = {key: value for key, value in obj.items() if key not in {"metadata", "spec", "status"}}
    return _without_uids({**kept, "metadata": meta, "spec": spec}, obj["metadata"]["uid"])


def _without_uids(value: Any, uid: str) -> Any:
    """A Job's labels and selector hold its uid."""
    if isinstance(value, dict):
        return {key: _without_uids(item, uid) for key, item in value.items()}
    return "UID" if value == uid else value
