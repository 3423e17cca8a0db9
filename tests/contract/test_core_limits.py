"""Quotas, budgets, evictions and autoscalers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.harness.api import ApiError

Json = dict[str, Any]
WAIT = 30


def deployment(name: str, replicas: int, tag: str = "1", resources: Json | None = None) -> Json:
    labels, container = {"app": name}, {"name": "web", "image": f"web:{tag}", "resources": resources or {}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"metadata": {"name": name}, "spec": spec}


def create(cluster: Cluster, namespace: str, path: str, obj: Json) -> Json:
    root = "/api/v1" if "/" not in path else f"/apis/{path.rpartition('/')[0]}"
    return cluster.api.request("POST", f"{root}/namespaces/{namespace}/{path.rpartition('/')[2]}", obj)


def quota(cluster: Cluster, namespace: str, **hard: str) -> str:
    create(cluster, namespace, "resourcequotas", {"metadata": {"name": "few"}, "spec": {"hard": hard}})
    path = f"/api/v1/namespaces/{namespace}/resourcequotas/few"
    cluster.wait(path, lambda live: "used" in live["status"])
    return path


def budget(cluster: Cluster, namespace: str, expected: int, **spec: Any) -> Json:
    obj = {"metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": {"app": "web"}}, **spec}}
    create(cluster, namespace, "policy/v1/poddisruptionbudgets", obj)
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web"
    return cluster.wait(path, lambda live: live["status"].get("currentHealthy") == expected, WAIT)["status"]


def running(cluster: Cluster, namespace: str, count: int) -> list[Json]:
    create(cluster, namespace, "apps/v1/deployments", deployment("web", count))
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    cluster.wait(path, lambda live: live["status"].get("availableReplicas") == count, WAIT)
    return list(cluster.get(f"/api/v1/namespaces/{namespace}/pods")["items"])


def evict(cluster: Cluster, pod: Json, **more: Any) -> Json:
    meta = {"name": pod["metadata"]["name"], "namespace": pod["metadata"]["namespace"]}
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": meta, **more}
    return cluster.api.request("POST", f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/eviction", body)


def refused(cluster: Cluster, pod: Json) -> Json:
    with pytest.raises(ApiError) as refusal:
        evict(cluster, pod)
    return refusal.value.status


def test_pods_beyond_the_quota_are_refused(cluster: Cluster, namespace: str, kubectl: Kubectl):
    path = quota(cluster, namespace, pods="1")
    assert kubectl("run", "one", "--image=web:1")[:2] == (0, "pod/one created\n")
    code, out, err = kubectl("run", "two", "--image=web:1")
    assert (code, out) == (1, "")
    assert err == (
        'Error from server (Forbidden): pods "two" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1\n'
    )
    assert cluster.wait(path, lambda live: live["status"]["used"] == {"pods": "1"})["status"]["hard"] == {"pods": "1"}
    header, row = kubectl("get", "quota", "few")[1].splitlines()
    assert header.split() == ["NAME", "REQUEST", "LIMIT", "AGE"]
    assert row.split()[:3] == ["few", "pods:", "1/1"]


def test_what_pods_must_say_and_may_ask_for(cluster: Cluster, namespace: str):
    quota(cluster, namespace, **{"requests.cpu": "1", "limits.cpu": "2", "requests.memory": "1Gi"})
    said = []
    for resources in ({}, {"requests": {"cpu": "100m", "memory": "2Gi"}, "limits": {"cpu": "3"}}):
        pod = {
            "metadata": {"name": "web"},
            "spec": {"containers": [{"name": "web", "image": "web:1", "resources": resources}]},
        }
        with pytest.raises(ApiError) as refusal:
            create(cluster, namespace, "pods", pod)
        said.append(refusal.value.status["message"])
    silent, greedy = said
    assert silent == (
        'pods "web" is forbidden: failed quota: few: must specify limits.cpu for: web; requests.cpu for: web; requests.memory for: web'
    )
    assert greedy == (
        'pods "web" is forbidden: exceeded quota: few, requested: limits.cpu=3,requests.memory=2Gi, '
        "used: limits.cpu=0,requests.memory=0, limited: limits.cpu=2,requests.memory=1Gi"
    )


def test_objects_of_a_kind_are_counted(cluster: Cluster, namespace: str):
    quota(cluster, namespace, **{"count/deployments.apps": "0"})
    with pytest.raises(ApiError) as refusal:
        create(cluster, namespace, "apps/v1/deployments", deployment("web", 1))
    assert refusal.value.status["message"] == (
        'deployments.apps "web" is forbidden: exceeded quota: few, requested: count/deployments.apps=1, '
        "used: count/deployments.apps=0, limited: count/deployments.apps=0"
    )


def test_a_budget_counts(cluster: Cluster, namespace: str, kubectl: Kubectl):
    running(cluster, namespace, 4)
    status = budget(cluster, namespace, 4, maxUnavailable="30%")
    [condition] = status.pop("conditions")
    assert status == {
        "observedGeneration": 1,
        "disruptionsAllowed": 2,
        "currentHealthy": 4,
        "desiredHealthy": 2,
        "expectedPods": 4,
    }
    assert (condition["type"], condition["status"], condition["reason"]) == (
        "DisruptionAllowed",
        "True",
        "SufficientPods",
    )
    header, row = kubectl("get", "pdb", "web")[1].splitlines()
    assert header.split() == ["NAME", "MIN", "AVAILABLE", "MAX", "UNAVAILABLE", "ALLOWED", "DISRUPTIONS", "AGE"]
    assert row.split()[:4] == ["web", "N/A", "30%", "2"]


def test_an_eviction_within_the_budget_and_one_beyond(cluster: Cluster, namespace: str):
    pods = running(cluster, namespace, 2)
    budget(cluster, namespace, 2, minAvailable=2)
    assert refused(cluster, pods[0]) == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "TooManyRequests", "code": 429,
        "message": "Cannot evict pod as it would violate the pod's disruption budget.",
        "details": {"causes": [{"reason": "DisruptionBudget",
                                "message": "The disruption budget web needs 2 healthy pods and has 2 currently"}]},
    }  # fmt: skip
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web"
    cluster.patch(path, {"spec": {"minAvailable": 1}})
    cluster.wait(path, lambda live: live["status"]["disruptionsAllowed"] == 1)
    assert evict(cluster, pods[0]) == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "code": 201,
    }
    cluster.wait_gone(f"/api/v1/namespaces/{namespace}/pods/{pods[0]['metadata']['name']}", 60)


def test_two_budgets_for_a_pod_are_a_fault(cluster: Cluster, namespace: str):
    [pod] = running(cluster, namespace, 1)
    budget(cluster, namespace, 1, minAvailable=0)
    other = {"metadata": {"name": "other"}, "spec": {"minAvailable": 0, "selector": {"matchLabels": {"app": "web"}}}}
    create(cluster, namespace, "policy/v1/poddisruptionbudgets", other)
    assert refused(cluster, pod) == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 500,
        "message": "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    }  # fmt: skip


def test_an_autoscaler_without_metrics(cluster: Cluster, namespace: str, kubectl: Kubectl):
    running(cluster, namespace, 2)
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    scaler = {"metadata": {"name": "web"}, "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 5}}
    create(cluster, namespace, "autoscaling/v2/horizontalpodautoscalers", scaler)
    path = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/web"
    live = cluster.wait(path, lambda live: "conditions" in live["status"], WAIT)
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}
    assert live["spec"]["metrics"] == [{"type": "Resource", "resource": cpu}]
    assert [(one["type"], one["status"], one["reason"]) for one in live["status"]["conditions"]] == [
        ("AbleToScale", "True", "SucceededGetScale"), ("ScalingActive", "False", "FailedGetResourceMetric")
    ]  # fmt: skip
    header, row = kubectl("get", "hpa", "web")[1].splitlines()
    assert header.split() == ["NAME", "REFERENCE", "TARGETS", "MINPODS", "MAXPODS", "REPLICAS", "AGE"]
    assert row.split()[:7] == ["web", "Deployment/web", "cpu:", "<unknown>/80%", "2", "5", "2"]


@pytest.mark.parametrize(("replicas", "least", "most", "wanted"), [(1, 2, 5, 2), (3, 1, 2, 2)])
def test_an_autoscaler_brings_within_its_bounds_what_is_outside(
    cluster: Cluster, namespace: str, replicas: int, least: int, most: int, wanted: int
):
    """Without any metric; who has done it is told in the workload's field managers."""
    running(cluster, namespace, replicas)
    live = autoscaled(cluster, namespace, least, most, "lastScaleTime")
    assert live["status"]["desiredReplicas"] == wanted
    assert [(one["type"], one["status"], one["reason"]) for one in live["status"]["conditions"]] == [
        ("AbleToScale", "True", "SucceededRescale"), ("ScaledToZero", "False", "NotScaledToZero")
    ]  # fmt: skip
    web = cluster.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/web")
    assert web["spec"]["replicas"] == wanted
    scaling = [each for each in web["metadata"]["managedFields"] if each.get("subresource") == "scale"]
    assert [(each["manager"], each["fieldsV1"]) for each in scaling] == [
        ("kube-controller-manager", {"f:spec": {"f:replicas": {}}})
    ]


def test_an_autoscaler_leaves_alone_what_has_no_replicas(cluster: Cluster, namespace: str):
    running(cluster, namespace, 1)
    web = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    cluster.patch(web, [{"op": "replace", "path": "/spec/replicas", "value": 0}])
    live = autoscaled(cluster, namespace, 2, 5, "conditions")
    assert [(one["type"], one["status"], one["reason"]) for one in live["status"]["conditions"]] == [
        ("AbleToScale", "True", "SucceededGetScale"), ("ScalingActive", "False", "ScalingDisabled")
    ]  # fmt: skip
    assert "currentReplicas" not in live["status"]
    assert cluster.get(web)["spec"]["replicas"] == 0


def autoscaled(cluster: Cluster, namespace: str, least: int, most: int, told: str) -> Any:
    """The autoscaler, once its status tells that."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most}
    create(cluster, namespace, "autoscaling/v2/horizontalpodautoscalers", {"metadata": {"name": "web"}, "spec": spec})
    path = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/web"
    return cluster.wait(path, lambda live: told in live["status"], WAIT)
