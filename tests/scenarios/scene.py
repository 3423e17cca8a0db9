"""What a scenario test holds: one channel of its own, its people, and the workloads it has put into the cluster."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.workspace import Channel, Click, Message, Said, User, View, Workspace
from tests.harness.audit import Write
from tests.harness.processes import wait_until
from tests.harness.workloads import daemon_set, deployment, stateful_set
from tests.scenarios.stack import SECONDS, Cast, Stack

Json = dict[str, Any]

MAKERS = {"Deployment": deployment, "StatefulSet": stateful_set, "DaemonSet": daemon_set}
IMAGE = "/spec/template/spec/containers/0/image"
_numbers = itertools.count(1)


@dataclass
class Scene:
    """Say it in the channel, read it from the channel."""

    stack: Stack
    channel: Channel
    workloads: dict[str, str] = field(default_factory=dict)
    """Paths of what was deployed, by ``environment/name``."""

    @property
    def workspace(self) -> Workspace:
        return self.stack.workspace

    @property
    def cast(self) -> Cast:
        return self.stack.cast

    # ------------------------------------------------------------------ the cluster

    def deployed(
        self, environment: str, image: str = "registry.test/web:1.4.1", *, kind: str = "Deployment", name: str = "",
        wait: bool = True, pod: Json | None = None, container: Json | None = None, **spec: Any,
    ) -> str:  # fmt: skip
        """Put a workload of a name of its own into an environment; returns the name when its pods are ready.

        ``pod`` and ``container``: what its pods' spec, and that of the first container, have besides.
        """
        name = name or f"{image.rpartition('/')[2].partition(':')[0]}{next(_numbers)}"
        if kind != "DaemonSet":
            spec = {"replicas": 2, **spec}
        obj = MAKERS[kind](name, self.stack.namespaces[environment], image, **spec)
        obj["spec"]["template"]["spec"] |= pod or {}
        obj["spec"]["template"]["spec"]["containers"][0] |= container or {}
        self.stack.cluster.apply(obj)
        path = self.stack.cluster.path_of(obj)
        self.workloads.setdefault(f"{environment}/{name}", path)
        if wait:
            self.stack.cluster.wait(path, _is_rolled_out, SECONDS)
        return name

    def autoscaled(
        self, environment: str, least: int, most: int, image: str = "registry.test/web:1.4.1", **spec: Any
    ) -> str:
        """A Deployment of two replicas that an HPA scales; returns its name, behind which the HPA's has ``-cpu``."""
        name = self.deployed(environment, image, **spec)
        target = {"apiVersion": "apps/v1", "kind": spec.get("kind", "Deployment"), "name": name}
        obj = {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": f"{name}-cpu", "namespace": self.stack.namespaces[environment]},
            "spec": {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most},
        }
        self.stack.cluster.apply(obj)
        self.workloads[f"{environment}/{name}-cpu"] = self.stack.cluster.path_of(obj)
        return name

    def rolled(self, environment: str, name: str, image: str) -> None:
        """A rollout that somebody else made, and that has ended."""
        self.change(environment, name, [{"op": "replace", "path": IMAGE, "value": image}])
        self.stack.cluster.wait(self.path(environment, name), _is_rolled_out, SECONDS)

    def path(self, environment: str, name: str) -> str:
        return self.workloads[f"{environment}/{name}"]

    def pods(self, environment: str, name: str) -> set[str]:
        """The uids of its pods, those on their way out left out."""
        listed = self.stack.cluster.get(
            f"/api/v1/namespaces/{self.stack.namespaces[environment]}/pods?labelSelector=app%3D{name}"
        )
        return {p["metadata"]["uid"] for p in listed["items"] if not p["metadata"].get("deletionTimestamp")}

    def live(self, environment: str, name: str) -> Json:
        return self.stack.cluster.get(self.path(environment, name))

    def images(self, environment: str, name: str) -> list[str]:
        containers = self.live(environment, name)["spec"]["template"]["spec"]["containers"]
        return [container["image"] for container in containers]

    def change(self, environment: str, name: str, patch: Any) -> None:
        """What somebody else does to it meanwhile, with kubectl."""
        self.stack.cluster.patch(self.path(environment, name), patch)

    def writes(self, environment: str, name: str) -> list[Write]:
        """What Quarterdeck has written to it."""
        found = self.stack.cluster.writes(namespace=self.stack.namespaces[environment], user=self.stack.writer)
        return [write for write in found if write.name == name]

    # ------------------------------------------------------------------ the channel

    def say(self, person: User, text: str, **how: Any) -> Said:
        return self.workspace.say(person, self.channel, text, **how)

    def ask(self, person: User, text: str, holding: str = "") -> Message:
        """Say it and wait for the message it has posted, whatever it says, or which holds that (a regular expression)."""
        known = {message.ts for message in self.messages()}
        self.say(person, text)
        return self.wait(
            lambda m: m.ts not in known and m.user == self.workspace.bot_user_id and re.search(holding, m.plain())
        )

    def carried_out(self, person: User, text: str) -> Message:
        """Say it, have ``sam`` approve it if anybody is asked, and return its message as it ended: well."""
        # Other messages, as that a lock is taken off, may still be on their way.
        message = self.ask(person, text, holding=r"\bop-[0-9a-z]{4}")
        if message.button("Approve"):
            self.press(self.cast.sam, message, "Approve")
        return self.ended(message, "succeeded")

    def ended(self, message: Message, state: str) -> Message:
        """The message once it has ended so, and its thread has said so."""
        self.replied(message, f": {state}. ")
        return self.until(message, state)

    def first(self) -> Message:
        """The first message of ours in this channel."""
        return self.wait(lambda m: m.user == self.workspace.bot_user_id)

    def after(self, message: Message) -> Message:
        """The operation's message that was posted after this one."""
        return self.wait(lambda m: float(m.ts) > float(message.ts) and m.user == self.workspace.bot_user_id)

    def press(self, person: User, where: Message | View, button: str, **how: Any) -> Click:
        return self.workspace.click(person, where, button, **how)

    def press_held(self, person: User, held: Message, button: str) -> Click:
        """Press it in a message that is gone, and that the person's client still shows."""
        return self.workspace.click(person, held, button, stale=True)

    def messages(self) -> list[Message]:
        return self.workspace.messages(self.channel)

    def now(self, message: Message) -> Message:
        """The message as it reads now."""
        return next(m for m in self.messages() if m.ts == message.ts)

    def thread(self, message: Message) -> list[Message]:
        return self.workspace.thread(self.channel, message)

    def wait(self, predicate: Callable[[Message], Any] | str, timeout: float = SECONDS) -> Message:
        return self.workspace.wait_message(self.channel, predicate, timeout)

    def until(self, message: Message, state: str, timeout: float = SECONDS) -> Message:
        """The message once its one line ends with that state."""
        return self.wait(lambda m: m.ts == message.ts and m.text.endswith(f": {state}"), timeout)

    def replied(self, message: Message, text: str, timeout: float = SECONDS) -> Message:
        """The reply in its thread that contains this."""
        return self.workspace.wait_message(self.channel, text, timeout, thread=message.ts)

    def told(self, person: User, text: str, timeout: float = SECONDS) -> Message:
        """What the person alone reads here, once it contains this."""
        found: Message = self.workspace.wait(
            lambda: next((m for m in self.whispers(person) if text in m.plain()), None),
            timeout,
            f"{text!r} told to {person.name} alone",
        )
        return found

    def whispers(self, person: User) -> list[Message]:
        return self.workspace.private(person, self.channel)

    def rung(self, person: User) -> list[Message]:
        """The messages of this channel that made the person's phone buzz."""
        return [n.message for n in self.workspace.notifications(person) if n.message.channel == self.channel.id]

    def rest(self) -> None:
        """Wait until everything that had to be said in Slack is said."""
        wait_until(lambda: self.stack.outbox() == 0, SECONDS)

    # ------------------------------------------------------------------ the record

    def audit(self, **wanted: Any) -> list[Json]:
        """The entries of ``quarterdeck audit export`` that hold these values."""
        return [e for e in self.stack.audit() if all(e.get(key) == value for key, value in wanted.items())]


def containers(**images: str) -> Mapping[str, str]:
    """Containers by name, for ``deployed``."""
    return images


def operation(message: Message) -> str:
    """The operation's id, as the message says it."""
    words = message.plain().replace(",", " ").split()
    return next(word for word in words if word.startswith("op-"))


def _is_rolled_out(obj: Json) -> bool:
    """Of a Deployment, StatefulSet or DaemonSet (lists leave the kind out): every pod wanted is new and ready."""
    status = obj.get("status", {})
    if status.get("observedGeneration", 0) < obj["metadata"]["generation"]:
        return False
    if "replicas" not in obj["spec"]:
        wanted = status.get("desiredNumberScheduled", 0)
        return wanted > 0 and status.get("numberReady") == wanted == status.get("updatedNumberScheduled")
    wanted = obj["spec"]["replicas"]
    ready, updated = (status.get(name, 0) for name in ("readyReplicas", "updatedReplicas"))
    return bool(ready == updated == wanted == status.get("replicas", 0))
