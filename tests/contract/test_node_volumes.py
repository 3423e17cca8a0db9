"""Claims and volumes: what both servers store and refuse, how they come together, and what kubectl prints of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract import telling, terminal
from tests.contract.telling import Say
from tests.contract.terminal import Terminal
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane
CSI = "csi.example"


def claim(name: str, **spec: Any) -> Json:
    whole = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": whole}


def volume(name: str, **spec: Any) -> Json:
    whole = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "2Gi"}, "hostPath": {"path": "/x"}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": whole}


def storage_class(name: str, **more: Any) -> Json:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name},
        "provisioner": CSI,
        **more,
    }


def together(*objects: Json) -> str:
    return "\n".join(map(json.dumps, objects))


def refused(say: Say) -> None:
    for spec in (
        {"accessModes": []},
        {"accessModes": ["x"], "resources": {}},
        {"resources": {"requests": {"storage": "0"}}},
    ):
        say("POST", "persistentvolumeclaims", claim("wrong", **spec))
    for spec in (
        {"accessModes": [], "capacity": None}, {"hostPath": None}, {"hostPath": {"path": ""}, "nfs": {"server": "a", "path": "/b"}},
        {"persistentVolumeReclaimPolicy": "Burn"}, {"accessModes": ["ReadSometimes"]},
    ):  # fmt: skip
        say("POST", "persistentvolumes", volume("wrong", **spec))
    say(
        "POST", "storageclasses", storage_class("wrong", volumeBindingMode="Soon", reclaimPolicy="Burn", provisioner="")
    )
    say("POST", "storageclasses", storage_class("fixed"))
    for change in ({"provisioner": "other"}, {"reclaimPolicy": "Retain"}, {"volumeBindingMode": "WaitForFirstConsumer"},
                   {"parameters": {"a": "b"}}):  # fmt: skip
        say("PATCH", "storageclasses/fixed", change, telling.MERGE)
    say("PATCH", "storageclasses/fixed", {"allowVolumeExpansion": True}, telling.MERGE)
    say("DELETE", "storageclasses/fixed")


def stored(say: Say) -> None:
    say("POST", "persistentvolumeclaims", claim("kept", storageClassName="nowhere"))
    say("POST", "persistentvolumes", volume("kept", storageClassName="nowhere-else"))
    say("PATCH", "persistentvolumeclaims/kept", {"metadata": {"labels": {"a": "b"}}}, telling.MERGE)
    say("GET", "persistentvolumes/kept")
    say("DELETE", "persistentvolumes/kept")


def typed(terminal: Terminal) -> None:
    namespace = terminal._kubectl.namespace
    claims = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"

    def phase(where: str, wanted: str) -> None:
        terminal.cluster.wait(where, lambda one: one["status"]["phase"] == wanted)

    def make(*objects: Json) -> None:
        terminal("apply", "-f", "-", stdin=together(*objects))

    make(
        volume("small", storageClassName="by-hand"),
        volume("large", storageClassName="by-hand", capacity={"storage": "9Gi"}),
    )
    phase("/api/v1/persistentvolumes/small", "Available")
    phase("/api/v1/persistentvolumes/large", "Available")
    make(claim("one", storageClassName="by-hand"))
    phase(f"{claims}/one", "Bound")
    make(claim("two", storageClassName="by-hand", resources={"requests": {"storage": "5Gi"}}))
    phase(f"{claims}/two", "Bound")
    phase("/api/v1/persistentvolumes/large", "Bound")
    make(claim("three", storageClassName="by-hand", accessModes=["ReadWriteMany"]))
    terminal("get", "pvc", "-o", "wide")
    terminal("get", "pv", "small", "large", "-o", "wide")
    terminal("delete", "pvc", "one")
    phase("/api/v1/persistentvolumes/small", "Released")
    terminal("get", "pv", "small")
    terminal("delete", "pv", "small")
    terminal("delete", "pvc", "two", "three")
    terminal("delete", "pv", "large")


def used(terminal: Terminal) -> None:
    namespace = terminal._kubectl.namespace
    claims = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"
    mounted = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "in-use"}}]}
    spec = {"containers": [{"name": "web", "image": "r/web:v1"}], **mounted}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "user"}, "spec": spec}
    objects = (volume("in-use", storageClassName="used"), claim("in-use", storageClassName="used"), pod)
    terminal("apply", "-f", "-", stdin=together(*objects))
    terminal.cluster.wait(f"/api/v1/namespaces/{namespace}/pods/user", lambda pod: pod["status"]["phase"] == "Running")

    def in_use(claim: Json) -> bool:
        return any(
            one["type"] == "Unused" and one["status"] == "False" for one in claim["status"].get("conditions", [])
        )

    terminal.note(
        [
            {**one, "lastTransitionTime": ""}
            for one in terminal.cluster.wait(f"{claims}/in-use", in_use)["status"]["conditions"]
        ]
    )
    terminal("delete", "pvc", "in-use", "--wait=false")
    terminal("get", "pvc")
    terminal("delete", "pod", "user")
    terminal.cluster.wait_gone(f"{claims}/in-use")
    terminal("delete", "pv", "in-use")


EXPECTED = {
    "unbound": "FailedBinding",
    "nowhere": "ProvisioningFailed",
    "lazy": "WaitForFirstConsumer",
    "external": "ExternalProvisioning",
}


def why_pending(terminal: Terminal) -> None:
    namespace = terminal._kubectl.namespace
    classes = (storage_class("lazy", volumeBindingMode="WaitForFirstConsumer"), storage_class("external"))
    claims = [claim(name, storageClassName="" if name == "unbound" else name) for name in EXPECTED]
    for one in classes:
        terminal.cluster.apply(one)
    terminal("apply", "-f", "-", stdin=together(*claims))
    path = f"/api/v1/namespaces/{namespace}/events"
    found = terminal.cluster.wait_items(
        path, lambda events: {one["involvedObject"]["name"] for one in events} == set(EXPECTED)
    )
    fields = ("type", "reason", "message", "source", "reportingComponent")
    terminal.note(
        sorted(([one["involvedObject"]["name"], *(one[field] for field in fields)] for one in found), key=str)
    )
    terminal("get", "pvc")
    terminal("get", "sc", "lazy", "external")
    terminal("describe", "pvc", "lazy", "nowhere")
    terminal("delete", "sc", "lazy", "external")


@pytest.mark.parametrize("story", [refused, stored], ids=lambda story: story.__name__)
def test_asked(
    story: telling.Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
) -> None:
    telling.same(story, simulated_cluster, control_plane)


@pytest.mark.parametrize("story", [typed, used, why_pending], ids=lambda story: story.__name__)
def test_typed(
    story: terminal.Story,
    simulated_cluster: SimulatedCluster,
    control_plane: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    terminal.same(story, simulated_cluster, control_plane, tmp_path_factory.mktemp("homes"))
