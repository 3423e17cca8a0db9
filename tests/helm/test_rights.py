"""The chart's Roles, no more and no less: with just those every command works, and every verb of them is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from playground.workspace import Workspace
from tests.harness.controlplane import ControlPlane
from tests.harness.credentials import TokenUser, write_kubeconfig
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.helm.helm import rendered
from tests.scenarios.scene import IMAGE, Scene
from tests.scenarios.stack import Json, Stack

pytestmark = pytest.mark.control_plane

PROCESSES = ("worker", "watcher")
KINDS = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass
class Bound(Stack):
    """Worker and watcher as the chart's accounts, bound to the chart's Roles by nothing but the chart."""

    kubeconfigs: dict[str, Path] = field(default_factory=dict)
    home: str = ""

    def configuration(self) -> Json:
        return {**super().configuration(), "clusters": {"main": {}}}

    def environ(self, kind: str) -> Mapping[str, str]:
        own = {"KUBECONFIG": str(self.kubeconfigs[kind])} if kind in self.kubeconfigs else {}
        return {**super().environ(kind), **own}

    def bind(self, control_plane: ControlPlane) -> None:
        self.home = control_plane.namespace()
        for obj in rendered({"config": {**self.configuration(), "environments": self._places()}}, namespace=self.home):
            if obj["kind"] in {"ServiceAccount", "Role", "RoleBinding"}:
                control_plane.apply({**obj, "metadata": {"namespace": self.home, **obj["metadata"]}})
        for process in PROCESSES:
            self.kubeconfigs[process] = self._kubeconfig(control_plane, process)
            wait_until(lambda process=process: self._acts(control_plane, process), 10)  # type: ignore[misc]

    def account(self, process: str) -> str:
        return f"system:serviceaccount:{self.home}:quarterdeck-{process}"

    def _places(self) -> Json:
        """Those of the chart's examples are taken away."""
        return {"staging": None, "prod": None, **self.configuration()["environments"]}

    def _kubeconfig(self, control_plane: ControlPlane, process: str) -> Path:
        path = f"/api/v1/namespaces/{self.home}/serviceaccounts/quarterdeck-{process}/token"
        token = control_plane.api.request("POST", path, {"spec": {"expirationSeconds": 3600}})["status"]["token"]
        file = self.folder / f"{process}.kubeconfig"
        certificate = control_plane.folder / "apiserver.crt"
        write_kubeconfig(file, server=control_plane.server, certificate=certificate, user=TokenUser(process, "", token))
        return file

    def _acts(self, control_plane: ControlPlane, process: str) -> bool:
        """RBAC reaches the authorizer a moment after its objects."""
        attributes = {"verb": "list", "group": "apps", "resource": "deployments"}
        return all(self._may(control_plane, process, {**attributes, "namespace": n}) for n in self.namespaces.values())

    def _may(self, control_plane: ControlPlane, process: str, attributes: Json) -> bool:
        review = {"spec": {"user": self.account(process), "resourceAttributes": attributes}}
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        return bool(control_plane.api.request("POST", path, review)["status"]["allowed"])


@pytest.fixture(scope="module")
def stack(control_plane: ControlPlane) -> Iterator[Bound]:
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Bound(control_plane, Path("/nowhere"), redis, workspace) as made,
    ):
        made.bind(control_plane)
        made.start()
        yield made


def changes(scene: Scene, kind: str) -> None:
    """Deploy, restart, roll back and scale: followed to the end."""
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    scene.carried_out(scene.cast.dev, f"/deploy {name} 2 to staging")
    scene.carried_out(scene.cast.dev, f"/rollback {name} in staging")
    scene.carried_out(scene.cast.dev, f"/ops restart {name} in staging")
    if kind != "DaemonSet":
        scene.carried_out(scene.cast.dev, f"/scale {name} +1 in staging")


def drifts(scene: Scene, kind: str) -> None:
    """What somebody else changes meanwhile is read again, past the caches, before approvals are void."""
    name = scene.deployed("prod", "registry.test/app:1", kind=kind)
    asked = scene.until(scene.ask(scene.cast.dev, f"/deploy {name} 2 to prod"), "awaiting approval")
    scene.change("prod", name, [{"op": "replace", "path": IMAGE, "value": "registry.test/app:3"}])
    scene.wait(lambda m: m.ts == asked.ts and "app:3" in m.plain())
    scene.press(scene.cast.dev, scene.now(asked), "Cancel")
    scene.until(asked, "cancelled")


def breaks(scene: Scene, kind: str) -> None:
    """Its cause is told, with what the pod logged."""
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    scene.ended(scene.ask(scene.cast.dev, f"/deploy {name} crash to staging"), "failed")


def is_asked_about(scene: Scene, kind: str) -> None:
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    dev, namespace = scene.cast.dev, scene.stack.namespaces["staging"]
    pod = scene.stack.cluster.get(f"/api/v1/namespaces/{namespace}/pods?labelSelector=app%3D{name}")["items"][0]
    said: dict[str, str] = {
        f"/ops history {name} in staging": "revision",
        f"/ops logs {name} in staging": f"Logs of {name}",
        f"/ops logs pod/{pod['metadata']['name']} in staging": "It is Running",
        f"/ops diff restart {name} in staging": "Only a preview",
        f"/ops logs {name}x in staging": f"Did you mean `{name}`",
        "/ops logs pod/nothing in staging": "There is no pod",
    }
    for line, answer in said.items():
        scene.say(dev, line)
        _read(scene, answer)
    scene.say(dev, f"/ops status {name} in staging")
    _read(scene, f"{name} in staging")
    scene.say(dev, "/ops status in staging")
    _read(scene, "workloads")


def _read(scene: Scene, text: str) -> None:
    """In the channel or alone, wherever the command answers."""

    def there() -> Any:
        return any(text in m.plain() for m in [*scene.messages(), *scene.whispers(scene.cast.dev)])

    scene.workspace.wait(there, 20, f"{text!r} told")


STORIES: tuple[Callable[[Scene, str], None], ...] = (changes, drifts, breaks, is_asked_about)


def test_the_roles_are_enough_for_every_command_and_no_verb_of_them_is_idle(stack: Bound, control_plane: ControlPlane):
    for kind in KINDS:
        for story in STORIES:
            stack.new_minute()
            scene = Scene(stack, stack.channel())
            story(scene, kind)
            scene.rest()
    for process in PROCESSES:
        asked = control_plane.rights_asked(stack.account(process), set(stack.namespaces.values()))
        assert asked == granted(control_plane, stack, process), process


def granted(control_plane: ControlPlane, stack: Bound, process: str) -> set[tuple[str, str]]:
    """By the Role as the API server has it."""
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{stack.namespaces['staging']}/roles/quarterdeck-{process}"
    return {
        (".".join(filter(None, [resource, *rule["apiGroups"]])), verb)
        for rule in control_plane.get(path)["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
