"""Services and what is behind them."""

from __future__ import annotations

from typing import Any

from tests.contract.conftest import Cluster, Kubectl

Json = dict[str, Any]


def service(name: str, *ports: Json, **spec: Any) -> Json:
    return {"metadata": {"name": name}, "spec": {"ports": list(ports), "selector": {"app": "web"}, **spec}}


def made(cluster: Cluster, namespace: str, obj: Json) -> Json:
    return cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/services", obj)


def pod(cluster: Cluster, namespace: str, name: str, tag: str, address: str) -> str:
    """Create a pod and return its address, which is `address` where nobody gives one: kwok does not."""
    container = {"name": "web", "image": f"web:{tag}", "ports": [{"name": "http", "containerPort": 8080}]}
    path = f"/api/v1/namespaces/{namespace}/pods"
    obj = {"metadata": {"name": name, "labels": {"app": "web"}}, "spec": {"containers": [container]}}
    cluster.api.request("POST", path, obj)
    live = cluster.wait(f"{path}/{name}", lambda live: live["status"].get("phase") == "Running")
    if "podIP" not in live["status"]:
        given = {"podIP": address, "podIPs": [{"ip": address}]}
        live = cluster.patch(f"{path}/{name}/status", {"status": given})
    return str(live["status"]["podIP"])


def test_what_is_filled_in(cluster: Cluster, namespace: str):
    spec = made(cluster, namespace, service("web", {"port": 80}))["spec"]
    assert spec["clusterIP"].startswith("10.96.")
    assert spec.pop("clusterIPs") == [spec.pop("clusterIP")]
    assert spec == {
        "type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack", "selector": {"app": "web"},
        "ports": [{"port": 80, "targetPort": 80, "protocol": "TCP"}],
    }  # fmt: skip
    spec = made(cluster, namespace, service("node", {"port": 80}, type="NodePort"))["spec"]
    assert spec["externalTrafficPolicy"] == "Cluster"
    assert 30000 <= spec["ports"][0]["nodePort"] < 32768
    outside = made(
        cluster,
        namespace,
        {"metadata": {"name": "outside"}, "spec": {"type": "ExternalName", "externalName": "example.com"}},
    )
    assert outside["spec"] == {"type": "ExternalName", "externalName": "example.com", "sessionAffinity": "None"}


def test_the_table(cluster: Cluster, namespace: str, kubectl: Kubectl):
    node = made(cluster, namespace, service("node", {"port": 80}, type="NodePort"))["spec"]
    made(cluster, namespace, service("balanced", {"port": 80}, type="LoadBalancer"))
    made(cluster, namespace, service("headless", clusterIP="None"))
    rows = [line.split() for line in kubectl("get", "services", "-o", "wide")[1].splitlines()]
    assert rows[0] == ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE", "SELECTOR"]
    assert [row[:2] for row in rows[1:]] == [
        ["balanced", "LoadBalancer"],
        ["headless", "ClusterIP"],
        ["node", "NodePort"],
    ]
    assert rows[1][3] == "<pending>"
    assert (rows[2][2], rows[2][4], rows[2][6]) == ("None", "<none>", "app=web")
    assert rows[3][2:5] == [node["clusterIP"], "<none>", f"80:{node['ports'][0]['nodePort']}/TCP"]


def test_ready_pods_are_behind_it(cluster: Cluster, namespace: str, kubectl: Kubectl):
    address = pod(cluster, namespace, "good", "1", "10.99.0.1")
    pod(cluster, namespace, "bad", "unready", "10.99.0.2")
    made(cluster, namespace, service("web", {"port": 80, "targetPort": "http"}))
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    [found] = cluster.wait_items(path, lambda items: bool(items) and len(items[0]["endpoints"] or []) == 2)
    assert found["metadata"]["labels"] == {
        "kubernetes.io/service-name": "web", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"
    }  # fmt: skip
    assert found["ports"] == [{"name": "", "port": 8080, "protocol": "TCP"}]
    by_name = {one["targetRef"]["name"]: one for one in found["endpoints"]}
    assert by_name["good"]["conditions"] == {"ready": True, "serving": True, "terminating": False}
    assert by_name["bad"]["conditions"] == {"ready": False, "serving": False, "terminating": False}
    assert by_name["good"]["nodeName"].startswith("node-")
    [subset] = cluster.wait(f"/api/v1/namespaces/{namespace}/endpoints/web", lambda live: "subsets" in live)["subsets"]
    assert [one["ip"] for one in subset["addresses"]] == [address]
    described = kubectl("describe", "service", "web")[1]
    assert f"Endpoints:                {address}:8080\n" in described
    assert kubectl("get", "endpoints", "web")[1].splitlines()[1].split()[:2] == ["web", f"{address}:8080"]


def test_they_go_with_it(cluster: Cluster, namespace: str, kubectl: Kubectl):
    made(cluster, namespace, service("web", {"port": 80}))
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    cluster.wait_items(path, lambda items: len(items) == 1)
    assert kubectl("delete", "service", "web")[:2] == (0, 'service "web" deleted\n')
    cluster.wait_items(path, lambda items: not items)
    cluster.wait_gone(f"/api/v1/namespaces/{namespace}/endpoints/web")


def test_kubectl_exposes_and_creates(cluster: Cluster, kubectl: Kubectl, namespace: str):
    assert kubectl("create", "service", "clusterip", "plain", "--tcp=80:8080")[:2] == (0, "service/plain created\n")
    spec = cluster.get(f"/api/v1/namespaces/{namespace}/services/plain")["spec"]
    assert spec["ports"] == [{"name": "80-8080", "port": 80, "protocol": "TCP", "targetPort": 8080}]
    assert spec["selector"] == {"app": "plain"}
