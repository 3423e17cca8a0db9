"""Each cause of a broken rollout, as the channel reads it: one sentence, in plain words.

What a scheduler, a quota or a missing account does, the real control plane does too; what only a kubelet knows is shown
there by kwok's stages, and what not even those can show by the simulator alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.harness.api import ApiError
from tests.harness.processes import wait_until
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Cast

Json = dict[str, Any]
IMAGE = "registry.test/web:1.4.1"
PROBE = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1, "failureThreshold": 1}


@dataclass(frozen=True)
class Broken:
    """What a workload is like whose next version breaks, and what is said then ("{web}" for its name)."""

    cause: str
    tag: str = "2"
    pod: Json = field(default_factory=dict)
    container: Json = field(default_factory=dict)
    kind: str = "Deployment"
    image: str = IMAGE
    begins_well: bool = True
    """Else it has been broken ever since: the same cause, and quicker to set up."""
    spec: Mapping[str, Any] = field(default_factory=dict)
    environment: str = "touchy"
    """Where what may pass by itself is borne for a second only; elsewhere nothing counts but proof."""


ANYWHERE = {
    "key missing": Broken(
        "Container {web} needs the key LOG_LEVEL of the ConfigMap web-config, which has no such key.", "keymissing"
    ),
    "liveness probe": Broken(
        "Container {web} is killed because its liveness probe fails: ",
        "ill",
        container={"livenessProbe": PROBE},
        environment="staging",  # before it is killed it may well be unready for a second
    ),
    "readiness probe": Broken(
        "Container {web} runs but is not ready: its readiness probe fails: HTTP probe failed with statuscode: 503.",
        "unready",
        container={"readinessProbe": PROBE},
    ),
    "start-up probe": Broken(
        "Container {web} runs but is not ready: its start-up probe fails: HTTP probe failed with statuscode: 503.",
        "unstarted",
        container={"startupProbe": {**PROBE, "failureThreshold": 100}},
    ),
    "init container": Broken(
        "Init container setup exits with code 1 (CrashLoopBackOff).",
        "crash",
        spec={"init_containers": {"setup": IMAGE}},
    ),
    "volume claim missing": Broken(
        "No node takes the pod: its volume claim nowhere does not exist.",
        pod={"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "nowhere"}}]},
        begins_well=False,
    ),
    "volume claim that nobody binds": Broken(
        "No node takes the pod: a volume claim of it is not bound to any volume.",
        pod={"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "unbound"}}]},
        begins_well=False,
    ),
    "admission": Broken(
        "Pods cannot be created: their service account nobody does not exist.",
        pod={"serviceAccountName": "nobody"},
        begins_well=False,
    ),
    "admission of a StatefulSet's pods": Broken(
        "Pods cannot be created: their service account nobody does not exist.",
        pod={"serviceAccountName": "nobody"},
        begins_well=False,
        kind="StatefulSet",
    ),
    "quota": Broken(
        "Pods cannot be created: quota shared leaves no room (requests.example.com/gold=1 asked for, ",
        container={"resources": {"limits": {"example.com/gold": "1"}}},
        begins_well=False,
    ),
}
SETTINGS = {"volumes": [{"name": "settings", "configMap": {"name": "nowhere"}}]}
SHARED = {
    "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "shared"}}],
    "affinity": {
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"holds": "shared"}}}
            ]
        }
    },
}
"""The next pod has to go to another node, where the volume is not."""
SIMULATED = {
    "invalid image name": Broken(
        "Container misspelt: registry.test/Misspelt:2 is no valid image name.",
        image="registry.test/Misspelt:1",
        begins_well=False,
        spec={"name": "misspelt"},
    ),
    "mounted settings missing": Broken(
        "The pod needs the ConfigMap nowhere, which does not exist.", pod=SETTINGS, begins_well=False
    ),
    "mounted key missing": Broken(
        "The pod needs the key app.yaml of the ConfigMap shared, which has no such key.",
        pod={
            "volumes": [
                {
                    "name": "settings",
                    "configMap": {"name": "shared", "items": [{"key": "app.yaml", "path": "app.yaml"}]},
                }
            ]
        },
        begins_well=False,
    ),
    "volume in use elsewhere": Broken(
        "and can only be at one node at a time.", pod=SHARED, spec={"labels": {"holds": "shared"}}
    ),
}


REAL = {
    "policy": Broken(
        "Pods cannot be created: policy shared refuses them: nobody holds a policy.",
        begins_well=False,
        spec={"labels": {"holds": "policy"}},
    ),
    "webhook that does not answer": Broken(
        "Pods cannot be created: admission webhook shared.example.com does not answer: Post ",
        begins_well=False,
        spec={"labels": {"holds": "webhook"}},
    ),
}
PODS = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
CLAIM: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "shared",
        "resources": {"requests": {"storage": "1Gi"}},
    },
}

NEEDS: Mapping[str, tuple[Json, ...]] = {
    "mounted key missing": ({"apiVersion": "v1", "kind": "ConfigMap", "data": {"other.yaml": "{}"}},),
    "quota": ({"apiVersion": "v1", "kind": "ResourceQuota", "spec": {"hard": {"requests.example.com/gold": "0"}}},),
    "volume claim that nobody binds": (
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "provisioner": "nobody.example.com",
            "metadata": {"name": "unbound"},
        },
        {**CLAIM, "metadata": {"name": "unbound"}, "spec": {**CLAIM["spec"], "storageClassName": "unbound"}},
    ),
    "volume in use elsewhere": (
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "disk.playground"},
        CLAIM,
    ),
    "policy": (
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "spec": {
                "matchConstraints": {
                    "resourceRules": [PODS],
                    "objectSelector": {"matchLabels": {"holds": "policy"}},
                },
                "validations": [{"expression": "false", "message": "nobody holds a policy"}],
            },
        },
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "spec": {"policyName": "shared", "validationActions": ["Deny"]},
        },
    ),
    "webhook that does not answer": (
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "webhooks": [
                {
                    "name": "shared.example.com",
                    "clientConfig": {"url": "https://127.0.0.1:1/"},
                    "rules": [PODS],
                    "objectSelector": {"matchLabels": {"holds": "webhook"}},
                    "sideEffects": "None",
                    "admissionReviewVersions": ["v1"],
                }
            ],
        },
    ),
}
"""What else has to be there; called "shared" where it has no other name."""


def prepare(scene: Scene, name: str) -> None:
    for obj in NEEDS.get(name, ()):
        place = {"namespace": scene.stack.namespaces["touchy"]} if obj["apiVersion"] == "v1" else {}
        scene.stack.cluster.apply({**obj, "metadata": {"name": "shared", **obj.get("metadata", {}), **place}})


def breaks(scene: Scene, cast: Cast, case: Broken) -> None:
    web = scene.deployed(
        case.environment,
        case.image,
        kind=case.kind,
        replicas=1,
        pod=case.pod,
        container=case.container,
        wait=case.begins_well,
        **case.spec,
    )
    asked = scene.ask(cast.dev, f"/deploy {web} {case.tag} to {case.environment}")
    failed = scene.ended(asked, "failed")
    cause = case.cause.format(web=web)
    assert cause in failed.plain()
    assert cause[1:].rstrip(".") in scene.replied(failed, "Why:").plain().replace("`", "")


@pytest.mark.parametrize("name", ANYWHERE)
def test_it_is_told_in_a_sentence(scene: Scene, cast: Cast, name: str) -> None:
    prepare(scene, name)
    breaks(scene, cast, ANYWHERE[name])


def test_what_each_node_lacks_is_told(scene: Scene, cast: Cast) -> None:
    """Which taint it is, schedulers of 1.37 do not say."""
    tainted, wanted = (
        "/api/v1/nodes/node-1",
        {"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["node-2"]},
    )
    terms = {"nodeSelectorTerms": [{"matchExpressions": [wanted]}]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}
    scene.stack.cluster.patch(tainted, {"spec": {"taints": [{"key": "dedicated", "effect": "NoSchedule"}]}})
    case = Broken(
        "No node takes the pod: 1 of 3 nodes has too little memory, 1 doesn't match its node selector or affinity, "
        "1 has a taint that it does not tolerate.",
        pod={"affinity": affinity},
        container={"resources": {"requests": {"memory": "900Ti"}}},
        begins_well=False,
    )
    try:
        breaks(scene, cast, case)
    finally:
        scene.stack.cluster.patch(tainted, {"spec": {"taints": None}})


@pytest.mark.parametrize("cluster", ["simulator"], indirect=True)
@pytest.mark.parametrize("name", SIMULATED)
def test_it_is_told_in_a_sentence_where_kubelets_are_played(scene: Scene, cast: Cast, name: str) -> None:
    prepare(scene, name)
    breaks(scene, cast, SIMULATED[name])


@pytest.mark.parametrize("cluster", [pytest.param("real", marks=pytest.mark.control_plane)], indirect=True)
@pytest.mark.parametrize("name", REAL)
def test_it_is_told_in_a_sentence_where_admission_is_not_played(scene: Scene, cast: Cast, name: str) -> None:
    prepare(scene, name)
    wait_until(lambda: is_refused(scene, REAL[name].spec["labels"]), SECONDS)
    breaks(scene, cast, REAL[name])


def is_refused(scene: Scene, labels: Mapping[str, str]) -> bool:
    """Whether a pod with these labels is by now: what decides on admission learns of it a moment later."""
    namespace = scene.stack.namespaces["touchy"]
    meta, spec = {"name": "tried", "labels": labels}, {"containers": [{"name": "web", "image": IMAGE}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
    try:
        scene.stack.cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/pods", pod, query={"dryRun": "All"})
    except ApiError:
        return True
    return False


def test_what_a_secret_holds_is_not_shown_though_the_program_prints_it(scene: Scene, cast: Cast) -> None:
    place = {"name": "login", "namespace": scene.stack.namespaces["quiet"]}
    held = {"word": "swordfish", "address": "db.internal.test"}
    scene.stack.cluster.apply({"apiVersion": "v1", "kind": "Secret", "metadata": place, "stringData": held})
    scene.stack.cluster.logs.write("asking db.internal.test", "swordfish was refused", previous=True)
    web = scene.deployed("quiet", replicas=1, container={"envFrom": [{"secretRef": {"name": "login"}}]})
    failed = scene.ended(scene.ask(cast.dev, f"/deploy {web} crash to quiet"), "failed")
    why = scene.replied(failed, "Why:").plain()
    assert "asking [redacted]" in why
    assert "[redacted] was refused" in why
    assert "swordfish" not in "".join(message.plain() for message in scene.thread(failed))
    scene.say(cast.dev, f"/ops logs {web} in quiet previous")
    assert "asking [redacted]" in scene.told(cast.dev, "Logs of ").plain()
    live = scene.live("quiet", web)
    about = {"kind": "Deployment", "name": web, "namespace": place["namespace"], "uid": live["metadata"]["uid"]}
    told = {"type": "Warning", "reason": "Odd", "message": "swordfish came by", "involvedObject": about}
    told |= {"metadata": {**place, "name": "odd"}, "lastTimestamp": live["metadata"]["creationTimestamp"]}
    scene.stack.cluster.apply({"apiVersion": "v1", "kind": "Event", **told})
    scene.say(cast.dev, f"/ops status {web} in quiet")
    assert "[redacted] came by" in scene.wait(f"{web} in quiet: ").plain()
