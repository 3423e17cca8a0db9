"""Everything that Quarterdeck is, with the accounts, the Roles and the environment that the chart gives each process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from playground.workspace import Workspace
from tests.harness.cluster import Cluster
from tests.harness.controlplane import ControlPlane
from tests.harness.credentials import TokenUser, write_kubeconfig
from tests.harness.processes import Child, wait_until
from tests.harness.redis import RedisServer
from tests.helm.helm import pods, rendered
from tests.scenarios.stack import SECONDS, Json, Stack

PROCESSES = ("worker", "watcher")


def stack_on(cluster: Cluster, redis: RedisServer, workspace: Workspace, **how: Any) -> Stack:
    """On a real control plane with the chart's rights and no others; on the played one as its administrator."""
    kind = Bound if isinstance(cluster, ControlPlane) else Stack
    return kind(cluster, cluster.kubeconfig, redis, workspace, **how)


@dataclass
class Bound(Stack):
    """Worker and watcher are the chart's accounts. The bot's kubeconfig is a trap: a pipe, from which nothing is ever read.

    Roles are made for the configuration as it is when the first process starts.
    """

    kubeconfigs: dict[str, Path] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    """By process, the environment variables that the chart gives it."""
    home_namespace: str = ""

    @property
    def control_plane(self) -> ControlPlane:
        assert isinstance(self.cluster, ControlPlane)
        return self.cluster

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

    def spawn(self, name: str, **how: Any) -> Child:
        if not self.names:
            self.bind()
        return super().spawn(name, **how)

    def bind(self) -> None:
        self.home_namespace = self.control_plane.namespace()
        values = {"config": self.configuration(), "slack": {"http": self.http is not None}}
        objects = rendered(values, namespace=self.home_namespace)
        for obj in objects:
            if obj["kind"] in {"ServiceAccount", "Role", "RoleBinding"}:
                self.cluster.apply({**obj, "metadata": {"namespace": self.home_namespace, **obj["metadata"]}})
        specs = pods(objects)
        self.names = {p: [each["name"] for each in specs[p]["containers"][0]["env"]] for p in ("bot", *PROCESSES)}
        for process in PROCESSES:
            self.kubeconfigs[process] = self._kubeconfig(process)
            for role in (o for o in objects if o["kind"] == "Role" and o["metadata"]["name"].endswith(process)):
                wait_until(partial(self._acts, process, role), SECONDS)
        self.kubeconfigs["bot"] = self.folder / "trap"
        os.mkfifo(self.kubeconfigs["bot"])

    @property
    def writer(self) -> str:
        return self.account("worker")

    def account(self, process: str) -> str:
        return f"system:serviceaccount:{self.home_namespace}:quarterdeck-{process}"

    def token(self, process: str) -> str:
        """Of the process's account, good for an hour; of ``nobody``, that of an account that is there by itself."""
        account = "default" if process == "nobody" else f"quarterdeck-{process}"
        path = f"/api/v1/namespaces/{self.home_namespace}/serviceaccounts/{account}/token"
        answer = self.cluster.api.request("POST", path, {"spec": {"expirationSeconds": 3600}})
        return str(answer["status"]["token"])

    def token_of(self, process: str) -> str:
        """The one in its kubeconfig."""
        found: str = yaml.safe_load(self.kubeconfigs[process].read_text())["users"][0]["user"]["token"]
        return found

    def _kubeconfig(self, process: str) -> Path:
        file, plane = self.folder / f"{process}.kubeconfig", self.control_plane
        certificate, user = plane.folder / "apiserver.crt", TokenUser(process, "", self.token(process))
        write_kubeconfig(file, server=plane.server, certificate=certificate, user=user)
        return file

    def _acts(self, process: str, role: Json) -> bool:
        """By the first of its rules: RBAC reaches the authorizer a moment after its objects."""
        rule, namespace = role["rules"][0], role["metadata"]["namespace"]
        resource, _, subresource = rule["resources"][0].partition("/")
        attributes = {"verb": rule["verbs"][0], "group": rule["apiGroups"][0], "resource": resource}
        return self.may(process, {**attributes, "subresource": subresource, "namespace": namespace})

    def may(self, process: str, attributes: Json) -> bool:
        review = {"spec": {"user": self.account(process), "resourceAttributes": attributes}}
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        return bool(self.cluster.api.request("POST", path, review)["status"]["allowed"])
