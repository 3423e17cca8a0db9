"""A fault of our own leaves nobody waiting for ever: it is told, without what the log alone may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from commands import transitions
from commands.config import Rules, load
from commands.membership import ChannelFacts, PersonFacts
from commands.operation import State
from commands.queue import Queue, bare
from commands.registry import discover
from commands.store import Question, Store, patient
from tests.harness.redis import RedisServer
from tests.unit.bot.building import CONFIG, invocation
from workers.cluster import Cluster
from workers.jobs import plan as planning
from workers.jobs.context import Context
from workers.jobs.plan import plan
from workers.jobs.report import report


@dataclass
class Clock:
    time: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


def broken(name: str) -> Cluster:
    raise TypeError(f"password=hunter2 in {name}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(redis_server: RedisServer, tmp_path: Path, clock: Clock) -> Iterator[Context]:
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(CONFIG.replace("commands: [deploy]", "commands: [deploy, status]"))
    registry, client, raw = discover(), patient(redis_server.url), bare(redis_server.url, 2)
    prefix = f"test-{uuid4().hex[:8]}:"
    store = Store(client, prefix)
    config = load(path, registry_names=frozenset(command.name for command in registry))
    yield Context(Rules(config), registry, store, Queue(raw, prefix), broken, clock)
    client.delete(*client.keys(f"*{prefix.rstrip(':')}*"))
    client.close()
    raw.close()


def known(context: Context, at: float) -> None:
    dev = PersonFacts("U0DEV", "T0", guest=False, bot=False, deleted=False, external=False, at=at)
    context.store.people.home("T0")
    context.store.people.put(people=[dev], channels=[ChannelFacts("C0", postable=True, at=at)])


def test_planning_ends_once_it_has_been_tried_for_long_enough(context: Context, clock: Clock):
    move = transitions.request("op-2345", invocation("C0"), "prod", clock())
    context.store.operations.apply(move)
    known(context, clock())
    plan(context, "op-2345")
    assert context.store.operations.load("op-2345").state is State.PLANNING, "it may pass"
    clock.time += planning.PLANNING_LIMIT + 1
    plan(context, "op-2345")
    ended = context.store.operations.load("op-2345")
    assert ended.state is State.REJECTED
    assert ended.ending is not None
    assert "a fault of my own (TypeError)" in ended.ending.sentence
    assert "hunter2" not in ended.ending.sentence


def test_a_question_is_answered_with_what_happened(context: Context, clock: Clock):
    asked = invocation("C0")
    question = Question(
        "re-1",
        type(asked)("status", {"workload": "web"}, "prod", asked.person, asked.place, "", clock()),
        False,
        60,
        clock(),
    )
    context.store.reports.ask(question, "command:1")
    known(context, clock())
    report(context, "re-1")
    answer = context.store.reports.load("re-1").answer
    assert answer is not None
    assert "a fault of my own (TypeError)" in answer.title
    assert "hunter2" not in answer.title
