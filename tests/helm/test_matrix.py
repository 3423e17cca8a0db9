"""Every form of the chart, read strictly by a real API server; pods by the *restricted* standard."""

from __future__ import annotations

import pytest

from tests.harness.api import APPLY_PATCH
from tests.harness.controlplane import ControlPlane
from tests.helm.helm import CUSTOM, TRIAL, Json, merged, rendered

pytestmark = pytest.mark.control_plane

PEER: Json = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}}
KUBECONFIG: Json = {"kubeconfig": "/etc/quarterdeck/kubeconfig", "context": "elsewhere"}

MATRIX: dict[str, Json] = {
    "as little as is needed": {},
    "over http": {"slack": {"http": True}, "networkPolicy": {"http": [PEER]}},
    "behind a proxy": {"slack": {"proxy": "http://proxy.test:3128"}, "networkPolicy": {"proxy": [PEER]}},
    "a private redis": {
        "redis": {"caSecret": "ca", "clientSecret": "redis-client"},
        "networkPolicy": {"redis": [PEER], "redisPorts": [6380], "apiServer": [PEER], "apiServerPorts": [6443]},
    },
    "sentinels": {
        "redis": {"caSecret": "ca", "sentinelSecret": "sentinels"},
        "networkPolicy": {"redis": [PEER], "redisPorts": [6379, 26379]},
    },
    "a trial": TRIAL,
    "a trial with a class": merged(TRIAL, {"redis": {"trial": {"storageClass": "fast", "storage": "500Mi"}}}),
    "another cluster": {"kubeconfigSecret": "kubeconfig", "config": {"clusters": {"main": KUBECONFIG}}},
    "two clusters": {
        "kubeconfigSecret": "kubeconfig",
        "config": {
            "clusters": {"moon": KUBECONFIG},
            "environments": {"moon": {"cluster": "moon", "namespace": "far-away"}},
        },
    },
    "in the whole cluster": {"rbac": {"clusterWide": True}},
    "as people": {"rbac": {"impersonate": {"users": ["slack:U0SAM"], "groups": ["quarterdeck:sre"]}}},
    "without roles": {"rbac": {"create": False}},
    "nothing permitted": {"config": {"permissions": []}},
    "autoscaled": {"worker": {"autoscaling": {"enabled": True, "min": 1, "max": 3, "cpu": 50}}},
    "monitored": {
        "monitoring": {
            "serviceMonitor": True,
            "alerts": True,
            "runbook": "https://docs.test",
            "labels": {"team": "sre"},
        },
        "networkPolicy": {"metrics": [PEER]},
    },
    "an open network": {"networkPolicy": {"enabled": False}},
    "placed": {
        "image": {"pullSecrets": ["registry"]},
        "bot": {"extraEnv": [{"name": "TZ", "value": "UTC"}], "replicas": 3},
        "worker": {"extraEnv": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
        "scheduling": {
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": [{"key": "ops", "operator": "Exists", "effect": "NoSchedule"}],
            "priorityClassName": "system-cluster-critical",
            "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
        },
    },
}


@pytest.fixture(scope="module")
def release(control_plane: ControlPlane) -> str:
    """A namespace that admits nothing but restricted pods, with the accounts that pods are made for."""
    namespace = control_plane.namespace()
    enforce = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    control_plane.patch(f"/api/v1/namespaces/{namespace}", {"metadata": {"labels": enforce}})
    for account in (o for o in rendered(namespace=namespace) if o["kind"] == "ServiceAccount"):
        control_plane.apply({**account, "metadata": {**account["metadata"], "namespace": namespace}})
    return namespace


@pytest.fixture(scope="module", autouse=True)
def _places(control_plane: ControlPlane) -> None:
    for name in ("staging", "prod"):
        control_plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


@pytest.mark.parametrize("form", MATRIX)
def test_the_api_server_takes_it_all(control_plane: ControlPlane, release: str, form: str):
    objects = rendered(MATRIX[form], namespace=release)
    for obj in objects:
        if obj["kind"] in CUSTOM:
            continue
        tried(control_plane, obj, release)
        if "template" in obj.get("spec", {}):
            tried(control_plane, pod_of(obj), release)
    assert {o["kind"] for o in objects if o["kind"] in CUSTOM} == (set(CUSTOM) if form == "monitored" else set())


def tried(control_plane: ControlPlane, obj: Json, namespace: str) -> None:
    """A dry run. Raises ``ApiError`` for whatever the server does not know or admit."""
    if not obj["kind"].startswith("Cluster"):
        obj = {**obj, "metadata": {"namespace": namespace, **obj["metadata"]}}
    query = {"fieldManager": "tried", "dryRun": "All", "fieldValidation": "Strict"}
    control_plane.api.request("PATCH", control_plane.path_of(obj), obj, content_type=APPLY_PATCH, query=query)


def pod_of(workload: Json) -> Json:
    """The pod that its controller would make, for admission to judge."""
    template = workload["spec"]["template"]
    name = workload["metadata"]["name"]
    spec = template["spec"] | {"volumes": [*template["spec"].get("volumes", ()), *_claims(workload)]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template["metadata"], "name": f"{name}-tried"},
        "spec": spec,
    }


def _claims(workload: Json) -> list[Json]:
    made = workload["spec"].get("volumeClaimTemplates", ())
    return [
        {"name": c["metadata"]["name"], "persistentVolumeClaim": {"claimName": c["metadata"]["name"]}} for c in made
    ]
