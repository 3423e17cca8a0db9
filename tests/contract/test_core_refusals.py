"""What is refused, word for word: each mistake is made on both servers, and the answers compared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.api import ApiError
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane

CORE, BATCH, POLICY, SCALING = "/api/v1", "/apis/batch/v1", "/apis/policy/v1", "/apis/autoscaling/v2"
_POD = {"containers": [{"name": "a", "image": "b:1"}]}
_ONCE = {**_POD, "restartPolicy": "Never"}
_TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}


def _job(**spec: Any) -> Json:
    return {"spec": {"template": {"spec": _ONCE}, **spec}}


def _cron(**spec: Any) -> Json:
    return {"spec": {"jobTemplate": {"spec": {"template": {"spec": _ONCE}}}, **spec}}


def _service(*ports: Json, **spec: Any) -> Json:
    return {"spec": {"ports": list(ports), **spec}}


def _quota(**hard: str) -> Json:
    return {"spec": {"hard": hard}}


def _scaler(**spec: Any) -> Json:
    return {"spec": {"maxReplicas": 3, "scaleTargetRef": _TARGET, **spec}}


CASES: list[tuple[str, str, Json]] = [
    (CORE, "namespaces", {"metadata": {"name": "a.b"}}),
    (CORE, "configmaps", {"metadata": {"name": "Bad_Name"}}),
    (CORE, "configmaps", {"metadata": {"name": "x" * 254}}),
    (CORE, "configmaps", {"data": {"a b": "x"}}),
    (CORE, "configmaps", {"data": {"..a": "x"}}),
    (CORE, "configmaps", {"binaryData": {".": ""}}),
    (CORE, "configmaps", {"metadata": {"name": "x", "labels": {"a b": "c"}}}),
    (CORE, "secrets", {"data": {"a": "%%"}}),
    (CORE, "secrets", {"type": "kubernetes.io/tls", "data": {"a": "YQ=="}}),
    (CORE, "secrets", {"type": "kubernetes.io/dockerconfigjson"}),
    (CORE, "secrets", {"type": "kubernetes.io/basic-auth"}),
    (CORE, "serviceaccounts", {"metadata": {"name": "-x"}}),
    (CORE, "services", _service()),
    (CORE, "services", _service({"port": 80}, {"port": 81})),
    (CORE, "services", {**_service({"port": 80}), "metadata": {"name": "x" * 64}}),
    (CORE, "services", {**_service({"port": 0, "name": "http_x"}, type="Foo"), "metadata": {"name": "S_5"}}),
    (CORE, "services", _service({"port": 80, "name": "a"}, {"port": 80, "name": "a"}, {"port": 80, "name": "b"})),
    (CORE, "services", _service({"port": 80, "protocol": "XX", "targetPort": 70000})),
    (CORE, "services", _service({"port": 80, "nodePort": 32001})),
    (CORE, "services", _service({"port": 80, "nodePort": 80}, type="NodePort")),
    (CORE, "services", _service({"port": 80}, clusterIP="10.96.0.1")),
    (CORE, "services", _service({"port": 80}, clusterIP="1.2.3.4")),
    (CORE, "services", _service(type="ExternalName")),
    (CORE, "resourcequotas", _quota(foo="1")),
    (CORE, "resourcequotas", _quota(pods="-1", cpu="1.5")),
    (CORE, "resourcequotas", _quota(pods="zz")),
    (CORE, "resourcequotas", _quota(pods="1.5")),
    (BATCH, "jobs", {"spec": {"template": {"spec": _POD}}}),
    (BATCH, "jobs", _job(parallelism=-1, completions=-1, backoffLimit=-1, activeDeadlineSeconds=-1, ttlSecondsAfterFinished=-1)),
    (BATCH, "jobs", _job(completionMode="Foo")),
    (BATCH, "jobs", _job(completionMode="Indexed", parallelism=2)),
    (BATCH, "jobs", _job(manualSelector=True)),
    (BATCH, "cronjobs", _cron()),
    (BATCH, "cronjobs", _cron(schedule="bad")),
    (BATCH, "cronjobs", _cron(schedule="61 * * * *", timeZone="Foo/Bar", concurrencyPolicy="X", successfulJobsHistoryLimit=-1)),
    (BATCH, "cronjobs", _cron(schedule="TZ=UTC * * * * *")),
    (BATCH, "cronjobs", _cron(schedule="*/0 * * * *")),
    (BATCH, "cronjobs", _cron(schedule="* * 1-2-3 * *")),
    (BATCH, "cronjobs", _cron(schedule="* * * * xx")),
    (BATCH, "cronjobs", _cron(schedule="@foo")),
    (BATCH, "cronjobs", _cron(schedule="5-2 * * * *")),
    (BATCH, "cronjobs", {**_cron(schedule="* * * * *"), "metadata": {"name": "a" * 53}}),
    (POLICY, "poddisruptionbudgets", {"spec": {"minAvailable": 1, "maxUnavailable": 1}}),
    (POLICY, "poddisruptionbudgets", {"spec": {"minAvailable": "x%", "selector": {}}}),
    (POLICY, "poddisruptionbudgets", {"spec": {"maxUnavailable": -1, "selector": {}, "unhealthyPodEvictionPolicy": "X"}}),
    (POLICY, "poddisruptionbudgets", {"spec": {"minAvailable": "120%", "selector": {"matchLabels": {"a b": "c"}}}}),
    (SCALING, "horizontalpodautoscalers", {"spec": {"maxReplicas": 0}}),
    (SCALING, "horizontalpodautoscalers", _scaler(minReplicas=5, metrics=[{"type": "Resource"}])),
    (SCALING, "horizontalpodautoscalers", _scaler(minReplicas=0)),
]  # fmt: skip


@pytest.fixture(scope="module")
def both(simulated_cluster: SimulatedCluster, control_plane: ControlPlane) -> tuple[SimulatedCluster, ControlPlane]:
    for cluster in (simulated_cluster, control_plane):
        cluster.namespace("refusals")
    return simulated_cluster, control_plane


@pytest.mark.parametrize(("root", "plural", "obj"), CASES)
def test_the_same_refusal(both: tuple[SimulatedCluster, ControlPlane], root: str, plural: str, obj: Json) -> None:
    scope = "" if plural == "namespaces" else "/namespaces/refusals"
    simulated, real = (_refusal(cluster, f"{root}{scope}/{plural}", obj) for cluster in both)
    assert simulated == real


def _refusal(cluster: SimulatedCluster | ControlPlane, path: str, obj: Json) -> Json:
    with pytest.raises(ApiError) as refusal:
        cluster.api.request("POST", path, {"metadata": {"name": "x"}, **obj})
    return refusal.value.status
