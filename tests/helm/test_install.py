"""A release from its first day to its rollback, where nothing but *restricted* pods is admitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.harness.api import Api, Json
from tests.harness.controlplane import ControlPlane
from tests.helm.helm import CHART, RELEASE, TRIAL, VALUES, helm, merged

pytestmark = pytest.mark.control_plane

CLASS = "tried"
PODS = 7
"""Two of each process, and Redis."""


@dataclass
class Release:
    """Helm's, in a namespace of its own; ``spaces`` are those of staging and prod."""

    cluster: ControlPlane
    namespace: str
    spaces: Sequence[str]

    def helm(self, *words: str, values: Json | None = None) -> str:
        where = ("--namespace", self.namespace)
        return helm(*words, *where, values=values, kubeconfig=self.cluster.kubeconfig)

    def values(self, **config: Json) -> Json:
        places = {name: {"namespace": space} for name, space in zip(("staging", "prod"), self.spaces, strict=True)}
        over = merged(TRIAL, {"redis": {"trial": {"storageClass": CLASS}}, "slack": {"http": True}})
        return merged(merged(VALUES, over), {"config": merged({"environments": places}, config)})

    def roles(self, space: str) -> list[str]:
        path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{space}/roles"
        return sorted(role["metadata"]["name"] for role in self.cluster.get(path)["items"])

    def token(self, account: str) -> str:
        path = f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{account}/token"
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}}
        return str(self.cluster.api.request("POST", path, asked)["status"]["token"])


@pytest.fixture(scope="module")
def release(control_plane: ControlPlane) -> Iterator[Release]:
    """Installed, with a volume for its Redis."""
    namespace, staging, prod = (control_plane.namespace() for _ in range(3))
    enforce = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    control_plane.patch(f"/api/v1/namespaces/{namespace}", enforce)
    control_plane.apply(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": f"volume-{namespace}"},
            "spec": {
                "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": CLASS,
                "hostPath": {"path": "/nowhere"},
            },
        }
    )  # fmt: skip
    made = Release(control_plane, namespace, (staging, prod))
    made.helm("install", RELEASE, str(CHART), "--wait", "--timeout", "60s", values=made.values())
    yield made
    made.helm("uninstall", RELEASE)


def test_every_pod_is_admitted_and_gets_ready(control_plane: ControlPlane, release: Release):
    found = control_plane.get(f"/api/v1/namespaces/{release.namespace}/pods")["items"]
    assert len(found) == PODS
    for pod in found:
        assert {"type": "Ready", "status": "True"}.items() <= _ready(pod).items(), pod["metadata"]["name"]


def _ready(pod: Json) -> Json:
    return next(c for c in pod["status"]["conditions"] if c["type"] == "Ready")


def test_helms_own_tests_run_check_as_each_process(control_plane: ControlPlane, release: Release):
    told = release.helm("test", RELEASE, "--timeout", "60s")
    for process in ("bot", "worker", "watcher"):
        assert f"quarterdeck-check-{process}" in told
    assert told.count("Succeeded") == 3


def test_the_bots_account_can_do_nothing(control_plane: ControlPlane, release: Release):
    """No more than any account at all: ask who it is and what it may do."""
    bot, anybody = (_may(control_plane, release, account) for account in ("quarterdeck-bot", "default"))
    assert bot == anybody
    resources = {resource for _, _, resources in set().union(*bot) for resource in resources}
    assert resources == {
        "selfsubjectreviews",
        "selfsubjectaccessreviews",
        "selfsubjectrulesreviews",
        "clustertrustbundles",
    }
    assert _may(control_plane, release, "quarterdeck-watcher") != anybody


Rule = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _may(control_plane: ControlPlane, release: Release, account: str) -> list[set[Rule]]:
    """Its verbs, groups and resources in each namespace that matters."""
    api = Api(control_plane.server, release.token(account), control_plane.folder / "apiserver.crt")
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    spaces = (release.namespace, *release.spaces, "kube-system")
    answers = [api.request("POST", path, {"spec": {"namespace": space}})["status"] for space in spaces]
    api.close()
    assert not any(answer["incomplete"] and answer.get("evaluationError") for answer in answers)
    return [{_rule(rule) for rule in answer["resourceRules"]} for answer in answers]


def _rule(rule: Json) -> Rule:
    verbs, groups, resources = (tuple(sorted(rule[key])) for key in ("verbs", "apiGroups", "resources"))
    return verbs, groups, resources


def test_an_upgrade_and_its_rollback_take_rights_with_them(control_plane: ControlPlane, release: Release):
    space = control_plane.namespace()
    moon = {"moon": {"cluster": "main", "namespace": space}}
    release.helm("upgrade", RELEASE, str(CHART), "--wait", "--timeout", "60s", values=release.values(environments=moon))
    assert release.roles(space) == ["quarterdeck-watcher", "quarterdeck-worker"]
    release.helm("rollback", RELEASE, "1", "--wait", "--timeout", "60s")
    assert release.roles(space) == []
    assert release.roles(release.spaces[0]) == ["quarterdeck-watcher", "quarterdeck-worker"]
