"""Workloads as they are stored or refused: each manifest is given to both servers, and the answers compared whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.harness.api import ApiError
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
POD = "spec.template.spec"
APP = f"{POD}.containers.0"
CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
FROM_CONFIG = {"configMapKeyRef": {"name": "c", "key": "k", "optional": False}}
EVERYTHING: Json = {
    "hostNetwork": True,
    "hostPID": False,
    "serviceAccountName": "robot",
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "imagePullSecrets": [{"name": "pull"}],
    "nodeSelector": {},
    "securityContext": {"runAsUser": 0, "runAsNonRoot": False, "fsGroup": 5},
    "terminationGracePeriodSeconds": 0,
    "dnsPolicy": "",
    "initContainers": [
        {"name": "first", "image": "busybox", "command": ["a"], "args": []},
        {"name": "beside", "image": "proxy:1", "restartPolicy": "Always", "startupProbe": {"exec": {"command": ["a"]}}},
    ],
    "containers": [
        {
            "name": "a",
            "image": "localhost:5000/web",
            "stdin": False,
            "tty": True,
            "workingDir": "",
            "ports": [{"containerPort": 80, "hostPort": 0}, {"containerPort": 53, "protocol": "UDP", "name": "dns"}],
            "env": [
                {"name": "EMPTY", "value": ""},
                {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
                {"name": "SET", "valueFrom": FROM_CONFIG},
            ],
            "envFrom": [{"secretRef": {"name": "s"}, "prefix": ""}],
            "resources": {"limits": {"cpu": 1, "memory": "1024Mi"}, "requests": {"cpu": 0.5, "memory": "1.5Ki"}},
            "readinessProbe": {"httpGet": {"port": "dns"}, "initialDelaySeconds": 0, "timeoutSeconds": 0},
            "livenessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 5},
            "startupProbe": {"grpc": {"port": 3}},
            "lifecycle": {"preStop": {"httpGet": {"port": 1}}, "postStart": {"exec": {"command": ["x"]}}},
            "volumeMounts": [{"name": "secret", "mountPath": "/s", "readOnly": False}],
            "securityContext": {
                "privileged": False,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
        },
        {"name": "b", "image": f"web@sha256:{'0' * 64}", "imagePullPolicy": "Never"},
    ],
    "volumes": [
        {"name": "secret", "secret": {"secretName": "s", "optional": False, "items": []}},
        {"name": "config", "configMap": {"name": "c", "defaultMode": 0, "items": [{"key": "k", "path": "p"}]}},
        {"name": "empty", "emptyDir": {"sizeLimit": "1024Mi"}},
        {"name": "host", "hostPath": {"path": "/x"}},
        {"name": "fields", "downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
        {
            "name": "many",
            "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}, {"configMap": {"name": "c"}}]},
        },
        {"name": "claim", "persistentVolumeClaim": {"claimName": "c", "readOnly": False}},
        {"name": "own", "ephemeral": {"volumeClaimTemplate": {"spec": CLAIM["spec"]}}},
        {"name": "nothing"},
    ],
    "affinity": {
        "podAntiAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 1, "podAffinityTerm": {"topologyKey": "z", "labelSelector": {"matchLabels": {"a": ""}}}}
            ]
        }
    },
    "tolerations": [{"key": "a", "operator": "Exists", "value": ""}],
    "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule"}],
}
PORTS = [
    {"containerPort": 80, "name": "A"},
    {"containerPort": 80, "name": "x", "protocol": "Q"},
    {"containerPort": 1, "name": "x"},
]
TOLERATIONS = [
    {"operator": "Exists", "value": "x"}, {"key": "a b"}, {"key": "a", "operator": "Foo"}, {"effect": "Bar", "key": "x"},
    {"value": "y"}, {"key": "k", "tolerationSeconds": 1},
]  # fmt: skip
SOURCES = [
    {"name": "v", "secret": {}},
    {"name": "w", "configMap": {}},
    {"name": "p", "persistentVolumeClaim": {}},
    {"name": "h", "hostPath": {}},
]

OF_ALL: list[tuple[str, Any]] = [
    ("metadata.name", "Bad_Name"), ("metadata.name", "a.b"), ("metadata.name", "a" * 60), ("metadata.labels", {"a": "b c"}),
    ("metadata.annotations", {"a b": "c"}), ("spec.selector", None), ("spec.selector", {}),
    ("spec.selector", {"matchLabels": {"app": "y"}}), ("spec.template", None), ("spec.template.metadata", None),
    ("spec.template.metadata.labels", {"app": "x", "bad key": "v"}), ("spec.replicas", -1), ("spec.minReadySeconds", -1),
    ("spec.revisionHistoryLimit", -1), ("spec.selector", {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x"]}]}),
    (f"{POD}.restartPolicy", "Never"), (f"{POD}.activeDeadlineSeconds", 5), (POD, EVERYTHING),
]  # fmt: skip
OF_DEPLOYMENTS: list[tuple[str, Any]] = [
    ("spec.progressDeadlineSeconds", 0), ("spec.progressDeadlineSeconds", -1), ("spec.paused", False), ("spec.paused", True),
    ("spec.strategy", {"type": "Foo"}), ("spec.strategy", {"type": "Recreate"}), ("spec.strategy.rollingUpdate", {"maxSurge": "x"}),
    ("spec.strategy", {"type": "Recreate", "rollingUpdate": {}}), ("spec.strategy.rollingUpdate", {"maxSurge": 0, "maxUnavailable": 0}),
    ("spec.strategy.rollingUpdate", {"maxSurge": "0%", "maxUnavailable": "0%"}),
    ("spec.strategy.rollingUpdate", {"maxSurge": -1, "maxUnavailable": "101%"}), ("spec.strategy.rollingUpdate", {"maxSurge": "150%"}),
    (f"{POD}.containers", []), (f"{APP}.name", None), (f"{APP}.name", "A_b"), (f"{APP}.image", None), (f"{APP}.image", " x "),
    (f"{POD}.containers.1", {"name": "a", "image": "i"}), (f"{POD}.initContainers", [{"name": "a", "image": "i"}]),
    (f"{POD}.initContainers", [{"name": "b"}]), (f"{POD}.restartPolicy", "Foo"), (f"{POD}.dnsPolicy", "x"),
    (f"{APP}.imagePullPolicy", "x"), (f"{APP}.ports", [{}]), (f"{APP}.ports", [{"containerPort": 70000}]), (f"{APP}.ports", PORTS),
    (f"{APP}.ports", [{"containerPort": 80, "hostPort": 5}, {"containerPort": 81, "hostPort": 5}]),
    (f"{APP}.env", [{"value": "x"}]), (f"{APP}.env", [{"name": "a=b"}]), (f"{APP}.env", [{"name": "a", "valueFrom": {}}]),
    (f"{APP}.env", [{"name": "a", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
    (f"{APP}.env", [{"name": "a", "valueFrom": {"configMapKeyRef": {"name": "x"}}}]), (f"{APP}.envFrom", [{}]),
    (f"{APP}.env", [{"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "foo"}}}]),
    (f"{APP}.resources", {"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}), (f"{APP}.resources", {"limits": {"cpu": "-1"}}),
    (f"{APP}.resources", {"limits": {"foo": "1"}}), (f"{APP}.resources", {"limits": {"cpu": "abc"}}),
    (f"{APP}.resources", {"limits": {"cpu": "12e6", "memory": "0.5Ki"}}), (f"{APP}.volumeMounts", [{"name": "v", "mountPath": "/x"}]),
    (f"{APP}.volumeMounts", [{"name": "v"}]), (f"{POD}.volumes", [{"name": "v", "emptyDir": {}, "secret": {"secretName": "x"}}]),
    (f"{POD}.volumes", [{"name": "v"}, {"name": "v"}]), (f"{POD}.volumes", [{"name": "V_"}]), (f"{POD}.volumes", SOURCES),
    (f"{APP}.readinessProbe", {}), (f"{APP}.readinessProbe", {"httpGet": {"port": 0}}), (f"{APP}.readinessProbe", {"exec": {}}),
    (f"{APP}.readinessProbe", {"httpGet": {"port": 80}, "exec": {"command": ["a"]}}), (f"{APP}.lifecycle", {"preStop": {}}),
    (f"{APP}.livenessProbe", {"httpGet": {"port": 80}, "successThreshold": 2, "periodSeconds": -1}),
    (f"{POD}.nodeSelector", {"a b": "c"}), (f"{POD}.tolerations", TOLERATIONS), (f"{POD}.serviceAccountName", "A_"),
    (f"{POD}.priorityClassName", "A_"), (f"{POD}.hostname", "A_"), (f"{POD}.securityContext", {"runAsUser": -1}),
    (f"{APP}.terminationMessagePolicy", "x"), ("spec.replicas", "x"), (f"{APP}.command", "x"), ("spec.foo", 1),
]  # fmt: skip
OF_STATEFUL_SETS: list[tuple[str, Any]] = [
    ("spec.podManagementPolicy", "x"), ("spec.updateStrategy", {"type": "x"}), ("spec.updateStrategy", {"type": "OnDelete"}),
    ("spec.updateStrategy", {"type": "OnDelete", "rollingUpdate": {"partition": 1}}), ("spec.ordinals", {"start": -1}),
    ("spec.updateStrategy", {"rollingUpdate": {"partition": -1}}), ("spec.updateStrategy", {"rollingUpdate": {"maxUnavailable": 0}}),
    ("spec.persistentVolumeClaimRetentionPolicy", {"whenDeleted": "x"}), ("spec.serviceName", "A_"), ("spec.ordinals", {}),
    ("spec.volumeClaimTemplates", [{}]), ("spec.volumeClaimTemplates", [CLAIM]), ("metadata.name", "a" * 64),
    ("spec.volumeClaimTemplates", [{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]),
]  # fmt: skip
OF_DAEMON_SETS: list[tuple[str, Any]] = [
    ("spec.updateStrategy", {"type": "x"}), ("spec.updateStrategy", {"type": "OnDelete"}),
    ("spec.updateStrategy.rollingUpdate", {"maxUnavailable": 0, "maxSurge": 0}), ("spec.updateStrategy.rollingUpdate", {"maxSurge": "20%"}),
    ("spec.updateStrategy.rollingUpdate", {"maxUnavailable": 1, "maxSurge": 1}), ("spec.updateStrategy.rollingUpdate", {"maxUnavailable": "x"}),
    ("spec.updateStrategy.rollingUpdate", {"maxSurge": 1, "maxUnavailable": 0}), ("metadata.annotations", {"deprecated.daemonset.template.generation": "7"}),
]  # fmt: skip
CASES = [
    *[("Deployment", *case) for case in (*OF_ALL, *OF_DEPLOYMENTS)],
    *[("StatefulSet", *case) for case in (*OF_ALL, *OF_STATEFUL_SETS)],
    *[("DaemonSet", *case) for case in (*OF_ALL, *OF_DAEMON_SETS)],
    *[("ReplicaSet", *case) for case in OF_ALL],
]
CHANGES: list[tuple[str, Json]] = [
    *[
        (kind, patch)
        for kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
        for patch in (
            {"spec": {"selector": {"matchLabels": {"app": "y"}}, "template": {"metadata": {"labels": {"app": "y"}}}}},
            {"spec": {"selector": {"matchLabels": {"b": "y"}}, "template": {"metadata": {"labels": {"b": "y"}}}}},
            {"metadata": {"annotations": {"a": "b"}}},
            {"metadata": {"labels": {"a": "b"}}},
            {"spec": {"replicas": 2}},
            {"spec": {"replicas": None}},
            {"spec": {"minReadySeconds": 0}},
            {"spec": {"minReadySeconds": 2}},
            {"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}}},
        )
    ],
    ("StatefulSet", {"spec": {"serviceName": "foo"}}),
    ("StatefulSet", {"spec": {"podManagementPolicy": "Parallel"}}),
    ("StatefulSet", {"spec": {"volumeClaimTemplates": [CLAIM]}}),
    ("StatefulSet", {"spec": {"updateStrategy": {"type": "OnDelete"}}}),
    ("StatefulSet", {"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": None}}}),
    ("Deployment", {"spec": {"strategy": {"type": "Recreate"}}}),
    ("Deployment", {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}}),
    ("DaemonSet", {"metadata": {"annotations": {"deprecated.daemonset.template.generation": None}}}),
]
SET_BY_CHANCE = ("uid", "creationTimestamp", "resourceVersion", "managedFields")


def manifest(kind: str, path: str = "", value: Any = None) -> Json:
    """A small valid one with one field changed, added or (None) left out."""
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "a", "image": "i"}]}}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": template}
    made: Any = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}
    *parents, last = path.split(".") if path else ("metadata", "namespace")
    place = made
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
    if isinstance(place, list):
        place[int(last) :] = [copy.deepcopy(value)]
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = copy.deepcopy(value)
    result: Json = made
    return result


def answer(cluster: SimulatedCluster | ControlPlane, method: str, path: str, body: Json) -> Json:
    """What the server would store, or its refusal; without what differs by chance."""
    merge = "application/merge-patch+json"
    try:
        stored = cluster.api.request(
            method, path, body, content_type=merge if method == "PATCH" else "application/json", query={"dryRun": "All"}
        )
    except ApiError as error:
        return error.status
    for name in SET_BY_CHANCE:
        stored["metadata"].pop(name, None)
    return stored


def by_people(document: Json) -> Json:
    """Without what controllers may or may not have written yet. A refusal stays whole."""
    if document["kind"] == "Status":
        return document
    annotations = document["metadata"].get("annotations", {})
    kept = {key: value for key, value in annotations.items() if key != "deployment.kubernetes.io/revision"}
    meta = {**document["metadata"], "annotations": kept}
    return {key: value for key, value in document.items() if key != "status"} | {"metadata": meta}


def collection(kind: str) -> str:
    return f"/apis/apps/v1/namespaces/default/{kind.lower()}s"


def lines(document: Json) -> list[str]:
    return json.dumps(document, indent=1, sort_keys=True).splitlines()


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_created(kind: str, simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> None:
    for _, path, value in [case for case in CASES if case[0] == kind]:
        body = manifest(kind, path, value)
        played, real = (answer(one, "POST", collection(kind), body) for one in (simulated_cluster, control_plane))
        assert lines(played) == lines(real), (path, value)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_changed(kind: str, simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> None:
    for cluster in (simulated_cluster, control_plane):
        asleep = manifest(kind, "spec.replicas", 0)
        asleep["spec"]["template"]["spec"]["nodeSelector"] = {"no": "where"}
        asleep["metadata"]["name"] = "changed"
        cluster.api.request("POST", collection(kind), asleep)
    for _, patch in [case for case in CHANGES if case[0] == kind]:
        path = f"{collection(kind)}/changed"
        played, real = (answer(one, "PATCH", path, patch) for one in (simulated_cluster, control_plane))
        assert lines(by_people(played)) == lines(by_people(real)), patch
    for cluster in (simulated_cluster, control_plane):
        cluster.delete(f"{collection(kind)}/changed")
