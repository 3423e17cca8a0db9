"""What the controllers make of workloads: ReplicaSets, pods, revisions and claims, object by object as the real ones do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import daemon_set, deployment, stateful_set

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
HASH = re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{5,10}\b")
CLAIM = {
    "metadata": {"name": "data", "labels": {"tier": "db"}},
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": "none",
    },
}
BY_CHANCE = (
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "managedFields",
    "nodeName",
    "lastTransitionTime",
    "lastUpdateTime",
)
HASHES = ("pod-template-hash", "controller-revision-hash", "controller.kubernetes.io/hash")
PLURALS = {
    "apps/v1": ("deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions"),
    "v1": ("pods", "persistentvolumeclaims"),
}


def objects(cluster: Cluster, namespace: str) -> Iterator[Json]:
    for version, plurals in PLURALS.items():
        for plural in plurals:
            root = f"/api/{version}" if version == "v1" else f"/apis/{version}"
            for item in cluster.get(f"{root}/namespaces/{namespace}/{plural}")["items"]:
                yield {"plural": plural, **item}


def plain(value: Any, key: str = "") -> Any:
    """Without names, times and numbers that differ by chance."""
    if isinstance(value, dict):
        return {
            name: "<hash>" if name in HASHES else plain(item, name)
            for name, item in value.items()
            if name not in BY_CHANCE
        }
    if isinstance(value, list):
        return [plain(item, key) for item in value]
    if key in {"values", "name"} and isinstance(value, str) and value.startswith("node-"):
        return "<node>"
    return HASH.sub("-<hash>", value) if isinstance(value, str) else value


def shown(cluster: Cluster, namespace: str) -> list[str]:
    """All objects line by line; of pods and claims not what kubelets and binders say of them."""
    found = []
    for item in objects(cluster, namespace):
        document = plain(item)
        if item["plural"] in PLURALS["v1"]:
            del document["status"]
        if "conditions" in document.get("status", {}):
            document["status"]["conditions"].sort(key=lambda condition: condition["type"])
        found.append(json.dumps(document, indent=1, sort_keys=True))
    return "\n".join(sorted(found)).splitlines()


def ready(kind: str, count: str, number: int) -> Callable[[Cluster, str], None]:
    def wait(cluster: Cluster, namespace: str) -> None:
        def holds(obj: Json) -> bool:
            status = obj["status"]
            observed = status.get("observedGeneration") == obj["metadata"]["generation"]
            return observed and status.get(count) == number and not status.get("terminatingReplicas")

        cluster.wait(f"/apis/apps/v1/namespaces/{namespace}/{kind}/web", holds, timeout=30)

    return wait


def with_extras(workload: Json) -> Json:
    """A template that has more than the least."""
    pod = workload["spec"]["template"]
    pod["metadata"]["annotations"] = {"prometheus.io/scrape": "true"}
    pod["spec"]["nodeSelector"] = {"kubernetes.io/os": "linux"}
    pod["spec"]["tolerations"] = [{"key": "gpu", "operator": "Exists"}]
    pod["spec"]["containers"][0] |= {
        "ports": [{"containerPort": 8080}],
        "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        "env": [{"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
    }
    return workload


CASES = {
    "deployment": (
        with_extras(deployment("web", "-", replicas=2, annotations={"team": "shop"}, minReadySeconds=1)),
        ready("deployments", "availableReplicas", 2),
    ),
    "statefulset": (
        with_extras(stateful_set("web", "-", replicas=1, annotations={"team": "shop"}, volumeClaimTemplates=[CLAIM])),
        ready("statefulsets", "replicas", 1),
    ),
    "daemonset": (
        with_extras(daemon_set("web", "-", annotations={"team": "shop"})),
        ready("daemonsets", "numberAvailable", 3),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_same(name: str, simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> None:
    workload, wait = CASES[name]
    namespace, shows = f"live-{name}", []
    for cluster in (simulated_cluster, control_plane):
        cluster.namespace(namespace)
        cluster.apply({**workload, "metadata": {**workload["metadata"], "namespace": namespace}})
        wait(cluster, namespace)
        shows.append(shown(cluster, namespace))
    assert shows[0] == shows[1]
