"""Everything that Quarterdeck is, with the accounts, the Roles and the environment that the chart gives each process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.harness.controlplane import ControlPlane
from tests.harness.credentials import TokenUser, write_kubeconfig
from tests.harness.processes import wait_until
from tests.helm.helm import pods, rendered
from tests.scenarios.stack import Json, Stack

PROCESSES = ("worker", "watcher")


@dataclass
class Bound(Stack):
    """Worker and watcher are the chart's accounts. The bot's kubeconfig is a trap: a pipe, from which nothing is ever read."""

    kubeconfigs: dict[str, Path] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    """By process, the environment variables that the chart gives it."""
    home: str = ""

    def configuration(self) -> Json:
        return {**super().configuration(), "clusters": {"main": {}}}

    def environ(self, kind: str) -> Mapping[str, str]:
        """The chart's, and where Slack and the cluster are in place of the real ones."""
        usual = super().environ("bot")
        if kind not in self.names:
            return usual
        own = {**usual, "QUARTERDECK_CONFIG": str(self.config)}
        shared = {name: value for name, value in usual.items() if not name.startswith(("SLACK_", "REDIS_"))}
        slack = {"SLACK_API_URL": self.workspace.url} if kind == "bot" else {}
        return {
            **shared,
            **slack,
            **{name: own[name] for name in self.names[kind]},
            "KUBECONFIG": str(self.kubeconfigs[kind]),
        }

    def bind(self, control_plane: ControlPlane) -> None:
        self.home = control_plane.namespace()
        objects = rendered({"config": self.configuration()}, namespace=self.home)
        for obj in objects:
            if obj["kind"] in {"ServiceAccount", "Role", "RoleBinding"}:
                control_plane.apply({**obj, "metadata": {"namespace": self.home, **obj["metadata"]}})
        specs = pods(objects)
        self.names = {p: [each["name"] for each in specs[p]["containers"][0]["env"]] for p in ("bot", *PROCESSES)}
        for process in PROCESSES:
            self.kubeconfigs[process] = self._kubeconfig(control_plane, process)
            wait_until(partial(self._acts, control_plane, process), 10)
        self.kubeconfigs["bot"] = self.folder / "trap"
        os.mkfifo(self.kubeconfigs["bot"])

    def account(self, process: str) -> str:
        return f"system:serviceaccount:{self.home}:quarterdeck-{process}"

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
