"""After an upgrade with operations in flight: what versions before have written is read, in every kind, or refused politely.

``tests/earlier`` holds what they wrote, recorded by themselves; ``SEALED`` is the last whose plans were sealed in another way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands import canonical
from commands.operation import State
from commands.proof.signatures import is_signed_plan, is_signed_request, is_signed_vote
from commands.proof.verifying import verify
from tests.earlier.record import put_back
from tests.invariants.conftest import deck as deck  # noqa: PLC0414 - a fixture
from tests.invariants.deck import Deck

Json = dict[str, Any]
RECORDED = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parents[3] / "earlier").glob("*.json")}
SEALED = "365ac96"
RENEWED = [name for name in RECORDED if name != SEALED]
EACH = [(version, state) for version, recorded in RECORDED.items() for state in recorded["operations"]]


@pytest.fixture
def version() -> str:
    """Where a test is not about each."""
    return SEALED


@pytest.fixture
def upgraded(deck: Deck, version: str) -> Iterator[Deck]:
    """This version's processes on that version's Redis, moments after it ended."""
    recorded = RECORDED[version]
    with_nothing = deck.store._wire.client
    with_nothing.delete(*with_nothing.scan_iter(f"{deck.prefix}*"))
    put_back(deck.store, recorded["keys"])
    deck.clock.ahead = recorded["at"] + 5 - time.time()
    for letter in "abcdefghij":
        for namespace in ("staging", "prod", "vault"):
            deck.cluster.web(namespace, uid=f"uid-web{letter}", name=f"web{letter}")
    deck.know()
    return deck


def holds(record: Any, earlier: Any) -> bool:
    """Whether all of the earlier one is in it, as it was; what is new may stand beside it."""
    match earlier:
        case dict():
            return all(name in record and holds(record[name], value) for name, value in earlier.items())
        case list():
            return len(record) == len(earlier) and all(map(holds, record, earlier))
        case _:
            return bool(record == earlier)


def id_of(version: str, state: str) -> str:
    return str(RECORDED[version]["operations"][state])


def test_there_is_one_of_each_kind() -> None:
    for recorded in RECORDED.values():
        kinds = {name.partition(":")[0] for name in recorded["keys"]}
        assert kinds >= {"operation", "progress", "report", "notice", "locks", "delivery", "audit", "people", "groups"}
        assert {"planning", "awaiting approval", "queued", "acting", "observing"} <= recorded["operations"].keys()


@pytest.mark.parametrize(("version", "state"), EACH)
def test_it_is_read_and_can_be_moved_on(upgraded: Deck, version: str, state: str) -> None:
    id = id_of(version, state)
    operation = upgraded.load(id)
    written = json.loads(RECORDED[version]["keys"][f"operation:{id}"][1]["record"])
    assert operation.state.value == written["state"]
    assert operation.version == written["version"]
    assert holds(json.loads(canonical.dump(operation)), written), "nothing was dropped"
    assert is_signed_request(upgraded.store.key, operation)
    assert all(is_signed_vote(upgraded.store.key, id, vote) for vote in operation.votes)
    told = upgraded.say(upgraded.dev, f"/ops cancel {id}")
    if not operation.state.final:
        assert id in told
    upgraded.publish()


@pytest.mark.parametrize("version", RECORDED)
def test_every_other_kind_is_read(upgraded: Deck, version: str) -> None:
    store, keys = upgraded.store, RECORDED[version]["keys"]
    for name in keys:
        kind, _, id = name.partition(":")
        match kind:
            case "report":
                assert store.reports.was_asked(store.reports.load(id)) == (version in RENEWED)
            case "notice":
                assert store.notices.load(id).review
            case "progress":
                assert store.operations.progress(id).desired == 3  # type: ignore[union-attr]
            case "delivery":
                assert store.deliveries.all(id)
    assert [lock.reason for lock in store.locks.in_force(upgraded.clock())] == ["a move"]
    found = verify(store.audit.rows(), store.audit.head(), store.key, None, store.audit.head)
    assert found.findings == []
    assert found.entries == len(keys["audit"][1])


@pytest.mark.parametrize("version", RECORDED)
def test_what_was_only_asked_for_is_planned(upgraded: Deck, version: str) -> None:
    upgraded.cluster.web()
    assert upgraded.plan(id_of(version, "planning")).state is State.AWAITING


@pytest.mark.parametrize("version", RENEWED)
@pytest.mark.parametrize("state", ["queued", "acting"])
def test_what_was_approved_is_carried_out(upgraded: Deck, version: str, state: str) -> None:
    operation = upgraded.load(id_of(version, state))
    assert is_signed_plan(upgraded.store.key, operation)
    assert upgraded.act(operation.id).state is State.OBSERVING
    assert len(upgraded.cluster.writes) == 1


@pytest.mark.parametrize("version", RENEWED)
def test_a_vote_that_waited_is_counted(upgraded: Deck, version: str) -> None:
    upgraded.count()
    assert upgraded.load(id_of(version, "awaiting approval")).state is State.QUEUED


@pytest.mark.parametrize("state", ["queued", "acting"])
def test_what_was_sealed_in_another_way_is_refused_politely(upgraded: Deck, state: str) -> None:
    """Nothing is changed, and the person reads what to do."""
    ended = upgraded.act(id_of(SEALED, state))
    assert ended.state is State.FAILED
    assert ended.ending
    assert "earlier version of Quarterdeck" in ended.ending.sentence
    assert "Ask for it anew. Nothing was changed." in ended.ending.sentence
    assert upgraded.cluster.writes == []
