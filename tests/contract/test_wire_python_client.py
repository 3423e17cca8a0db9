"""The official Python client, unmodified, on both servers."""

from __future__ import annotations

from collections.abc import Iterator

import kubernetes
import pytest
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

from tests.contract.conftest import Cluster
from tests.contract.test_wire_writing import READY_SECONDS, is_ready
from tests.harness.simulated import SimulatedCluster
from tests.harness.workloads import deployment


@pytest.fixture
def api(cluster: Cluster) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(cluster.kubeconfig)) as made:
        yield made


@pytest.fixture
def pods(cluster: Cluster, namespace: str) -> str:
    """The namespace, in which the deployment ``web`` has one pod that is ready."""
    cluster.apply(deployment("web", namespace, replicas=1))
    path = f"/api/v1/namespaces/{namespace}/pods"
    cluster.wait_items(path, lambda items: len(items) == 1 and is_ready(items[0]), READY_SECONDS)
    return namespace


def test_it_knows_the_version(api: client.ApiClient):
    assert client.VersionApi(api).get_code().minor == "37"
    assert kubernetes.__version__


def test_it_lists_typed_objects(api: client.ApiClient, pods: str):
    [pod] = client.CoreV1Api(api).list_namespaced_pod(pods, label_selector="app=web").items
    assert (pod.metadata.namespace, pod.status.phase) == (pods, "Running")
    [web] = client.AppsV1Api(api).list_namespaced_deployment(pods, limit=1).items
    assert web.spec.replicas == 1
    client.CoreV1Api(api).patch_node("node-1", {"metadata": {"labels": {"read-by": "python"}}})
    nodes = client.CoreV1Api(api).list_node().items
    assert {node.metadata.name for node in nodes} == {"node-1", "node-2", "node-3"}


def test_it_patches_in_both_ways(api: client.ApiClient, pods: str):
    apps = client.AppsV1Api(api)
    strategic = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "registry.test/web:v2"}]}}}}
    assert apps.patch_namespaced_deployment("web", pods, strategic).spec.template.spec.containers[0].name == "web"
    steps = [
        {"op": "test", "path": "/spec/template/spec/containers/0/image", "value": "registry.test/web:v2"},
        {"op": "replace", "path": "/spec/replicas", "value": 2},
    ]
    assert apps.patch_namespaced_deployment("web", pods, steps).spec.replicas == 2
    with pytest.raises(ApiException) as refused:
        apps.patch_namespaced_deployment("web", pods, [{"op": "test", "path": "/spec/replicas", "value": 9}])
    assert refused.value.status == 422


def test_it_watches(api: client.ApiClient, pods: str):
    core = client.CoreV1Api(api)
    seen = [
        (event["type"], event["object"].kind)
        for event in watch.Watch().stream(core.list_namespaced_pod, pods, timeout_seconds=1)
    ]
    assert seen == [("ADDED", "Pod")]


def test_it_is_told_when_the_past_is_gone(simulated_cluster: SimulatedCluster):
    """On the simulator alone: nobody can make a real API server forget at will."""
    simulated_cluster.simulator.compact()
    with config.new_client_from_config(str(simulated_cluster.kubeconfig)) as api:
        listing = client.CoreV1Api(api).list_namespaced_config_map
        with pytest.raises(ApiException) as refused:
            next(watch.Watch().stream(listing, "default", resource_version="1", timeout_seconds=1))
    assert refused.value.status == 410


def test_it_evicts(cluster: Cluster, api: client.ApiClient, pods: str):
    core = client.CoreV1Api(api)
    [pod] = core.list_namespaced_pod(pods).items
    body = client.V1Eviction(metadata=client.V1ObjectMeta(name=pod.metadata.name))
    core.create_namespaced_pod_eviction(pod.metadata.name, pods, body)
    cluster.wait_gone(f"/api/v1/namespaces/{pods}/pods/{pod.metadata.name}", READY_SECONDS * 2)


def test_it_deletes_and_reads_logs(api: client.ApiClient, cluster: Cluster, pods: str):
    core = client.CoreV1Api(api)
    cluster.logs.write("hello")
    [pod] = core.list_namespaced_pod(pods).items
    assert core.read_namespaced_pod_log(pod.metadata.name, pods) == "hello\n"
    cluster.logs.reset()
    assert core.delete_namespaced_config_map("kube-root-ca.crt", pods)["status"] == "Success"
