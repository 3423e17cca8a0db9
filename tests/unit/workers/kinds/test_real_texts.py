"""What the real scheduler writes reads as plain words: nothing that it says of nodes is left as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.controlplane import ControlPlane
from workers.kinds.faults import suspect

pytestmark = pytest.mark.control_plane

Json = dict[str, Any]
LIKE = {"matchLabels": {"app": "tried"}}
HOST = "kubernetes.io/hostname"


def near(kind: str, labels: Json = LIKE) -> Json:
    term = {"topologyKey": HOST, "labelSelector": labels}
    return {"affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def spread(key: str) -> Json:
    constraint = {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": LIKE}
    return {"topologySpreadConstraints": [constraint]}


def requesting(**amounts: str) -> Json:
    return {"containers": [{"name": "app", "image": "r/web:1", "resources": {"requests": amounts}}]}


def claiming(name: str) -> Json:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(requesting(cpu="9k"), "nodes have too little cpu", id="cpu"),
        pytest.param(
            requesting(cpu="9k", memory="9Pi"),
            "nodes have too little cpu, 3 have too little memory",
            id="two resources",
        ),
        pytest.param(
            {"nodeSelector": {"disk": "gold"}}, "nodes don't match its node selector or affinity", id="selector"
        ),
        pytest.param(
            near("podAffinity", {"matchLabels": {"no": "body"}}), "nodes don't run the pods that", id="affinity"
        ),
        pytest.param(spread("no/zone"), "nodes lack the label by which its pods are spread", id="spreading"),
        pytest.param(claiming("nowhere"), "its volume claim nowhere does not exist", id="no claim"),
        pytest.param(claiming("unbound"), "a volume claim of it is not bound to any volume", id="unbound claim"),
    ],
)
def test_why_no_node_takes_a_pod(control_plane: ControlPlane, spec: Json, words: str) -> None:
    namespace = control_plane.namespace()
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": ""}
    meta = {"namespace": namespace}
    control_plane.apply(
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {**meta, "name": "unbound"}, "spec": claim}
    )
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**meta, "name": "tried", "labels": LIKE["matchLabels"]},
        "spec": {"containers": [{"name": "app", "image": "r/web:1"}], **spec},
    }
    control_plane.apply(pod)
    seen = control_plane.wait(control_plane.path_of(pod), lambda obj: "nschedulable" in str(obj.get("status")))
    found = suspect([seen])
    assert found
    assert words in found.cause
    assert "node(s)" not in found.cause
