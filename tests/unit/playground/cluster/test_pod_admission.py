"""What every new pod gets from the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.controllers.pod_admission import PodAdmission
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]
MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), PodAdmission())


def pod(**spec: Any) -> Json:
    return {
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", "image": "web:1"}], **spec},
    }


def refusal(cluster: InProcess, obj: Json) -> str:
    with pytest.raises(StatusError) as refused:
        cluster.create(obj)
    return refused.value.message


def test_an_account_and_its_token_in_every_container(cluster: InProcess):
    spec = cluster.create(pod(initContainers=[{"name": "first", "image": "first:1"}]))["spec"]
    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("default", "default")
    [volume] = spec["volumes"]
    assert volume["name"].startswith("kube-api-access-")
    for container in (*spec["initContainers"], *spec["containers"]):
        assert container["volumeMounts"] == [{"name": volume["name"], "readOnly": True, "mountPath": MOUNT}]


@pytest.mark.parametrize("who", ["pod", "account"])
def test_no_token_for_who_does_not_want_it(cluster: InProcess, who: str):
    if who == "account":
        cluster.verbs.update(cluster.verbs.kind("ServiceAccount"),
                             {**cluster.get("ServiceAccount", "default"), "automountServiceAccountToken": False})  # fmt: skip
    spec = cluster.create(pod(**({"automountServiceAccountToken": False} if who == "pod" else {})))["spec"]
    assert "volumes" not in spec
    assert "volumeMounts" not in spec["containers"][0]


def test_the_account_s_pull_secrets(cluster: InProcess):
    secrets = [{"name": "registry"}]
    cluster.create({"kind": "ServiceAccount", "metadata": {"name": "puller"}, "imagePullSecrets": secrets})
    assert cluster.create(pod(serviceAccountName="puller"))["spec"]["imagePullSecrets"] == secrets


def test_an_account_that_is_not_there(cluster: InProcess):
    assert refusal(cluster, pod(serviceAccountName="ghost")) == (
        'pods "web" is forbidden: error looking up service account shop/ghost: serviceaccount "ghost" not found'
    )


def test_patience_with_lost_nodes_unless_the_pod_says_otherwise(cluster: InProcess):
    own = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}
    first, second = cluster.create(pod(tolerations=[own]))["spec"]["tolerations"]
    assert first == own
    assert (second["key"], second["tolerationSeconds"]) == ("node.kubernetes.io/unreachable", 300)
    cluster.delete("Pod", "web")
    everything = [{"operator": "Exists"}]
    assert cluster.create(pod(tolerations=everything))["spec"]["tolerations"] == everything


def test_priorities(cluster: InProcess):
    spec = cluster.create(pod(priorityClassName="system-cluster-critical"))["spec"]
    assert (spec["priority"], spec["preemptionPolicy"]) == (2_000_000_000, "PreemptLowerPriority")
    cluster.delete("Pod", "web")
    assert cluster.create(pod())["spec"]["priority"] == 0
    assert (
        refusal(cluster, pod(priorityClassName="gold"))
        == 'pods "web" is forbidden: no PriorityClass with name gold was found'
    )
    assert "the integer value of priority (5) must not be provided in pod spec" in refusal(cluster, pod(priority=5))


def test_a_change_adds_nothing(cluster: InProcess):
    before = cluster.create(pod())["spec"]
    after = cluster.change("Pod", "web", metadata={"labels": {"a": "b"}})["spec"]
    assert after == before
