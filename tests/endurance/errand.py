"""What people ask for, each on a workload of its own; and one of them on its way from the first word to its end."""

from __future__ import annotations

import itertools
import json
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from bot.views import metadata
from playground.workspace import Channel, Message
from playground.workspace.errors import NotPossible
from playground.workspace.handles import Handle
from tests.harness.workloads import deployment
from tests.scenarios.stack import PREFIX, Stack, ended

Json = dict[str, Any]

SECONDS = 120.0
"""Within which whatever is waited for has happened, whoever was killed meanwhile."""

AGAIN = 20
"""Times that somebody says it again, or presses again, while nobody hears."""

CALLED_OFF = "so it was called off"
"""Of an operation whose ack could not be given: the person says it again."""

_numbers = itertools.count(1)
_applying = threading.Lock()


@dataclass(frozen=True)
class Kind:
    """``line`` says it of ``{name}``; ``answer``: what sam does when asked, a button of its message or words about ``{id}``.

    ``writes``: how many real ones to the workload.
    """

    line: str
    environment: str
    ends: str
    writes: int
    answer: str = ""


KINDS = (
    Kind("/deploy {name} v2-slow to staging", "staging", "succeeded", 1),
    Kind("/deploy {name} v2 to prod", "prod", "succeeded", 1, answer="Approve"),
    Kind("/scale {name} 2 in staging", "staging", "succeeded", 1),
    Kind("/ops restart {name} in prod", "prod", "succeeded", 1, answer="Approve"),
    Kind("/deploy {name} v2 to prod", "prod", "denied", 0, answer='/ops deny {id} reason="not today"'),
    Kind("/scale {name} 2 in prod", "prod", "cancelled", 0, answer="Cancel"),
    Kind("/deploy {name} v2-missing to undoing", "undoing", "rolled back", 2),
    Kind("/deploy {name} v2-missing to staging", "staging", "failed", 1),
    Kind("/deploy {name} v2 to hasty", "hasty", "expired", 0),
)


@dataclass
class Errand:
    """One of a kind, for a workload of its own that one pod serves. ``seconds``: from the first word to its end."""

    stack: Stack
    kind: Kind
    channel: Channel
    name: str = field(default_factory=lambda: f"shop{next(_numbers)}")
    begun: float = 0.0
    seconds: float = 0.0

    @property
    def path(self) -> str:
        return f"/apis/apps/v1/namespaces/{self.stack.namespaces[self.kind.environment]}/deployments/{self.name}"

    @property
    def line(self) -> str:
        return self.kind.line.format(name=self.name)

    def is_in(self, text: str) -> bool:
        """Whether these words are about it."""
        return self.name in text.split()

    def run(self) -> None:
        """Say it, press what there is to press, and read how it ends."""
        self.set_up()
        self.begun = time.monotonic()
        self.say()
        self.end()
        self.seconds = time.monotonic() - self.begun

    def end(self) -> None:
        if self.kind.answer:
            self.answer()
        self.stack.workspace.wait(self.ended, SECONDS, f"{self.line!r}: {self.kind.ends}")

    def set_up(self) -> None:
        namespace = self.stack.namespaces[self.kind.environment]
        with _applying:  # the harness's client keeps what it knows of kinds without a lock
            self.stack.cluster.apply(deployment(self.name, namespace, f"registry.test/{self.name}:v1", replicas=1))
        self.stack.cluster.wait(self.path, lambda live: bool(live.get("status", {}).get("readyReplicas")), SECONDS)

    def say(self) -> None:
        """Where Slack says that nobody heard, a person looks whether it is there all the same, and else says it again."""
        for _ in range(AGAIN):
            said = self.stack.workspace.say(self.stack.cast.dev, self.channel, self.line)
            if not said.error:
                return
            self.stack.workspace.wait_for_sockets(1, SECONDS)
            if self.is_under_way():
                return

    def is_under_way(self) -> bool:
        """Whether an operation of these words was taken, and not called off because Slack could not be told in time."""
        told = [entry for entry in entries(self.stack) if "to" in entry and self.is_in(entry.get("text", ""))]
        return bool(told) and told[-1]["to"] != "cancelled"

    def answer(self) -> None:
        """Until somebody hears it, or it has ended."""
        for _ in range(AGAIN):
            self.stack.workspace.wait(lambda: self.ended() or self.asking(), SECONDS, f"{self.line!r} to be answered")
            asking = self.asking()
            if asking is None:
                return
            told = len(self.told())
            try:
                answered = self._answer(asking)
            except NotPossible:
                return  # no such button any more
            if answered.error:
                self.stack.workspace.wait_for_sockets(1, SECONDS)
            elif not self.is_to_try_again(told):
                return

    def _answer(self, asking: Message) -> Handle:
        workspace, sam, answer = self.stack.workspace, self.stack.cast.sam, self.kind.answer
        if answer.startswith("/"):
            mark = metadata.read(asking.metadata)
            return workspace.say(sam, self.channel, answer.format(id=mark.operation if mark else ""))
        return workspace.click(sam, asking, answer)

    def is_to_try_again(self, told: int) -> bool:
        """Whether sam reads so, who had read so much before, instead of seeing the question go."""
        self.stack.workspace.wait(
            lambda: not self.asking() or any("again" in words for words in self.told()[told:]), SECONDS,
            f"what became of {self.kind.answer} under {self.line!r}",
        )  # fmt: skip
        return self.asking() is not None

    def told(self) -> list[str]:
        """What sam alone has read there."""
        return [message.plain() for message in self.stack.workspace.private(self.stack.cast.sam, self.channel)]

    def asking(self) -> Message | None:
        return next((m for m in self.messages() if m.button("Approve")), None)

    def messages(self) -> list[Message]:
        """The operations' messages that are about it: more than one only where one was called off, and said again."""
        return [m for m in self.stack.workspace.messages(self.channel) if self.is_in(m.text)]

    def thread(self) -> list[Message]:
        """The replies under all of them."""
        return [reply for message in self.messages() for reply in self.stack.workspace.thread(self.channel, message)]

    def ended(self) -> bool:
        return self.reads(self.kind.ends)

    def reads(self, state: str) -> bool:
        return any(ended(m, state) for m in self.messages() if CALLED_OFF not in m.plain())


def entries(stack: Stack) -> list[Json]:
    """The audit as it lies in Redis, oldest first."""
    with closing(stack.redis.client()) as client:
        stream: Any = client.xrange(f"{PREFIX}audit")
    return [json.loads(fields[b"entry"]) for _, fields in stream]
