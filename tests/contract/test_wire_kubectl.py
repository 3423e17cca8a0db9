"""What people type, side by side: each command has the same output and exit code on both servers.

Every story runs once on each cluster in a namespace of the same name; names, times and numbers that a cluster chooses are
masked, and so are the widths of columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.contract.conftest import Kubectl, kubectl_of
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

MASKS = [
    (r"web-[a-z0-9]{6,10}-[a-z0-9]{5}\b", "POD"),
    (r"web-[0-9a-f]{8,10}\b|web-[bcdfghjklmnpqrstvwxz2456789]{6,10}\b", "REPLICASET"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
    (r"\b(?:10|192|172)\.\d+\.\d+\.\d+\b", "ADDRESS"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| \+0000)", "TIME"),
    (r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000", "TIME"),
    (r"/tmp/(?:LIVE|MERGED)-\d+/", "/tmp/"),
    (r'resourceVersion: "\d+"', "resourceVersion: REVISION"),
    (r"\b(?:\d+[smhd])+(?= |$)|<invalid>", "AGE"),
    (r"pod-template-hash=\w+", "pod-template-hash=HASH"),
    (r"node-\d", "node-N"),
    (r" v1\.37\.2$", ""),  # kwok's nodes say no version
]
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: web, image: "registry.test/web:v1"}]}
"""
NEXT = DEPLOYMENT.replace("web:v1", "web:v2")
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n"


@dataclass(frozen=True)
class Step:
    """``stable`` False: run, but what it prints on the way depends on how quick the cluster is."""

    words: str
    stdin: str = ""
    stable: bool = True


def masked(text: str) -> list[str]:
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return [" ".join(line.split()) for line in text.splitlines()]


