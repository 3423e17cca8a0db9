"""Everything that Quarterdeck is, as real processes between a played Slack workspace and a real control plane."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import yaml

from commands.config import Patience
from commands.proof.signing import VARIABLE
from commands.registry import discover
from playground.workspace import Channel, Message, User, UserGroup, Workspace
from quarterdeck.manifest import manifest
from tests.harness.cluster import Cluster
from tests.harness.forked import ran
from tests.harness.ports import free_ports
from tests.harness.processes import Child
from tests.harness.redis import RedisServer

Json = dict[str, Any]
PREFIX = "qd:"
SECONDS = 60.0
"""Within which whatever is waited for has happened, or never will: also on a machine that has much else to do."""
ENVIRONMENTS = ("staging", "prod", "vault", "hasty", "quiet", "touchy", "undoing", "baking", "cooling")
"""Nothing is asked for; one approval; two; one, and it expires in no time; nothing, but there are limits, no restart is
allowed at any time, and what Secrets hold is masked; nothing, and no patience with anything; nothing, and
what breaks goes back by itself; and as staging and undoing, but watched on for a while. Each has a namespace of its own."""


@dataclass
class Cast:
    """Who is in the workspace. ``dev`` asks; ``sam`` and ``robin`` are SREs (one by id, one through a user group)."""

    dev: User
    mallory: User
    sam: User
    robin: User
    guest: User
    oncall: UserGroup


@dataclass
class Stack:
    """Use as a context manager. ``processes`` by name ("bot", "worker", "watcher"); each has only its own secrets."""

    cluster: Cluster
    kubeconfig: Path
    redis: RedisServer
    workspace: Workspace
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="quarterdeck-")))
    processes: dict[str, Child] = field(default_factory=dict)
    environments: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    http: int | None = None
    health: dict[str, str] = field(default_factory=dict)
    """By process, where it serves /healthz, /readyz and /metrics."""
    forked: bool = True
    """Else each process is an interpreter of its own: what is measured has to be as it is shipped."""

    def __enter__(self) -> Self:
        self.cast = self._people()
        self.workspace.install(manifest(discover(), "", self.request_url))
        if self.request_url:
            self.workspace.use_http(self.request_url)
        self.namespaces = {name: self.cluster.namespace() for name in ENVIRONMENTS}
        self.write_config()
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.processes.values():
            child.kill()

    @property
    def writer(self) -> str | None:
        """Whom the cluster knows the worker as; None: whoever is not the harness."""
        return None

    @property
    def request_url(self) -> str | None:
        return f"http://127.0.0.1:{self.http}/slack/events" if self.http else None

    def start(self, *names: str) -> Self:
        """Start these processes, or all three, and wait until they are ready."""
        names = names or ("bot", "worker", "watcher")
        for name in names:
            self.spawn(name)
        for name in names:
            self.wait_ready(name)
        return self

    def spawn(self, name: str, *, program: tuple[str, ...] = ("quarterdeck",), instance: str | None = None) -> Child:
        """``program`` is the module, and words that come before its own."""
        kind = name.split("-", maxsplit=1)[0]
        instance = instance or name
        (port,) = free_ports(1)
        self.health[instance] = f"127.0.0.1:{port}"
        options = ["--health", self.health[instance]]
        if kind == "bot" and self.http:
            options += ["--http", f"127.0.0.1:{self.http}"]
        command = [*program, "--config", str(self.config), kind, *options]
        child = Child(
            command if self.forked else [sys.executable, "-m", *command],
            self.folder / f"{instance}.log",
            self.environ(kind),
            forked=self.forked,
        )
        self.processes[instance] = child
        return child

    def wait_ready(self, name: str) -> None:
        child = self.processes[name]
        kind = name.split("-", maxsplit=1)[0]
        child.wait_for_line(f"quarterdeck {kind}:", SECONDS)
        if kind == "bot" and not self.http:
            self.workspace.wait_for_sockets(1, SECONDS)

    def environ(self, kind: str) -> Mapping[str, str]:
        """Each process gets its own secrets and no others."""
        env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if key in os.environ}
        env |= {**self.redis.variables, "QUARTERDECK_REDIS_PREFIX": PREFIX, "PYTHONPATH": str(Path.cwd())}
        env[VARIABLE] = "5" * 64
        if kind == "bot":
            env |= {"SLACK_BOT_TOKEN": self.workspace.bot_token, "SLACK_API_URL": self.workspace.url}
            env |= (
                {"SLACK_SIGNING_SECRET": self.workspace.signing_secret}
                if self.http
                else {"SLACK_APP_TOKEN": self.workspace.app_token}
            )
        return env

    @property
    def config(self) -> Path:
        return self.folder / "quarterdeck.yaml"

    def write_config(self) -> None:
        self.config.write_text(yaml.safe_dump(self.configuration(), sort_keys=False))

    def configuration(self) -> Json:
        asked = {"required": 1, "approvers": ["sre"], "expires": "30m"}
        place = {name: {"cluster": "main", "namespace": namespace} for name, namespace in self.namespaces.items()}
        return {
            "clusters": {"main": {"kubeconfig": str(self.kubeconfig)}},
            "environments": {
                "staging": place["staging"],
                "prod": {**place["prod"], "aliases": ["production"], "approvals": asked},
                "vault": {**place["vault"], "approvals": {**asked, "required": 2}},
                "hasty": {**place["hasty"], "approvals": {**asked, "expires": "4s"}},
                "quiet": {
                    **place["quiet"],
                    "limits": {"replicas": {"max": 4}, "images": {"refuse_tags": ["latest"]}},
                    "mask_secrets": True,
                },
                "undoing": {**place["undoing"], "on_failure": "rollback"},
                "baking": {**place["baking"], "bake": "1m"},
                "cooling": {**place["cooling"], "bake": "1m", "on_failure": "rollback"},
                "touchy": {**place["touchy"], "patience": dict.fromkeys(Patience.model_fields, "1s")},
                **self.environments,
            },
            "roles": {
                "developer": {"members": ["*"]},
                "sre": {"members": [self.cast.sam.id, self.cast.oncall.id]},
            },
            "permissions": [
                {"roles": ["developer"], "commands": ["status", "history", "logs"], "environments": ["*"]},
                {
                    "roles": ["developer", "sre"],
                    "commands": ["deploy", "scale", "rollback", "restart"],
                    "environments": ["*"],
                },
            ],
            "freezes": [
                {
                    "name": "hush",
                    "environments": ["quiet"],
                    "timezone": "Europe/Berlin",
                    "commands": ["restart"],
                    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}],
                    "reason": "They sleep",
                }
            ],
            **self.extra,
        }

    def channel(self, name: str = "") -> Channel:
        """A channel of the test's own, with everybody and the bot in it."""
        cast = self.cast
        self._channels = getattr(self, "_channels", 0) + 1
        return self.workspace.add_channel(
            name or f"deploys-{self._channels}",
            members=[cast.dev, cast.mallory, cast.sam, cast.robin, cast.guest],
            bot_in=True,
        )

    def new_minute(self) -> None:
        """Forget what Slack's limits have counted: chat.update has one budget for all tests of a worker."""
        with closing(self.redis.client()) as client:
            for key in client.scan_iter(f"{PREFIX}budget:*"):
                client.delete(key)

    def outbox(self) -> int:
        """How much must still reach Slack."""
        with closing(self.redis.client()) as client:
            return sum(client.zcard(f"{PREFIX}outbox:{level}") for level in range(3))

    def audit(self) -> list[Json]:
        """What ``quarterdeck audit export`` prints."""
        done = ran("quarterdeck", "--config", str(self.config), "audit", "export", env=self.environ("audit"))
        done.check_returncode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    def add_home(self) -> None:
        """An environment with a channel of its own, where only SREs may restart and nobody may roll back."""
        self.home = self.channel("home")
        namespace = self.namespaces["home"] = self.cluster.namespace()
        approvals = {"required": 1, "approvers": ["sre"]}
        self.environments["home"] = {
            "cluster": "main", "namespace": namespace, "channel": self.home.id, "approvals": approvals,
        }  # fmt: skip
        self.extra["permissions"] = [
            {"roles": ["developer"], "commands": ["status", "history", "logs"], "environments": ["*"]},
            {"roles": ["developer"], "commands": ["deploy", "scale"], "environments": ["home"]},
            {"roles": ["sre"], "commands": ["restart"], "environments": ["home"]},
            {
                "roles": ["developer", "sre"],
                "commands": ["deploy", "scale", "rollback", "restart"],
                "environments": list(ENVIRONMENTS),
            },
        ]
        self.write_config()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _people(self) -> Cast:
        ws = self.workspace
        robin = ws.add_user("robin")
        return Cast(
            dev=ws.add_user("dev"), mallory=ws.add_user("mallory"), sam=ws.add_user("sam"), robin=robin,
            guest=ws.add_user("gil", is_restricted=True), oncall=ws.add_group("oncall", [robin]),
        )  # fmt: skip


def ended(message: Message, state: str) -> bool:
    """Whether the parent message's one-line text ends with that state."""
    return message.text.endswith(f": {state}")
