"""What becomes of dependents in the three ways of deleting, and what a rollout's events tell."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl

Json = dict[str, Any]
WAIT = 30


class Web:
    """A Deployment called web with two pods that are ready."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.cluster = cluster
        self.apps = f"/apis/apps/v1/namespaces/{namespace}"
        self.core = f"/api/v1/namespaces/{namespace}"
        labels = {"app": "web"}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
        spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        cluster.api.request("POST", f"{self.apps}/deployments", {"metadata": {"name": "web"}, "spec": spec})
        self.rolled_out()

    def rolled_out(self) -> None:
        def done(live: Json) -> bool:
            status = live["status"]
            same = {status.get(key) for key in ("replicas", "updatedReplicas", "availableReplicas")} == {2}
            return same and status.get("observedGeneration") == live["metadata"]["generation"]

        self.cluster.wait(f"{self.apps}/deployments/web", done, WAIT)

    def sets(self) -> list[Json]:
        return list(self.cluster.get(f"{self.apps}/replicasets")["items"])

    def pods(self) -> list[Json]:
        return list(self.cluster.get(f"{self.core}/pods")["items"])

    def gone(self, collection: str) -> None:
        self.cluster.wait_items(collection, lambda items: not items, 60)


@pytest.fixture
def web(cluster: Cluster, namespace: str) -> Web:
    return Web(cluster, namespace)


def test_who_owns_whom(web: Web):
    [replica_set] = web.sets()
    deployment = web.cluster.get(f"{web.apps}/deployments/web")
    owner = {"apiVersion": "apps/v1", "blockOwnerDeletion": True, "controller": True, "kind": "Deployment", "name": "web",
             "uid": deployment["metadata"]["uid"]}  # fmt: skip
    assert replica_set["metadata"]["ownerReferences"] == [owner]
    for pod in web.pods():
        [reference] = pod["metadata"]["ownerReferences"]
        assert (reference["kind"], reference["uid"]) == ("ReplicaSet", replica_set["metadata"]["uid"])


def test_in_the_background_they_follow(web: Web, kubectl: Kubectl):
    assert kubectl("delete", "deployment", "web")[:2] == (0, 'deployment.apps "web" deleted\n')
    web.gone(f"{web.apps}/replicasets")
    web.gone(f"{web.core}/pods")


def test_in_the_foreground_they_go_first(web: Web, kubectl: Kubectl):
    pod = web.pods()[0]["metadata"]["name"]
    web.cluster.patch(f"{web.core}/pods/{pod}", {"metadata": {"finalizers": ["example.com/held"]}})
    assert kubectl("delete", "deployment", "web", "--cascade=foreground", "--wait=false")[0] == 0
    going = web.cluster.wait(f"{web.apps}/deployments/web", lambda live: "deletionTimestamp" in live["metadata"])
    assert going["metadata"]["finalizers"] == ["foregroundDeletion"]
    web.cluster.wait_items(
        f"{web.apps}/replicasets",
        lambda items: [one["metadata"].get("finalizers") for one in items] == [["foregroundDeletion"]],
    )
    web.cluster.wait_items(f"{web.core}/pods", lambda items: [one["metadata"]["name"] for one in items] == [pod], 60)
    web.cluster.patch(f"{web.core}/pods/{pod}", {"metadata": {"finalizers": None}})
    web.cluster.wait_gone(f"{web.apps}/deployments/web", WAIT)
    assert web.sets() == []


def test_orphans_stay(web: Web, kubectl: Kubectl):
    before = sorted(pod["metadata"]["name"] for pod in web.pods())
    assert kubectl("delete", "deployment", "web", "--cascade=orphan")[:2] == (0, 'deployment.apps "web" deleted\n')
    [replica_set] = web.cluster.wait_items(
        f"{web.apps}/replicasets", lambda items: all("ownerReferences" not in one["metadata"] for one in items)
    )
    assert replica_set["status"]["readyReplicas"] == 2
    assert kubectl("delete", "replicaset", replica_set["metadata"]["name"], "--cascade=orphan")[0] == 0
    web.cluster.wait_items(
        f"{web.core}/pods", lambda items: all("ownerReferences" not in one["metadata"] for one in items)
    )
    assert sorted(pod["metadata"]["name"] for pod in web.pods()) == before


def is_of_controllers(event: Json) -> bool:
    return event["involvedObject"]["kind"] in {"Deployment", "ReplicaSet"}


def are_told(events: list[Json]) -> bool:
    """Events are written after what they tell of."""
    return Counter((one["involvedObject"]["kind"], one["reason"]) for one in events if is_of_controllers(one)) == {
        ("Deployment", "ScalingReplicaSet"): 5, ("ReplicaSet", "SuccessfulCreate"): 4, ("ReplicaSet", "SuccessfulDelete"): 2
    }  # fmt: skip


def test_the_events_of_a_rollout(web: Web, kubectl: Kubectl):
    web.cluster.patch(f"{web.apps}/deployments/web", [
        {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "web:2"}
    ])  # fmt: skip
    web.rolled_out()
    web.cluster.wait_items(f"{web.core}/pods", lambda items: len(items) == 2, 60)
    controllers = [
        event for event in web.cluster.wait_items(f"{web.core}/events", are_told, 30) if is_of_controllers(event)
    ]
    new = max(web.sets(), key=lambda one: int(one["metadata"]["annotations"]["deployment.kubernetes.io/revision"]))
    name = new["metadata"]["name"]
    said = {event["message"] for event in controllers if event["involvedObject"]["kind"] == "Deployment"}
    assert {f"Scaled up replica set {name} from 0 to 1", f"Scaled up replica set {name} from 1 to 2"} <= said
    [first] = [event for event in controllers if event["message"] == f"Scaled up replica set {name} from 0 to 1"]
    assert first["type"] == "Normal"
    assert first["source"] == {"component": "deployment-controller"}
    assert (first["reportingComponent"], first["reportingInstance"]) == ("deployment-controller", "")
    assert (first["count"], first["eventTime"]) == (1, None)
    assert first["involvedObject"].keys() == {"apiVersion", "kind", "name", "namespace", "resourceVersion", "uid"}
    described = kubectl("describe", "deployment", "web")[1]
    assert f"deployment-controller  Scaled up replica set {name} from 0 to 1" in described
    rows = kubectl("events", "--for", "deployment/web")[1].splitlines()
    assert rows[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    assert len(rows) == 6
