"""Quarterdeck's own parts, wired as the composition root wires them, in one process, each step taken when the test says.

Slack is the played workspace over real HTTP, Redis is real; the cluster is in memory. The clock moves when told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml
from slack_bolt.authorization import AuthorizeResult

from bot.process import Bot, BotParts
from commands.config import Approvals, Rules, load
from commands.errors import QuarterdeckError
from commands.operation import Operation, State
from commands.queue import Queue
from commands.registry import discover
from commands.store import Store
from playground.workspace import Channel, Click, Message, User, Workspace
from quarterdeck.compose_bot import bot_parts, identity
from quarterdeck.settings import Settings, SlackSecrets
from tests.invariants.cluster import ObedientCluster
from tests.unit.playground.workspace.apps import over_http
from workers.jobs.act import act
from workers.jobs.context import Context
from workers.jobs.plan import plan
from workers.watcher.sweep import Sweep
from workers.watcher.wake import Wake

Json = dict[str, Any]


class Clock:
    """Unix seconds: the real ones, and what the test has let pass."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class NoMeter:
    def acked(self, seconds: float) -> None: ...
    def called(self, method: str, result: str) -> None: ...


def rules(sam: User, oncall: str) -> Json:
    """prod asks for one approval, vault for two, staging for none. SREs are sam, and who is on call; sam is DBA too."""
    asked = {"approvers": ["sre"], "expires": "30m"}
    return {
        "clusters": {"main": {}},
        "environments": {
            "staging": {"cluster": "main", "namespace": "staging"},
            "prod": {"cluster": "main", "namespace": "prod", "approvals": {**asked, "required": 1}},
            "vault": {"cluster": "main", "namespace": "vault", "approvals": {**asked, "required": 2}},
        },
        "roles": {"developer": {"members": ["*"]}, "sre": {"members": [sam.id, oncall]}, "dba": {"members": [sam.id]}},
        "permissions": [
            {"roles": ["developer"], "commands": ["deploy", "scale", "rollback", "logs"], "environments": ["*"]},
            {"roles": ["sre"], "commands": ["restart"], "environments": ["prod"]},
        ],
    }


SIGNING_KEY = "5" * 64


