"""The operations that one person may see: chosen first, counted afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from commands import transitions
from commands.config import Config, load
from commands.invocation import Invocation, Person, Place
from commands.membership import PersonFacts
from commands.operation import Operation
from commands.registry import discover
from commands.store import Store, patient
from tests.harness.redis import RedisServer
from tests.unit.bot.building import CONFIG
from workers.records import SHOWN, VisibleRecords

NOW = 1_800_000_000.0
OTHERS = "  staging: {cluster: main, namespace: staging}\nroles:\n  other: {members: [U0OTHER]}"
DEV, OTHER = Person("U0DEV", "T0"), Person("U0OTHER", "T0")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """In staging only U0OTHER may do anything."""
    path = tmp_path / "quarterdeck.yaml"
    rule = "  - {roles: [other], commands: [deploy], environments: [staging]}\n"
    path.write_text(CONFIG.replace("roles:", OTHERS, 1) + rule)
    return load(path, registry_names=frozenset(command.name for command in discover()))


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[Store]:
    with patient(redis_server.url) as client:
        prefix = f"test-{uuid4().hex[:8]}:"
        made = Store(client, prefix)
        made.people.home("T0")
        made.people.put([PersonFacts(p.id, "T0", False, False, False, False, NOW) for p in (DEV, OTHER)])
        yield made
        client.delete(*client.keys(f"{prefix}*"))


def asked(store: Store, number: int, environment: str, person: Person) -> Operation:
    said = Invocation("deploy", {"workload": "web"}, environment, person, Place("C1"), "/deploy web 2", NOW)
    return store.operations.apply(transitions.request(f"op-{number:04}", said, environment, NOW + number))


def ended(store: Store, number: int, environment: str, person: Person) -> str:
    op = asked(store, number, environment, person)
    return store.operations.apply(transitions.cancel(op, person.id, "no", NOW + number)).id


def seen(config: Config, store: Store, person: Person, environment: str | None = None) -> list[str]:
    records = VisibleRecords(store, config, person, lambda: NOW)
    return [op.id for op in records.operations(environment)]


def test_what_others_did_since_hides_nothing_of_ones_own(config: Config, store: Store):
    mine = ended(store, 1, "prod", DEV)
    theirs = [ended(store, number, "staging", OTHER) for number in range(2, 2 + 3 * SHOWN)]
    assert seen(config, store, DEV) == [mine]
    assert seen(config, store, DEV, "staging") == []
    assert seen(config, store, OTHER) == theirs[::-1][:SHOWN]


def test_what_was_rejected_since_hides_nothing(config: Config, store: Store):
    """Only its requester was told of it, and it is in no list."""
    mine = ended(store, 1, "prod", DEV)
    for number in range(2, 2 + 2 * SHOWN):
        store.operations.apply(transitions.reject(asked(store, number, "prod", DEV), "no", NOW + number))
    assert seen(config, store, DEV) == [mine]


def test_what_is_under_way_comes_first_and_all_of_it(config: Config, store: Store):
    before = ended(store, 1, "prod", DEV)
    running = [asked(store, number, "prod", DEV).id for number in range(2, 4 + SHOWN)]
    assert seen(config, store, DEV) == [*running[::-1], before]


def test_one_of_a_newer_version_hides_no_other(config: Config, store: Store):
    mine, newer = asked(store, 1, "prod", DEV), [asked(store, 2, "prod", DEV).id, ended(store, 3, "prod", DEV)]
    for id in newer:
        store._wire.client.hset(store._wire.key("operation", id), "record", '{"schema": 99}')
    assert seen(config, store, DEV) == [mine.id]
    assert VisibleRecords(store, config, DEV, lambda: NOW).newer() == 1, "of those under way"
