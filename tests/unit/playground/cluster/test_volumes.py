"""Volumes made by a class, kept or deleted. What binds, and what is said meanwhile, is compared in tests/contract."""

from __future__ import annotations

from typing import Any

from playground.cluster.volumes.provisioning import add_storage_class
from tests.unit.playground.cluster.with_nodes import WithNodes
from tests.unit.playground.cluster.workloads import workload

Json = dict[str, Any]


def claim(name: str = "data", **spec: Any) -> Json:
    whole = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return {"kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": whole}


def mounting(name: str = "data") -> Json:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}


def phase(cluster: WithNodes, name: str = "data") -> str:
    return str(cluster.get("PersistentVolumeClaim", name)["status"]["phase"])


def test_a_claim_of_the_default_class_gets_a_volume_once_its_pod_has_a_node():
    cluster = WithNodes()
    add_storage_class(cluster.verbs)
    cluster.create(claim())
    assert cluster.get("PersistentVolumeClaim", "data")["spec"]["storageClassName"] == "standard"
    assert phase(cluster) == "Pending"
    cluster.pod(**mounting())
    cluster.step(1)
    assert (phase(cluster), cluster.shown()) == ("Bound", ("1/1", "Running", 0))
    [volume] = cluster.list("PersistentVolume")
    assert volume["status"]["phase"] == "Bound"
    assert volume["spec"]["capacity"] == {"storage": "1Gi"}
    assert "ProvisioningSucceeded" in cluster.reasons("data")


def test_a_claim_that_came_before_the_class_is_not_forgotten():
    cluster = WithNodes()
    cluster.create(claim())
    cluster.pod(**mounting())
    assert cluster.shown() == ("0/1", "Pending", 0)
    add_storage_class(cluster.verbs)
    cluster.step(30)
    assert (phase(cluster), cluster.shown()) == ("Bound", ("1/1", "Running", 0))


def test_a_volume_for_one_node_is_waited_for_on_another():
    cluster = WithNodes(2)
    add_storage_class(cluster.verbs)
    cluster.create(claim())
    cluster.pod("first", **mounting())
    cluster.step(1)
    elsewhere = "b" if cluster.get("Pod", "first")["spec"]["nodeName"] == "a" else "a"
    cluster.pod("second", **mounting(), nodeName=elsewhere)
    cluster.step(1)
    [volume] = (one["metadata"]["name"] for one in cluster.list("PersistentVolume"))
    said = f'Multi-Attach error for volume "{volume}" Volume is already used by pod(s) first'
    assert ("FailedAttachVolume", said) in [event[:2] for event in cluster.events("second")]
    assert cluster.shown("second") == ("0/1", "ContainerCreating", 0)
    cluster.delete("Pod", "first")
    cluster.step(5)
    assert cluster.shown("second") == ("1/1", "Running", 0)


def test_an_immediate_class_does_not_wait():
    cluster = WithNodes()
    add_storage_class(cluster.verbs)
    immediate = {"metadata": {"name": "now"}, "provisioner": "disk.playground", "volumeBindingMode": "Immediate"}
    cluster.create({"kind": "StorageClass", **immediate})
    cluster.create(claim(storageClassName="now"))
    assert phase(cluster) == "Bound"


def test_a_volume_goes_with_its_claim_and_the_claim_after_its_pod():
    cluster = WithNodes()
    add_storage_class(cluster.verbs)
    cluster.create(claim())
    cluster.pod(**mounting())
    cluster.step(1)
    assert not cluster.delete("PersistentVolumeClaim", "data")
    cluster.step(60)
    assert cluster.find("PersistentVolumeClaim", "data")
    cluster.delete("Pod", "web")
    cluster.step(1)
    assert cluster.find("PersistentVolumeClaim", "data") is None
    assert cluster.list("PersistentVolume") == []


def test_a_claim_whose_volume_is_gone_is_lost():
    cluster = WithNodes()
    add_storage_class(cluster.verbs)
    cluster.create(claim(storageClassName="standard"))
    cluster.pod(**mounting())
    cluster.step(1)
    [volume] = cluster.list("PersistentVolume")
    cluster.verbs.store.remove(cluster.verbs.kind("PersistentVolume"), volume)
    cluster.step(20)
    assert phase(cluster) == "Lost"
    assert "ClaimLost" in cluster.reasons("data")


def test_a_stateful_set_with_claims_comes_up():
    cluster = WithNodes(2)
    add_storage_class(cluster.verbs)
    template = {key: value for key, value in claim().items() if key != "kind"}
    cluster.create(workload("StatefulSet", "db", replicas=2, volumeClaimTemplates=[template]))
    cluster.step(5)
    assert cluster.get("StatefulSet", "db")["status"]["readyReplicas"] == 2
    assert [one["metadata"]["name"] for one in cluster.list("PersistentVolumeClaim")] == ["data-db-0", "data-db-1"]
