"""``audit``: the latest entries, through one person's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from commands import transitions
from commands.config import Config, load
from commands.invocation import Invocation, Person, Place
from commands.membership import PersonFacts
from commands.registry import discover
from commands.store import Store, patient
from tests.harness.redis import RedisServer
from workers import records
from workers.records import SHOWN, VisibleRecords

NOW = 1_800_000_000.0
DEV = Person("U0DEV", "T0")
CONFIG = """\
clusters: {main: {}}
environments:
  staging: {cluster: main, namespace: staging}
  prod: {cluster: main, namespace: prod}
  vault: {cluster: main, namespace: vault}
roles: {developer: {members: ["*"]}}
permissions:
  - {roles: [developer], commands: [audit], environments: [staging]}
  - {roles: [developer], commands: [audit], environments: [prod], workloads: ["web*"]}
  - {roles: [developer], commands: [audit], environments: [staging], workloads: ["pay"], deny: true}
  - {roles: [developer], commands: [audit], environments: [vault], channels: [C0VAULT]}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(CONFIG)
    return load(path, registry_names=frozenset(command.name for command in discover()))


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[Store]:
    with patient(redis_server.url) as client:
        prefix = f"test-{uuid4().hex[:8]}:"
        made = Store(client, prefix)
        made.people.home("T0")
        made.people.put([PersonFacts(DEV.id, "T0", False, False, False, False, NOW)])
        yield made
        client.delete(*client.keys(f"{prefix}*"))


def said(environment: str | None, workload: str) -> Invocation:
    return Invocation("deploy", {"workload": workload}, environment, DEV, Place("C1"), f"/deploy {workload} 2", NOW)


def refused(store: Store, environment: str | None, workload: str) -> None:
    store.audit.refuse(said(environment, workload), "no", NOW, target=f"{environment}/{workload}")


def seen(
    config: Config, store: Store, environment: str | None = None, workload: str | None = None, channel: str = "C1"
) -> list[str]:
    found = VisibleRecords(store, config, DEV, lambda: NOW, channel).audit(environment, workload)
    return [f"{entry.environment}/{entry.workload}" for entry in found]


def test_each_environment_and_workload_by_the_rules_for_it(config: Config, store: Store):
    for environment in ("staging", "prod", "vault"):
        for workload in ("web", "pay"):
            refused(store, environment, workload)
    refused(store, None, "words")
    assert seen(config, store) == ["prod/web", "staging/web"]
    assert seen(config, store, channel="C0VAULT")[:2] == ["vault/pay", "vault/web"]
    assert seen(config, store, "staging") == ["staging/web"]
    assert seen(config, store, workload="pay") == []


def test_the_newest_first_and_no_more_than_are_shown(config: Config, store: Store):
    for number in range(SHOWN + 5):
        refused(store, "staging", f"w{number}")
    assert seen(config, store) == [f"staging/w{number}" for number in range(SHOWN + 4, 4, -1)]


def test_what_others_did_hides_nothing_until_too_much_was_looked_through(
    config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
):
    """Over more than one page."""
    refused(store, "staging", "web")
    for _ in range(450):
        refused(store, "vault", "web")
    assert seen(config, store) == ["staging/web"]
    monkeypatch.setattr(records, "LOOKED_THROUGH", 450)
    assert seen(config, store) == []


def test_what_was_asked_is_of_the_workload_that_it_turned_out_to_be(config: Config, store: Store):
    """When it was asked nobody had looked for the object yet: it is of what was said then."""
    asked = store.operations.apply(transitions.request("op-0001", said("prod", "web"), "prod", NOW))
    assert seen(config, store) == ["prod/web"]
    store.audit._append({"event": "planned", "operation": asked.id, "environment": "prod", "target": "main/prod/Deployment/web",
                         "actor": "U0DEV", "at": NOW})  # fmt: skip
    assert seen(config, store, "prod", "web") == ["prod/web", "prod/web"]


def test_an_entry_that_somebody_made_unreadable_hides_no_other(config: Config, store: Store):
    refused(store, "staging", "web")
    store._wire.client.xadd(store._wire.key("audit"), {"entry": "{"})
    assert seen(config, store) == ["staging/web"]


def test_a_guest_sees_nothing(config: Config, store: Store):
    refused(store, "staging", "web")
    store.people.put([PersonFacts(DEV.id, "T0", True, False, False, False, NOW)])
    assert seen(config, store) == []