STORIES: dict[str, list[Step]] = {
    "applying": [
        Step("get deployment web"),
        Step("apply --dry-run=server -f -", DEPLOYMENT),
        Step("diff -f -", CONFIG),
        Step("apply -f -", DEPLOYMENT),
        Step("apply -f -", DEPLOYMENT),
        Step("rollout status deployment/web --timeout=30s", stable=False),
        Step("rollout status deployment/web"),
        Step("get deployment web -o wide"),
        Step("get replicasets -o wide"),
        Step("get pods --no-headers"),
        Step("get pods -l app=web -o name"),
        Step("get deployment,replicaset"),
        Step("get deployment web -o jsonpath={.status.availableReplicas}/{.spec.replicas}"),
        Step("get deployment web -o custom-columns=N:.metadata.name,I:.spec.template.spec.containers[*].image"),
        Step("diff -f -", NEXT),
        Step("apply -f -", NEXT),
        Step("rollout status deployment/web --timeout=30s", stable=False),
        Step("rollout history deployment/web"),
        Step("rollout history deployment/web --revision=2"),
        Step("annotate deployment web kubernetes.io/change-cause=second"),
        Step("rollout history deployment/web"),
        Step("rollout undo deployment/web"),
        Step("rollout status deployment/web --timeout=30s", stable=False),
        Step("rollout undo deployment/web --to-revision=9"),
        Step("rollout pause deployment/web"),
        Step("rollout pause deployment/web"),
        Step("rollout resume deployment/web"),
        Step("delete -f -", DEPLOYMENT),
        Step("wait --for=delete pod -l app=web --timeout=30s", stable=False),
        Step("get pods"),
    ],
    "changing": [
        Step("create deployment web --image=registry.test/web:v1"),
        Step("create deployment web --image=registry.test/web:v1"),
        Step("wait --for=condition=Available deployment/web --timeout=30s"),
        Step("scale deployment/web --replicas=3"),
        Step("scale deployment/missing --replicas=3"),
        Step("wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=30s"),
        Step("set image deployment/web web=registry.test/web:v2"),
        Step("set image deployment/web other=registry.test/web:v2"),
        Step("set env deployment/web A=b"),
        Step("set resources deployment/web --limits=cpu=200m"),
        Step("label deployment web tier=front"),
        Step("label deployment web tier=back"),
        Step("label deployment web tier=back --overwrite"),
        Step("label deployment web tier-"),
        Step("annotate deployment web note=x"),
        Step('patch deployment web -p {"spec":{"minReadySeconds":1}}'),
        Step('patch deployment web -p {"spec":{"minReadySeconds":1}}'),
        Step('patch deployment web --type=merge -p {"spec":{"minReadySeconds":null}}'),
        Step('patch deployment web --type=json -p [{"op":"test","path":"/spec/paused","value":true}]'),
        Step('patch deployment web --type=json -p [{"op":"replace","path":"/spec/progressDeadlineSeconds","value":60}]'),
        Step('patch deployment web -p {"spec":{"replicas":"many"}}'),
        Step('patch deployment web -p {"spec":{"replicas":-1}}'),
        Step('patch deployment web --subresource=scale --type=merge -p {"spec":{"replicas":2}}'),
        Step("rollout restart deployment/web"),
        Step("rollout status deployment/web --timeout=30s", stable=False),
        Step("get deployment web --show-labels"),
        Step("delete deployment web --cascade=orphan"),
        Step("get deployment"),
        Step("delete replicaset -l app=web", stable=False),
        Step("delete deployment web"),
        Step("delete deployment web --ignore-not-found"),
    ],
    "describing": [
        Step("apply -f -", DEPLOYMENT),
        Step("rollout status deployment/web --timeout=30s", stable=False),
        Step("describe deployment web"),
        Step("describe replicaset -l app=web"),
        Step("get all"),
        Step("get deployment web -o yaml"),
        Step("describe serviceaccount default"),
        Step("describe namespace describing"),
        Step("create quota small --hard=pods=5"),
        Step("wait --for=jsonpath={.status.used.pods}=2 quota/small --timeout=30s"),
        Step("describe quota small"),
        Step("get quota"),
        Step("create pdb half --selector=app=web --min-available=1"),
        Step("wait --for=jsonpath={.status.disruptionsAllowed}=1 pdb/half --timeout=30s"),
        Step("describe pdb half"),
        Step("get pdb"),
        Step("create secret generic hidden --from-literal=a=b"),
        Step("describe secret hidden"),
        Step("get secret hidden -o yaml"),
        Step("expose deployment web --port=80"),
        Step("get service web"),
        Step("create role reader --verb=get --resource=pods"),
        Step("describe role reader"),
        Step("create rolebinding readers --role=reader --user=bob"),
        Step("describe rolebinding readers"),
        Step("get rolebinding -o wide"),
    ],
    "server-side": [
        Step("apply --server-side -f -", CONFIG),
        Step("apply --server-side -f -", CONFIG.replace("a: b", "a: c")),
        Step("apply --server-side --field-manager=other -f -", CONFIG),
        Step("apply --server-side --field-manager=other --force-conflicts -f -", CONFIG),
        Step("get configmap settings -o yaml"),
        Step("get configmap settings -o yaml --show-managed-fields"),
        Step("diff --server-side -f -", CONFIG.replace("a: b", "z: y")),
        Step("replace -f -", CONFIG.replace("a: b", "a: d")),
        Step("create -f -", CONFIG),
        Step("create --dry-run=server -f -", CONFIG.replace("settings", "other")),
        Step("apply -f -", CONFIG.replace("data:", "dat:")),
        Step("apply --validate=false -f -", CONFIG.replace("data:", "dat:")),
        Step("get configmap settings -o jsonpath={.data}"),
        Step("get configmaps"),
        Step("get configmap settings missing"),
        Step("get configmap --field-selector=metadata.name=settings"),
        Step("get configmap --field-selector=data=x"),
        Step("describe configmap settings"),
        Step("delete configmap settings --dry-run=server"),
        Step("delete configmap --all"),
        Step("get events --field-selector=reason=None"),
    ],
}  # fmt: skip
OF_THE_CLUSTER = [
    Step("version -o json", stable=False),
    Step("get nodes"),
    Step("cordon node-3"),
    Step("cordon node-3"),
    Step("get node node-3"),
    Step("uncordon node-3"),
    Step("uncordon node-9"),
    Step("taint node node-3 a=b:NoSchedule"),
    Step("taint node node-3 a=b:NoSchedule-"),
    Step("get namespace default kube-system"),
    Step("get --raw /healthz"),
    Step("get --raw /api/v1/namespaces/missing"),
    Step("create namespace default"),
    Step("auth can-i create deployments.apps"),
    Step("auth can-i get deployments --as=nobody"),
    Step("auth can-i get nodes --as=nobody"),
    Step("get pods --as=nobody"),
    Step("get clusterrole view cluster-admin"),
    Step("exec missing -- ls"),
    Step("logs missing"),
    Step("rollout status deployment/missing"),
    Step("get deployment.v1.apps/missing"),
]


@pytest.mark.control_plane
@pytest.mark.parametrize("name", [*STORIES, "of-the-cluster"])
def test_each_command_says_the_same(
    simulated_cluster: SimulatedCluster,
    control_plane: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
):
    told: list[Callable[[Step], tuple[int, list[str], list[str]]]] = []
    for cluster in (simulated_cluster, control_plane):
        cluster.namespace(name)
        told.append(teller(kubectl_of(cluster, name, tmp_path_factory)))
    differences = []
    for step in STORIES.get(name, OF_THE_CLUSTER):
        simulated, real = (tell(step) for tell in told)
        if simulated != real and (step.stable or simulated[0] != real[0]):
            differences.append((step.words, simulated, real))
    assert differences == []


def teller(kubectl: Kubectl) -> Callable[[Step], tuple[int, list[str], list[str]]]:
    def tell(step: Step) -> tuple[int, list[str], list[str]]:
        code, out, err = kubectl(*step.words.split(" "), stdin=step.stdin)
        return code, masked(out), masked(err)

    return tell
