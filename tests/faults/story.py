"""One approved deploy, told from its first word to its end, whatever dies on the way; and what must be true afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playground.workspace import Channel, Message
from playground.workspace.errors import NotPossible
from tests.harness.controlplane import ControlPlane
from tests.harness.workloads import deployment
from tests.scenarios.stack import Stack

ONCE = ("requested", "planned", "vote received", "approved", "acting", "written", "succeeded")


@contextmanager
def supervised(stack: Stack) -> Iterator[None]:
    """Start whatever dies again, as any supervisor would."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            for instance, child in list(stack.processes.items()):
                if not child.running and not done.is_set():
                    stack.spawn(instance)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@dataclass
class Story:
    """A Deployment of its own in prod, deployed once; ``tag`` decides how its pods behave."""

    stack: Stack
    cluster: ControlPlane
    name: str
    tag: str = "v2"
    channel: Channel = field(init=False)

    def __post_init__(self) -> None:
        self.channel = self.stack.channel()
        self.namespace = self.stack.namespaces["prod"]
        self.cluster.apply(deployment(self.name, self.namespace, f"registry.test/{self.name}:v1", replicas=2))

    def ask(self) -> None:
        self.stack.workspace.say(self.stack.cast.dev, self.channel, f"/deploy {self.name} {self.tag} to prod")

    def ask_until_heard(self) -> None:
        """A bot that is gone hears nothing, and the person is told so: they say it again."""
        workspace, line = self.stack.workspace, f"/deploy {self.name} {self.tag} to prod"
        for _ in range(20):
            said = workspace.say(self.stack.cast.dev, self.channel, line)
            if not said.error or self.audited():
                return
            workspace.wait_for_sockets(1, 20)

    def approve(self, timeout: float = 40) -> None:
        """Press Approve until it is taken: a bot that is gone takes no click."""
        workspace, sam = self.stack.workspace, self.stack.cast.sam
        message = workspace.wait_message(self.channel, ": awaiting approval", timeout)
        for _ in range(20):
            if self.message().text != message.text:
                return
            try:
                pressed = workspace.click(sam, self.message(), "Approve")
            except NotPossible:
                return
            if not pressed.error:
                return
            workspace.wait_for_sockets(1, timeout)

    def ends(self, state: str = "succeeded", timeout: float = 60) -> None:
        self.until(lambda m: m.text.endswith(f": {state}"), timeout)
        self.stack.workspace.wait(self.ended_replies, timeout, "the reply that tells the end")

    def until(self, holds: Callable[[Message], bool], timeout: float = 40) -> None:
        self.stack.workspace.wait_message(self.channel, holds, timeout)

    def message(self) -> Message:
        return self.stack.workspace.messages(self.channel)[0]

    def ended_replies(self) -> list[Message]:
        thread = self.stack.workspace.thread(self.channel, self.message())
        return [m for m in thread if m.metadata and m.metadata["event_payload"]["key"] == "end"]

    def true_in_the_end(self) -> None:
        """One change, one parent message, one end, each transition once."""
        writes = [
            w for w in self.cluster.writes("deployments", self.namespace) if w.name == self.name and w.code == 200
        ]
        assert len(writes) == 1, writes
        live = self.cluster.get(f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{self.name}")
        assert live["spec"]["template"]["spec"]["containers"][0]["image"].endswith(f":{self.tag}")
        assert len(self.stack.workspace.messages(self.channel)) == 1
        assert len(self.ended_replies()) == 1
        assert Counter(self.audited()) == Counter(ONCE)

    def audited(self) -> list[str]:
        command = [sys.executable, "-m", "quarterdeck", "audit", "export"]
        printed = subprocess.run(
            command, env=dict(self.stack.environ("worker")), capture_output=True, text=True, check=True
        )
        entries = [json.loads(line) for line in printed.stdout.splitlines()]
        return [e["event"] for e in entries if e.get("channel") == self.channel.id and "to" in e]
