"""A publisher between a real Redis and a played Slack, at a time of the test's own (see ``conftest.py``)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Event

from slack_sdk import WebClient

from bot.answers import Answers
from bot.budget import Budget
from bot.delivery import Delivery
from bot.pauses import Pauses
from bot.posts import Posts
from bot.publisher import Publisher
from bot.slack import Slack
from bot.whispers import Whispers
from commands import transitions
from commands.config import Config, Rules
from commands.demand import Demand
from commands.operation import Operation
from commands.store import Store
from playground.workspace import Channel, User, Workspace
from tests.unit.bot.building import invocation, plan


class Silent:
    def acked(self, seconds: float) -> None: ...
    def called(self, method: str, result: str) -> None: ...


@dataclass
class Desk:
    """A publisher between a real Redis and a played Slack, at a time of the test's own."""

    workspace: Workspace
    store: Store
    config: Config
    channel: Channel
    dev: User
    time: float = field(default_factory=time.time)
    """Begins as Slack's own clock, for posts are looked for by time."""

    def __post_init__(self) -> None:
        self.publisher = self.another()

    def another(self) -> Publisher:
        """One more bot's, over the same Redis and the same Slack."""
        workspace, store = self.workspace, self.store
        client = WebClient(token=workspace.bot_token, base_url=workspace.url)
        slack = Slack(client, Silent(), Pauses(store, self.now))
        budget = Budget(store, self.now)
        posts = Posts(slack, store, budget, workspace.bot_user_id, self.now)
        whispers = Whispers(slack, store, self.now)
        delivery = Delivery(slack, store, Rules(self.config), budget, posts, whispers, self.now)
        return Publisher(store, delivery, Answers(slack, store, posts, whispers), self.now)

    def now(self) -> float:
        return self.time

    def publish(self) -> None:
        self.publisher.step(Event())

    def later(self, seconds: float) -> None:
        self.time += seconds
        self.publish()

    def awaiting(self) -> Operation:
        move = transitions.request("op-2345", invocation(self.channel.id, self.dev.id), "prod", self.time)
        op = self.store.operations.apply(move)
        asked = transitions.planned(op, plan(), Demand(1, ("sre",), self.time + 900), self.time)
        return self.store.operations.apply(asked)
