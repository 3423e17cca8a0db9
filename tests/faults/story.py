"""One deploy, told from its first word to its end, whatever dies on the way; and what must be true afterwards."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from playground.workspace import Channel, Message, Workspace
from playground.workspace.errors import NotPossible
from tests.harness.controlplane import ControlPlane
from tests.harness.workloads import deployment
from tests.scenarios.stack import PREFIX, SECONDS, Stack, ended

STEPS = ("requested", "planned", "acting", "written", "succeeded")
APPROVAL = ("vote received", "approved")

_numbers = itertools.count(1)


@dataclass
class Story:
    """A Deployment of its own, deployed once; ``tag`` decides how its pods behave. In prod it has to be approved."""

    stack: Stack
    cluster: ControlPlane
    environment: str = "prod"
    tag: str = "v2"
    channel: Channel = field(init=False)
    hurt: float = 0.0
    """Unix seconds at which the fault struck, or at which what was gone came back."""
    over: float = 0.0
    """Unix seconds at which the channel had read the end."""

    def __post_init__(self) -> None:
        self.name = f"web{next(_numbers)}"
        self.channel = self.stack.channel()
        self.namespace = self.stack.namespaces[self.environment]
        self.cluster.apply(deployment(self.name, self.namespace, f"registry.test/{self.name}:v1", replicas=2))

    @property
    def workspace(self) -> Workspace:
        return self.stack.workspace

    @property
    def line(self) -> str:
        return f"/deploy {self.name} {self.tag} to {self.environment}"

    def ask(self) -> None:
        self.workspace.say(self.stack.cast.dev, self.channel, self.line)

    def ask_until_heard(self) -> None:
        """A bot that is gone hears nothing, and the person is told so: they say it again."""
        for _ in range(20):
            said = self.workspace.say(self.stack.cast.dev, self.channel, self.line)
            if not said.error or self.events():
                return
            self.workspace.wait_for_sockets(1, SECONDS)

    def asked(self) -> None:
        """Wait until approval is asked for."""
        self.until("awaiting approval")

    def approve(self) -> None:
        """Press Approve until it is taken: a bot that is gone takes no click, and the person is told so."""
        self.asked()
        for _ in range(20):
            try:
                pressed = self.workspace.click(self.stack.cast.sam, self.message(), "Approve")
            except NotPossible:
                return  # no such button any more
            if not pressed.error:
                return
            self.workspace.wait_for_sockets(1, SECONDS)

    def until(self, *states: str) -> None:
        """Wait until the parent message's one line ends with one of these."""
        self.workspace.wait_message(self.channel, lambda m: any(ended(m, state) for state in states), SECONDS)

    def ends(self, seconds: float = SECONDS) -> None:
        """Wait until the channel reads that it succeeded, and the thread has told the requester."""
        self.workspace.wait_message(self.channel, lambda m: ended(m, "succeeded"), seconds)
        self.workspace.wait(lambda: self.replies("end"), seconds, "the reply that tells the end")
        self.over = time.time()

    @property
    def recovered_after(self) -> float:
        return self.over - self.hurt

    def message(self) -> Message:
        return self.workspace.messages(self.channel)[0]

    def replies(self, key: str) -> list[Message]:
        """The replies of that kind in the message's thread."""
        thread = self.workspace.thread(self.channel, self.message())
        return [m for m in thread if m.metadata and m.metadata["event_payload"]["key"] == key]

    def true_in_the_end(self, *, unanswered: bool = False) -> None:
        """One change, one parent message, one reply of each kind, each transition once; and nothing more to be said.

        ``unanswered``: the change may be one for which the API server had no answer in time (504), and made all the same.
        """
        self.workspace.wait(self.is_all_said, SECONDS, "everything said")
        writes = [w for w in self.cluster.writes("deployments", self.namespace) if w.name == self.name]
        made = [w for w in writes if w.code == 200]
        assert len(made) == 1 or (unanswered and not made and [w.code for w in writes] == [504]), writes
        assert self.image() == f"registry.test/{self.name}:{self.tag}"
        assert len(self.workspace.messages(self.channel)) == 1
        assert ended(self.message(), "succeeded")
        assert len(self.replies("end")) == 1
        assert self.doubled_replies() == []
        assert Counter(self.events()) == Counter(STEPS + APPROVAL if self.environment == "prod" else STEPS)

    def is_all_said(self) -> bool:
        """Nothing must still reach Slack, and no bot (nor a dead one) is at it."""
        with closing(self.stack.redis.client()) as client:
            return self.stack.outbox() == 0 and client.zcard(f"{PREFIX}outbox:held") == 0

    def doubled_replies(self) -> list[str]:
        keys = Counter(
            m.metadata["event_payload"]["key"]
            for m in self.workspace.thread(self.channel, self.message())
            if m.metadata
        )
        return [key for key, times in keys.items() if times > 1]

    def image(self) -> str:
        live = self.cluster.get(f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{self.name}")
        return str(live["spec"]["template"]["spec"]["containers"][0]["image"])

    def events(self) -> list[str]:
        """The transitions that the audit holds, of all operations asked for in this channel."""
        with closing(self.stack.redis.client()) as client:
            stream: Any = client.xrange(f"{PREFIX}audit")
        entries = [json.loads(fields[b"entry"]) for _, fields in stream]
        return [e["event"] for e in entries if e.get("channel") == self.channel.id and "to" in e]

    def until_recorded(self, event: str) -> None:
        """Wait for a transition, whether Slack shows it or not."""
        self.workspace.wait(lambda: event in self.events(), SECONDS, f"{event!r} in the audit")

    def until_held(self) -> None:
        """Wait until a job is at work on an operation."""
        with closing(self.stack.redis.client()) as client:
            held = f"{PREFIX}lease:operation-*"
            self.workspace.wait(lambda: next(client.scan_iter(held), None), SECONDS, "a job at work")