@dataclass
class Deck:
    """Built by the fixture ``deck``. Robin is the one on call; ``dev`` is in no role but ``*``."""

    redis_url: str
    prefix: str
    workspace: Workspace
    folder: Path
    clock: Clock = field(default_factory=Clock)
    cluster: ObedientCluster = field(default_factory=ObedientCluster)

    def __post_init__(self) -> None:
        ws = self.workspace
        self.dev, self.sam, self.robin = (ws.add_user(name) for name in ("dev", "sam", "robin"))
        self.guest = ws.add_user("gil", is_restricted=True)
        self.stranger = ws.add_user("ann", team_id="T0ELSEWHERE")
        self.oncall = ws.add_group("oncall", [self.robin])
        people = [self.dev, self.sam, self.robin, self.guest, self.stranger]
        self.channel: Channel = ws.add_channel("deploys", members=people, bot_in=True)
        file = self.folder / "quarterdeck.yaml"
        file.write_text(yaml.safe_dump(rules(self.sam, self.oncall.id)))
        registry = discover()
        self.config = load(file, registry_names=frozenset(command.name for command in registry))
        self.rules = Rules(self.config)
        self.settings = Settings(file, {"REDIS_URL": self.redis_url}, self.prefix, SIGNING_KEY)
        ws.install_all([f"/{name}" for name in registry.slash_names("")])
        self._clients: list[Any] = []
        self.parts = self.made_parts()
        self.store: Store = self.parts.store
        self.queue: Queue = self.parts.queue
        self.context = Context(
            self.rules, registry, self.store, self.queue, {"main": self.cluster}.__getitem__, self.clock
        )  # type: ignore[arg-type]
        self.bot = self.made_bot(self.parts)
        self._served = ExitStack()
        self.listen(self.bot)
        self.know()

    # ------------------------------------------------------------------ the parts

    def made_parts(self) -> BotParts:
        ws = self.workspace
        secrets = SlackSecrets(ws.bot_token, None, ws.signing_secret, ws.url)
        parts = bot_parts(self.settings, secrets, self.rules, NoMeter(), now=self.clock)
        self._clients += [parts.store._wire.client, parts.hurried._wire.client, parts.queue._client]
        return parts

    def made_bot(self, parts: BotParts) -> Bot:
        """Another bot beside this one, or after it."""
        who: AuthorizeResult = identity(parts.client)
        return Bot(parts, who)

    def listen(self, bot: Bot) -> None:
        """From now on Slack's requests go to that bot."""
        self._served.close()
        self._served.enter_context(over_http(self.workspace, bot.app))

    def know(self) -> None:
        """Read everybody, the group and the channel from Slack, as the bot does when it starts or is asked to."""
        everybody = list(self.workspace.state.users)
        self.bot._directory.read([*everybody, self.oncall.id, self.channel.id])

    def ask_for(self, environment: str = "prod", **approvals: Any) -> None:
        """From now on the environment asks for these."""
        asked = Approvals.model_validate(approvals)
        object.__setattr__(self.config.environments[environment], "approvals", asked)

    def written(self) -> Json:
        """The configuration's file as data."""
        found: Json = yaml.safe_load(self.settings.config.read_text())
        return found

    def now_in_force(self, **sections: Any) -> None:
        """Another file, read while everything runs."""
        self.settings.config.write_text(yaml.safe_dump(self.written() | sections))
        self.rules.now = load(self.settings.config, registry_names=frozenset(c.name for c in discover()))

    def close(self) -> None:
        self._served.close()
        self.bot.stop()
        for client in self._clients:
            client.close()

    # ------------------------------------------------------------------ the steps

    def say(self, person: User, text: str) -> str:
        """Returns what the person is told at once. It is signed by the deck's clock: what passed was not on the way."""
        ack = self.workspace.say(person, self.channel, text, sent_ago=-max(self.clock.ahead, 0.0)).ack
        return ack.get("text", "") if isinstance(ack, dict) else ack

    def asked(self, person: User, text: str) -> str:
        """Say it; returns the operation's id."""
        told = self.say(person, text)
        assert told.startswith("op-"), told
        return told.partition(":")[0]

    def planned(self, person: User, text: str) -> str:
        """Say it and plan it; returns the operation's id."""
        id = self.asked(person, text)
        plan(self.context, id)
        return id

    def awaiting(self, text: str = "/deploy web 1.4.2 to prod", by: User | None = None) -> str:
        """Planned, shown, and waiting for approval."""
        id = self.planned(by or self.dev, text)
        assert self.load(id).state is State.AWAITING, self.load(id)
        self.publish()
        return id

    def approved(self, text: str = "/deploy web 1.4.2 to prod") -> str:
        """Approved by sam, and queued."""
        id = self.awaiting(text)
        self.press(self.sam, "Approve")
        self.count()
        assert self.load(id).state is State.QUEUED, self.load(id)
        return id

    def act(self, id: str) -> Operation:
        """Run the act job; what it raises would end in the worker's log, and is the test's failure here."""
        with failing():
            act(self.context, id)
        return self.load(id)

    def plan(self, id: str) -> Operation:
        with failing():
            plan(self.context, id)
        return self.load(id)

    def press(self, person: User, button: str, message: Message | None = None) -> Click:
        """On the message as it is, or on one that the person's client still shows."""
        stale = message is not None
        return self.workspace.click(person, message or self.message(), button, stale=stale)

    def count(self) -> None:
        """Count the votes that wait, as the bot does after the ack."""
        self.bot._ballots.step()

    def publish(self, bot: Bot | None = None) -> None:
        """Let Slack be told of everything that waits; passing states are shown a moment later."""
        self.pass_time(1)
        (bot or self.bot)._publisher.step(Event())

    def pass_time(self, seconds: float) -> None:
        self.clock.ahead += seconds
        self.workspace.advance(seconds)

    # ------------------------------------------------------------------ what there is to see

    def load(self, id: str) -> Operation:
        return self.store.operations.load(id)

    def messages(self) -> list[Message]:
        return self.workspace.messages(self.channel)

    def message(self) -> Message:
        """The latest parent message."""
        return self.messages()[-1]

    def told(self, person: User, words: str) -> bool:
        """Wait until the person alone has read these words."""
        return bool(
            self.workspace.wait(
                lambda: any(words in m.plain() for m in self.workspace.private(person, self.channel)),
                what=f"{words!r} told to {person.name}",
            )
        )

    def events(self, id: str) -> list[str]:
        """What the audit says of the operation."""
        return [entry["event"] for entry in self.store.audit.export() if entry["operation"] == id]

    def jobs(self) -> list[tuple[str, str]]:
        return [(job.func_name, job.args[0]) for job in self.queue.jobs()]

    def sweep(self) -> None:
        """As the watcher does, of what is due."""
        lease = self.store.leases.take("watcher", 30)
        assert lease
        Sweep(self.store, self.queue, Wake(), self.clock).step(lease)
        self.store.leases.release(lease)

    def questions(self) -> list[str]:
        """The ids of those that are not answered yet."""
        key = self.store._wire.key("report", "")
        ids = [found.removeprefix(key) for found in self.store._wire.client.scan_iter(f"{key}*")]
        return [id for id in ids if self.store.reports.load(id).answer is None]

    def everything(self) -> str:
        """All that our keys in Redis hold, as text."""
        client = self.store._wire.client
        read: dict[str, Callable[[str], Any]] = {
            "string": client.get, "hash": client.hgetall, "set": lambda key: sorted(client.smembers(key)),
            "zset": lambda key: client.zrange(key, 0, -1), "stream": client.xrange,
        }  # fmt: skip
        return json.dumps({key: read[client.type(key)](key) for key in client.scan_iter(f"{self.prefix}*")})


@contextmanager
def failing() -> Iterator[None]:
    """An error of ours is this test's failure, not an accident of it."""
    try:
        yield
    except QuarterdeckError as error:
        pytest.fail(f"{type(error).__name__}: {error}")
