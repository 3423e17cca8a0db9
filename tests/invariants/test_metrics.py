"""What is measured is what docs/operations.md lists, and no label is ever what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from prometheus_client import CollectorRegistry

from commands.breaker import MISSES, Silence
from commands.operation import State
from commands.queue import Queue, bare
from commands.registry import discover
from commands.store.announcements import SILENT
from quarterdeck.metrics import BotMeter, ConfigMeter, StoreCollector, registry
from tests.invariants.deck import Deck

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
TABLE = PAGE.partition("<!-- metrics -->")[2].partition("<!-- /metrics -->")[0]
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", re.MULTILINE)
LISTED = {name: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(TABLE)}

TYPED = [
    "/deploy web 1.4.2 to production", "/deploy web 1.4.2 to PROD", "/deploy web 1.4.2 to U0|evil", "/ops dpeloy web 9 to prod",
    "/ops <script> in prod", '/scale web 3 in "staging"', "/deploy web@sha256:beef to staging", "/ops status in nowhere",
]  # fmt: skip


def measured(counted: CollectorRegistry) -> dict[str, tuple[str, frozenset[str]]]:
    """Each metric's kind and labels, as Prometheus reads them."""
    found = {}
    for family in counted.collect():
        labels: Iterable[str] = {label for sample in family.samples for label in sample.labels} - {"le"}
        name = f"{family.name}_total" if family.type == "counter" else family.name
        found[name] = (family.type, frozenset(labels))
    return found


def test_the_table_is_what_is_measured(deck: Deck) -> None:
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    deck.say(deck.dev, f"/ops cancel {id}")
    deck.store.silences.put("main", Silence(deck.clock(), deck.clock() + 5, MISSES, "nothing listens at its address"))
    with closing(bare(deck.redis_url, 1)) as jobs:
        counted = registry(StoreCollector(deck.store, Queue(jobs, deck.prefix), deck.clock))
        slack, rules = BotMeter(counted), ConfigMeter(counted)
        slack.acked(0.1)
        slack.called("chat.update", "ok")
        rules.taken()
        assert measured(counted) == LISTED


def test_who_runs_is_counted_by_kind_and_none_is_a_number_too(deck: Deck) -> None:
    now = deck.clock()
    for who, at in (("worker", now), ("watcher", now - SILENT - 1), ("stranger", now)):
        deck.store.announcements.announce(who, "here", None, at)
    deck.store.announcements.announce("worker", "there", None, now)
    with closing(bare(deck.redis_url, 1)) as jobs:
        counted = registry(StoreCollector(deck.store, Queue(jobs, deck.prefix), deck.clock))
        [running] = [family for family in counted.collect() if family.name == "quarterdeck_processes"]
    assert {each.labels["process"]: each.value for each in running.samples} == {"bot": 0, "worker": 2, "watcher": 0}


def test_no_label_is_what_somebody_typed(deck: Deck) -> None:
    """Aliases, capitals, mistakes and worse: what is counted bears names of the catalog and of the configuration."""
    deck.now_in_force(environments={**deck.written()["environments"], "prod": prod(deck, aliases=["production"])})
    for line in TYPED:
        told = deck.say(deck.dev, line)
        if told.startswith("op-"):
            id = told.partition(":")[0]
            deck.plan(id)
            deck.say(deck.dev, f"/ops cancel {id}")
    ended = [name.split("|")[1:] for name in deck.store.counters() if name.startswith("ended|")]
    assert {environment for _, environment, _ in ended} == {"prod", "staging"}
    assert {verb for verb, _, _ in ended} <= {command.name for command in discover()}
    assert {end for _, _, end in ended} <= {state.value for state in State if state.final}
    others = {name.split("|", 1)[1] for name in deck.store.counters() if not name.startswith("ended|")}
    assert others <= {state.value for state in State}


def prod(deck: Deck, **more: object) -> dict[str, object]:
    return {**deck.written()["environments"]["prod"], **more}
