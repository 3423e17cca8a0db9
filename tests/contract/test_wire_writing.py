"""Writing over the wire: what is answered, subresources, options, and what a client is warned of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.contract.raw import Client
from tests.harness.api import ApiError
from tests.harness.workloads import deployment

Json = dict[str, Any]
MERGE = {"Content-Type": "application/merge-patch+json"}
YAML = {"Content-Type": "application/yaml"}
READY_SECONDS = 20


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    made = Client(cluster)
    yield made
    made.close()


@pytest.fixture
def maps(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/configmaps"


@pytest.fixture
def web(cluster: Cluster, namespace: str) -> str:
    """The path of a deployment without pods."""
    cluster.apply(deployment("web", namespace, replicas=0))
    return f"/apis/apps/v1/namespaces/{namespace}/deployments/web"


@pytest.fixture
def pod(cluster: Cluster, namespace: str) -> str:
    """The path of a pod that runs."""
    spec = {"containers": [{"name": "web", "image": "registry.test/web:v1"}], "terminationGracePeriodSeconds": 0}
    path = f"/api/v1/namespaces/{namespace}/pods"
    cluster.api.request("POST", path, {"metadata": {"name": "web", "labels": {"app": "web"}}, "spec": spec})
    cluster.wait(f"{path}/web", is_ready, READY_SECONDS)
    return f"{path}/web"


def is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def message(error: pytest.ExceptionInfo[ApiError]) -> tuple[int, str]:
    return error.value.code, error.value.status["message"]


def test_codes_of_success(client: Client, maps: str):
    created = client.ask("POST", maps, {"metadata": {"name": "a"}})
    put = client.ask("PUT", f"{maps}/a", {"metadata": {"name": "a"}, "data": {"k": "v"}})
    new = client.ask("PUT", f"{maps}/b", {"metadata": {"name": "b"}})
    assert [created.code, put.code, new.code] == [201, 200, 404]
    assert client.ask("PATCH", f"{maps}/a", {"data": {"k": "w"}}, MERGE).body["data"] == {"k": "w"}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    apply = {"Content-Type": "application/apply-patch+yaml"}
    assert [client.ask("PATCH", f"{maps}/c?fieldManager=m", config, apply).code for _ in range(2)] == [201, 200]


def test_a_body_without_a_type_is_json_and_yaml_is_read(client: Client, maps: str):
    assert client.ask("POST", maps, b'{"metadata":{"name":"a"}}', {"Content-Type": ""}).code == 201
    made = client.ask("POST", maps, "metadata:\n  name: b\ndata: {k: '1'}\n", YAML)
    assert (made.code, made.body["data"]) == (201, {"k": "1"})


def test_a_deleted_object_answers_a_status_with_its_uid(client: Client, maps: str):
    uid = client.ask("POST", maps, {"metadata": {"name": "a"}}).body["metadata"]["uid"]
    assert client.ask("DELETE", f"{maps}/a").body == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": {"name": "a", "kind": "configmaps", "uid": uid},
    }  # fmt: skip


def test_a_deleted_object_that_stays_is_answered_whole(client: Client, maps: str):
    client.ask("POST", maps, {"metadata": {"name": "a", "finalizers": ["example.com/hold"]}})
    answer = client.ask("DELETE", f"{maps}/a")
    assert (answer.code, answer.body["kind"]) == (200, "ConfigMap")
    assert answer.body["metadata"]["deletionTimestamp"]
    client.ask("PATCH", f"{maps}/a", {"metadata": {"finalizers": None}}, MERGE)
    assert client.ask("GET", f"{maps}/a").code == 404


def test_a_service_account_is_answered_whole(client: Client, namespace: str):
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    client.ask("POST", path, {"metadata": {"name": "bot"}})
    assert client.ask("DELETE", f"{path}/bot").body["kind"] == "ServiceAccount"


def test_a_collection_is_deleted_by_selector(client: Client, maps: str):
    for name in "abc":
        client.ask("POST", maps, {"metadata": {"name": name, "labels": {"tier": "x" if name < "c" else "y"}}})
    answer = client.ask("DELETE", f"{maps}?labelSelector=tier%3Dx")
    assert (answer.code, answer.body["kind"]) == (200, "ConfigMapList")
    assert [item["metadata"]["name"] for item in answer.body["items"]] == ["a", "b"]
    assert [client.ask("GET", f"{maps}/{name}").code for name in "abc"] == [404, 404, 200]


def test_a_dry_run_changes_nothing(client: Client, maps: str):
    made = client.ask("POST", f"{maps}?dryRun=All", {"metadata": {"name": "a"}})
    assert (made.code, bool(made.body["metadata"]["uid"])) == (201, True)
    assert client.ask("GET", f"{maps}/a").code == 404
    client.ask("POST", maps, {"metadata": {"name": "b"}})
    assert client.ask("PATCH", f"{maps}/b?dryRun=All", {"data": {"k": "v"}}, MERGE).body["data"] == {"k": "v"}
    assert client.ask("DELETE", f"{maps}/b", {"dryRun": ["All"]}).code == 200
    assert "data" not in client.ask("GET", f"{maps}/b").body


def test_deleting_is_asked_for_in_protobuf_too(client: Client, maps: str):
    """As helm does, and drain without evictions: DeleteOptions with a precondition and a dry run."""
    uid = client.ask("POST", maps, {"metadata": {"name": "a"}}).body["metadata"]["uid"]

    def part(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    def options(uid: str) -> bytes:
        sent = part(2, part(1, uid.encode())) + part(5, b"All")
        return b"k8s\x00" + part(1, part(1, b"v1") + part(2, b"DeleteOptions")) + part(2, sent)

    protobuf = {"Content-Type": "application/vnd.kubernetes.protobuf"}
    assert client.ask("DELETE", f"{maps}/a", options("other"), protobuf).code == 409
    assert client.ask("DELETE", f"{maps}/a", options(uid), protobuf).code == 200
    assert client.ask("GET", f"{maps}/a").code == 200


def test_unknown_fields_are_warned_of_refused_or_dropped(client: Client, maps: str):
    obj = {"metadata": {"name": "a"}, "dat": {}}
    assert client.ask("POST", maps, obj).warnings == ('299 - "unknown field \\"dat\\""',)
    assert (
        client.ask("POST", f"{maps}?fieldValidation=Ignore&dryRun=All", {**obj, "metadata": {"name": "b"}}).warnings
        == ()
    )
    strict = client.ask("POST", f"{maps}?fieldValidation=Strict", {**obj, "metadata": {"name": "b"}})
    said = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"'
    assert (strict.code, strict.body["message"]) == (400, said)


def test_scale_is_the_number_of_replicas(client: Client, cluster: Cluster, web: str):
    scale = client.ask("GET", f"{web}/scale").body
    assert (scale["kind"], scale["apiVersion"], scale["spec"]) == ("Scale", "autoscaling/v1", {})
    assert scale["status"] == {"replicas": 0, "selector": "app=web"}
    patched = client.ask("PATCH", f"{web}/scale", {"spec": {"replicas": 2}}, MERGE)
    assert (patched.code, patched.body["spec"]) == (200, {"replicas": 2})
    assert cluster.get(web)["spec"]["replicas"] == 2
    old = {**scale, "spec": {"replicas": 5}}
    refused = client.ask("PUT", f"{web}/scale", old)
    assert (refused.code, refused.body["details"]) == (409, {"name": "web", "group": "apps", "kind": "deployments"})
    below = client.ask("PATCH", f"{web}/scale", {"spec": {"replicas": -1}}, MERGE)
    assert (below.code, below.body["details"]["kind"]) == (422, "Scale")
    assert below.body["message"] == (
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'
    )


def test_status_is_written_apart(client: Client, cluster: Cluster, namespace: str):
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets"
    client.ask("POST", path, {"metadata": {"name": "b"}, "spec": {"minAvailable": 1}})
    both = {"spec": {"minAvailable": 2}, "status": {"currentHealthy": 7}}
    client.ask("PATCH", f"{path}/b/status", both, MERGE)
    assert cluster.get(f"{path}/b")["spec"] == {"minAvailable": 1}
    client.ask("PATCH", f"{path}/b", both, MERGE)
    assert cluster.get(f"{path}/b")["spec"] == {"minAvailable": 2}


def test_kubectl_scales_with_a_precondition(cluster: Cluster, kubectl: Kubectl, web: str):
    code, _, err = kubectl("scale", "deployment/web", "--current-replicas=3", "--replicas=1")
    assert (code, err) == (1, "error: Expected replicas to be 3, was 0\n")
    assert kubectl("scale", "deployment/web", "--current-replicas=0", "--replicas=1")[0] == 0
    assert cluster.get(web)["spec"]["replicas"] == 1


def test_an_eviction_deletes_the_pod(cluster: Cluster, client: Client, pod: str):
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web"}}
    other = client.ask("POST", f"{pod}/eviction", {**body, "metadata": {"name": "other"}})
    assert (other.code, other.body["message"]) == (400, "name in URL does not match name in Eviction object")
    assert client.ask("POST", f"{pod}/eviction?dryRun=All", body).code == 201
    assert "deletionTimestamp" not in cluster.get(pod)["metadata"]
    done = client.ask("POST", f"{pod}/eviction", body)
    assert done.code == 201
    assert done.body == {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
    cluster.wait_gone(pod, READY_SECONDS)


def test_a_budget_refuses_an_eviction(cluster: Cluster, client: Client, namespace: str, pod: str):
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets"
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    client.ask("POST", path, {"metadata": {"name": "all"}, "spec": spec})
    cluster.wait(f"{path}/all", lambda found: found["status"].get("currentHealthy") == 1, READY_SECONDS)
    refused = client.ask("POST", f"{pod}/eviction", {"metadata": {"name": "web"}})
    said = "Cannot evict pod as it would violate the pod's disruption budget."
    assert (refused.code, refused.body["reason"], refused.body["message"]) == (429, "TooManyRequests", said)


def test_logs(cluster: Cluster, client: Client, namespace: str, pod: str, kubectl: Kubectl):
    cluster.logs.write("one", "two", "three")
    assert client.ask("GET", f"{pod}/log").body == "one\ntwo\nthree\n"
    assert client.ask("GET", f"{pod}/log?tailLines=1").body == "three\n"
    assert client.ask("GET", f"{pod}/log?tailLines=0").body == ""
    stamped = client.ask("GET", f"{pod}/log?timestamps=true&tailLines=1").body
    assert stamped.endswith("Z three\n")
    assert kubectl("logs", "web", "--tail=2") == (0, "two\nthree\n", "")
    assert kubectl("logs", "web", "-c", "other")[2] == "error: container other is not valid for pod web\n"
    wrong = client.ask("GET", f"{pod}/log?container=other")
    assert (wrong.code, wrong.body["message"]) == (400, "container other is not valid for pod web")
    number = client.ask("GET", f"{pod}/log?tailLines=x")
    assert (number.code, number.body["message"]) == (400, 'strconv.ParseInt: parsing "x": invalid syntax')
    cluster.logs.reset()


def test_a_pod_of_several_containers_is_asked_which(cluster: Cluster, client: Client, namespace: str):
    containers = [{"name": name, "image": "registry.test/web:v1"} for name in "ab"]
    first = [{"name": "i", "image": "registry.test/web:v1"}]
    spec = {"containers": containers, "initContainers": first, "nodeSelector": {"no": "where"}}
    path = f"/api/v1/namespaces/{namespace}/pods"
    client.ask("POST", path, {"metadata": {"name": "two"}, "spec": spec})
    asked = client.ask("GET", f"{path}/two/log").body["message"]
    assert asked == "a container name must be specified for pod two, choose one of: [i a b]"
    nowhere = client.ask("GET", f"{path}/two/log?container=a")
    assert (nowhere.code, nowhere.body) == (204, "")
