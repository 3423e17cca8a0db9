"""During an upgrade old processes meet records of the new version: each kind is refused politely."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands import canonical, transitions
from commands.errors import NewerRecord, StoreError
from commands.membership import ChannelFacts, GroupFacts, PersonFacts
from commands.operation import Operation
from commands.progress import Progress
from commands.report import Report
from commands.store import Question, Store
from commands.store.schema import decode
from tests.unit.commands.saying import invocation
from tests.unit.commands.store.test_operations import BEGIN
from tests.unit.commands.test_transitions import requested

QUESTION = Question("re-2345", requested().invocation, private=True, seconds=60, created=1.0)
NEWER = ({"schema": 3}, {"schema": 3, "state": "a state of the future"}, {"schema": 3, "a field of the future": 1})


def keep_operation(store: Store, record: bytes) -> None:
    store._wire.client.hset(store._wire.key("operation", BEGIN.after.id), "record", record)


def keep_question(store: Store, record: bytes) -> None:
    store._wire.client.set(store._wire.key("report", QUESTION.id), record)


def changed(record: Any, unlike: dict[str, object]) -> bytes:
    return json.dumps(json.loads(canonical.dump(record)) | unlike).encode()


def test_facts_of_a_newer_version_are_not_known_until_they_are_read_anew(store: Store):
    """They are no record of what happened: Slack can be asked again."""
    person = PersonFacts("U1", "T1", guest=False, bot=False, deleted=False, external=False, at=1.0)
    group, channel = GroupFacts("S1", ("U1",), 1.0), ChannelFacts("C1", postable=True, at=1.0)
    for name, fact in (("people", person), ("groups", group), ("channels", channel)):
        newer = changed(fact, {"schema": 2, "at": "by another clock"})
        store._wire.client.hset(store._wire.key(name), fact.id, newer)
    seen = store.people.membership(["U1"])
    assert (seen.people, seen.groups, store.people.channel("C1")) == ({}, {}, None)
    store.people.put([person], [group], [channel])
    seen = store.people.membership(["U1"])
    assert (seen.people, seen.groups, store.people.channel("C1")) == ({"U1": person}, {"S1": group}, channel)


def test_progress_of_a_newer_version_is_not_known_until_it_is_noted_anew(store: Store):
    seen = Progress("1 of 2", 2, 1, 1, 1, 2.0)
    key = store._wire.key("progress", "op-2345")
    store._wire.client.set(key, changed(seen, {"schema": 2, "ready": "one"}))
    assert store.operations.progress("op-2345") is None
    store._wire.client.set(key, canonical.dump(seen))
    assert store.operations.progress("op-2345") == seen


@pytest.mark.parametrize("unlike", NEWER)
def test_an_operation_of_a_newer_version(store: Store, unlike: dict[str, object]):
    """One that could be read all the same would lose what is new in it when it is written again."""
    keep_operation(store, changed(BEGIN.after, unlike))
    with pytest.raises(NewerRecord, match="newer version of Quarterdeck"):
        store.operations.load(BEGIN.after.id)


@pytest.mark.parametrize("unlike", [*NEWER, {"schema": 3, "private": "to some"}])
def test_a_question_of_a_newer_version(store: Store, unlike: dict[str, object]):
    keep_question(store, changed(QUESTION, unlike))
    with pytest.raises(NewerRecord, match=r"schema 3, this one reads 2\)"):
        store.reports.load(QUESTION.id)


def test_a_question_that_is_broken(store: Store):
    keep_question(store, b"{}")
    with pytest.raises(StoreError, match="cannot be read"):
        store.reports.load(QUESTION.id)


def test_a_question_of_ours_is_read_as_it_was_asked(store: Store):
    store.reports.ask(QUESTION, "seen")
    assert store.reports.load(QUESTION.id) == QUESTION
    store.reports.answer(QUESTION, Report("All is well."), 2.0)
    assert store.reports.load(QUESTION.id).answer == Report("All is well.")


@pytest.mark.parametrize(("line", "schema"), [("scale web 3 in prod", 1), ("scale web min=3 in prod", 2)])
def test_who_knows_no_bounds_leaves_alone_what_is_about_them_and_reads_the_rest(store: Store, line: str, schema: int):
    """As a process of the version before, which reads the first schema: an operation of the second it cannot half understand."""
    begun = transitions.request("op-3456", invocation(line), "prod", 1.0)
    store.operations.apply(begun)
    assert store.operations.load("op-3456").schema == schema
    record = canonical.dump(begun.after).decode()
    if schema == 1:
        assert decode(record, Operation, 1) == begun.after
    else:
        with pytest.raises(NewerRecord, match=r"schema 2, this one reads 1\)"):
            decode(record, Operation, 1)
