"""A real Kubernetes control plane for one test process: API server, controllers, scheduler; kwok plays the nodes."""

import os
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import urllib3
import yaml

from tests.harness import audit
from tests.harness.api import Api, ApiError, Json
from tests.harness.audit import AuditLog, Write
from tests.harness.cluster import Cluster
from tests.harness.components import Components, find_assets
from tests.harness.credentials import MASTERS, TokenUser, write_kubeconfig, write_signing_key, write_tokens
from tests.harness.podlogs import PodLogs
from tests.harness.ports import free_ports
from tests.harness.processes import Child, wait_until
from tests.harness.stages import stages

_START_SECONDS = 60.0
_HARNESS = "harness"
_CONTROLLERS = ("kube-controller-manager", "kube-scheduler", "kwok")
_USERS = ("admin", _HARNESS, *audit.COMPONENTS)


class ControlPlane(Cluster):
    """Starts when made; `stop` ends it. Its processes die with this process, however that ends.

    Users with tokens: `admin` (may do everything; `.kubeconfig`), the harness itself, and those in `users`, who may
    do nothing until `grant`. `logs` holds what containers "printed".
    """

    def __init__(self, *, nodes: int = 3, users: Sequence[str] = ("powerless", "quarterdeck")) -> None:
        """Start all programs and wait until the nodes are Ready: about four seconds."""
        self._temporary = tempfile.TemporaryDirectory(prefix="control-plane-")
        self.folder = Path(self._temporary.name)
        self._components = Components(find_assets(), self.folder, *free_ports(4))
        self._users = {name: TokenUser(name, MASTERS) for name in _USERS} | {name: TokenUser(name) for name in users}
        self._children: dict[str, Child] = {}
        self.logs = PodLogs(self.folder)
        self._audit = AuditLog(self.folder / "audit.log")
        try:
            self._start(nodes)
        except BaseException:
            self._end()
            raise

    @property
    def server(self) -> str:
        """The API server's base URL."""
        return self._components.server

    @property
    def kubeconfig(self) -> Path:
        """Path of the administrator's kubeconfig."""
        return self.kubeconfig_for("admin")

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by program name."""
        return {name: child.pid for name, child in self._children.items()}

    def kubeconfig_for(self, user: str) -> Path:
        """Path of a kubeconfig with the token of `admin` or of one of the `users` given at start."""
        path = self.folder / f"{user.replace(':', '-')}.kubeconfig"
        write_kubeconfig(path, server=self.server, certificate=self._components.certificate, user=self._users[user])
        return path

    def writes(
        self,
        resource: str | None = None,
        namespace: str | None = None,
        *,
        dry_run: bool | None = False,
        user: str | None = None,
    ) -> list[Write]:
        """Return the write requests so far, refused ones included, oldest first.

        By default those of everyone but the harness itself and the cluster's own components; `user` asks for one.
        `resource` is the plural (`deployments`). `dry_run`: False real writes, True dry runs, None both.
        """
        self._fence()
        return [
            write
            for write in self._audit.writes()
            if resource in {None, write.resource}
            and namespace in {None, write.namespace}
            and dry_run in {None, write.dry_run}
            and (write.user == user if user else not _is_ours(write.user))
        ]

    def rights_asked(self, account: str, namespaces: Collection[str]) -> set[tuple[str, str]]:
        """What a service account has asked for in these namespaces so far: (``deployments.apps``, ``patch``) and so on."""
        self._fence()
        return self._audit.rights_asked(account, namespaces)

    def stop_apiserver(self, *, kill: bool = False) -> None:
        """End the API server; everything else keeps running.

        By SIGTERM it refuses new connections at once, but would serve open watches for a minute more: it has a second.
        """
        child = self._children.pop("kube-apiserver")
        child.kill() if kill else child.terminate(timeout=1)

    def start_apiserver(self) -> None:
        """Start the API server again (same port, certificate and data), and the cluster's own controllers anew; wait until it is ready."""
        child = self._run(self._components.apiserver())
        child.wait_until(self._ready, _START_SECONDS)
        # Whoever tried to reach it meanwhile waits longer each time, up to 30 s after several restarts, and a stage that
        # kwok was playing is not played again: new ones begin at once, from what there is. Leases would keep kwok waiting.
        for name in _CONTROLLERS:
            self._children.pop(name).kill()
        self.delete("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases")
        self._start_controllers()

    def stop(self) -> None:
        """End everything and delete the data."""
        self.api.close()
        self._end()

    def __enter__(self) -> Self:
        """Already started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _start(self, nodes: int) -> None:
        components = self._components
        self._write_files()
        self._run(components.etcd())
        child = self._run(components.apiserver())
        child.wait_until(
            lambda: components.certificate.exists() and components.certificate.stat().st_size > 0, _START_SECONDS
        )
        super().__init__(Api(self.server, self._users[_HARNESS].token, components.certificate))
        child.wait_until(self._ready, _START_SECONDS)
        self._start_controllers()
        self._add_nodes(nodes)
        self.wait("/api/v1/namespaces/default/serviceaccounts/default", lambda _: True, _START_SECONDS)

    def _start_controllers(self) -> None:
        manager, scheduler, kwok = (self.kubeconfig_for(user) for user in audit.COMPONENTS)
        self._run(self._components.controller_manager(manager))
        self._run(self._components.scheduler(scheduler))
        self._run(self._components.kwok(kwok, self.folder / "kwok.yaml"))

    def _write_files(self) -> None:
        write_signing_key(self.folder / "sa.key")
        write_tokens(self.folder / "tokens.csv", self._users.values())
        (self.folder / "audit-policy.json").write_text(yaml.safe_dump(audit.POLICY))
        (self.folder / "kwok.yaml").write_text(yaml.safe_dump_all([*stages(), self.logs.configuration()]))

    def _run(self, command: list[str]) -> Child:
        name = Path(command[0]).name
        # Memory there is, cores are few: a Go program that may use several spends a ninth of its work on waking them.
        child = Child(command, self.folder / f"{name}.log", {**os.environ, "GOGC": "400", "GOMAXPROCS": "1"})
        self._children[name] = child
        return child

    def _ready(self) -> bool:
        try:
            return self.api.raw("GET", "/readyz") == b"ok"
        except (urllib3.exceptions.HTTPError, ApiError):
            return False

    def _add_nodes(self, count: int) -> None:
        for number in range(1, count + 1):
            name = f"node-{number}"
            labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
            self.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}})
        self.wait_items("/api/v1/nodes", lambda items: sum(map(_node_is_ready, items)) == count, _START_SECONDS)

    def _fence(self) -> None:
        """Wait until the log holds a request made now, and so everything answered before."""
        mark = f"{audit.FENCE_PATH}?fence={next(self._numbers)}"
        self.api.request("GET", mark)
        wait_until(lambda: self._audit.passed(mark), timeout=30)

    def _end(self) -> None:
        """In reverse order of start: the API server before etcd. SIGKILL, since all data goes anyway."""
        for child in reversed(self._children.values()):
            child.kill()
        self._temporary.cleanup()


def _is_ours(user: str) -> bool:
    return user == _HARNESS or user.startswith("system:")


def _node_is_ready(node: Json) -> bool:
    conditions = node.get("status", {}).get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
