"""The audit in a real Redis: chained whatever appends, and whatever is done to it is found and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from commands import transitions
from commands.invocation import Invocation, Person, Place
from commands.proof.chain import Head, Link, seal
from commands.proof.signing import Key
from commands.proof.verifying import Verification, verify
from commands.store import IdTaken, Store, patient
from tests.harness.redis import RedisServer

KEY = Key(b"k" * 32)
OTHER = Key(b"o" * 32)
SAID = Invocation("deploy", {}, "prod", Person("U0DANA", "T0"), Place("C0"), "deploy web 2 to prod", 1.0)


@pytest.fixture
def audited(redis_server: RedisServer, store: Store) -> Iterator[Callable[[Key | None], Store]]:
    """Another process's store over the same records, with a key or without."""
    clients = []

    def made(key: Key | None) -> Store:
        clients.append(patient(redis_server.url))
        return Store(clients[-1], store._wire.prefix, key)

    yield made
    for client in clients:
        client.close()


def refuse(store: Store, *sentences: str) -> None:
    for sentence in sentences:
        store.audit.refuse(SAID, sentence, 2.0)


def judged(store: Store, key: Key | None = None, anchor: Head | None = None) -> Verification:
    return verify(store.audit.rows(), store.audit.head(), key, anchor)


def stream(store: Store) -> list[tuple[str, dict[str, str]]]:
    found = store._wire.client.xrange(store._wire.key("audit"))
    return [(id, dict(fields)) for id, fields in found]


def rewrite(store: Store, rows: list[tuple[str, dict[str, str]]]) -> None:
    """As somebody would who can write Redis."""
    key = store._wire.key("audit")
    store._wire.client.delete(key)
    for id, fields in rows:
        store._wire.client.xadd(key, fields, id=id)


def test_transitions_and_refusals_make_one_chain(store: Store):
    refuse(store, "no")
    store.operations.apply(transitions.request("op-2345", SAID, "prod", 1.0))
    refuse(store, "no again")
    found = judged(store)
    assert (found.findings, found.entries, found.first, found.head.number) == ([], 3, 1, 3)
    assert not found.anchored
    assert judged(store, anchor=store.audit.head()).anchored


def test_processes_that_append_at_once_make_one_chain(audited):
    stores = [audited(KEY) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: refuse(stores[n % 4], f"no {n}"), range(80)))
    found = judged(stores[0], KEY)
    assert (found.findings, found.entries) == ([], 80)


def test_a_transition_that_is_refused_appends_nothing(store: Store):
    store.operations.apply(transitions.request("op-2345", SAID, "prod", 1.0))
    with pytest.raises(IdTaken):
        store.operations.apply(transitions.request("op-2345", SAID, "prod", 1.0))
    assert (judged(store).findings, judged(store).entries) == ([], 1)


@pytest.fixture
def five(audited) -> Store:
    store: Store = audited(KEY)
    refuse(store, "one", "two", "three", "four", "five")
    return store


def test_a_changed_entry_is_named(five: Store):
    rows = stream(five)
    rows[2][1]["entry"] = rows[2][1]["entry"].replace("three", "tree!")
    rewrite(five, rows)
    assert judged(five, KEY).findings == [
        f"{rows[2][0]} (number 3) was changed: its words are not those that were sealed"
    ]


def test_a_changed_entry_that_was_sealed_anew_is_named_by_the_next(five: Store):
    rows = stream(five)
    forged = sealed_by_nobody(rows[2][1]["entry"].replace("three", "tree!"))
    rows[2][1].update(forged)
    rewrite(five, rows)
    assert judged(five, KEY).findings == [
        f"{rows[2][0]} (number 3) bears no key's seal, though entries before it do: it was forged",
        f"{rows[2][0]} (number 3) is not what {rows[3][0]} was chained to: it was changed or replaced",
    ]


def sealed_by_nobody(entry: str) -> dict[str, str]:
    return {"entry": entry, "seal": seal(entry.encode(), None), "key": ""}


@pytest.mark.parametrize(
    ("gone", "said"), [([1], "number 2 was removed before"), ([1, 2], "numbers 2 to 3 were removed before")]
)
def test_removed_entries_are_named(five: Store, gone: list[int], said: str):
    rows = stream(five)
    rewrite(five, [row for at, row in enumerate(rows) if at not in gone])
    [finding] = judged(five, KEY).findings
    assert finding.startswith(said)


def test_an_end_that_was_removed_is_named(five: Store):
    rewrite(five, stream(five)[:3])
    assert judged(five, KEY).findings == ["numbers 4 to 5 were removed from the end"]


def test_entries_that_changed_places_are_named(five: Store):
    rows = stream(five)
    moved = [rows[0], (rows[1][0], rows[2][1]), (rows[2][0], rows[1][1]), *rows[3:]]
    rewrite(five, moved)
    found = judged(five, KEY).findings
    assert f"number 2 was removed before {rows[1][0]} (number 3)" in found
    assert f"{rows[2][0]} (number 2) stands behind number 3: it was moved or inserted" in found


def test_an_entry_that_was_put_in_between_is_named(five: Store):
    rows = stream(five)
    head = rows[2][0].split("-")[0]
    inserted = (f"{head}-999", {"entry": rows[2][1]["entry"]})
    later = [(f"{int(id.split('-')[0]) + 1}-{n}", fields) for n, (id, fields) in enumerate(rows[3:])]
    rewrite(five, [*rows[:3], inserted, *later])
    assert judged(five, KEY).findings == [f"{head}-999 carries no link: it was inserted, or its link was removed"]


def test_a_trimmed_chain_is_whole_and_can_still_be_anchored(five: Store):
    head = five.audit.head()
    rewrite(five, stream(five)[2:])
    found = judged(five, KEY, head)
    assert (found.findings, found.first, found.anchored) == ([], 3, True)


def test_a_chain_that_was_written_anew_is_found_by_a_head_that_was_kept(five: Store, audited):
    head = five.audit.head()
    five._wire.client.delete(five._wire.key("audit"), five._wire.key("audit-head"))
    thief: Store = audited(None)
    refuse(thief, "one", "two", "three", "four", "nothing at all")
    assert judged(thief).findings == []
    [finding] = judged(thief, anchor=head).findings
    assert finding.endswith("is not the entry whose head was kept: the chain was written anew")


def test_a_shorter_chain_than_the_head_that_was_kept_is_found(five: Store, audited):
    head = replace(five.audit.head(), number=9)
    [finding] = judged(five, KEY, head).findings
    assert finding == "the chain ends with number 5, but number 9 was there when the head was kept: its end was removed"


def test_what_another_key_sealed_is_told_apart(audited):
    refuse(audited(OTHER), "of old")
    refuse(audited(KEY), "of now")
    found = judged(audited(KEY), KEY)
    assert (found.findings, found.unchecked) == ([], {OTHER.id: 1})
    refuse(audited(OTHER), "of a stranger")
    [finding] = judged(audited(KEY), KEY).findings
    assert f"(number 3) bears the seal of another key ({OTHER.id})" in finding


def test_what_was_written_before_there_was_a_chain_stands_before_it(store: Store):
    store._wire.client.xadd(store._wire.key("audit"), {"entry": '{"event":"refused"}'})
    refuse(store, "no")
    found = judged(store)
    assert (found.findings, found.unchained, found.entries) == ([], 1, 2)


def test_an_entry_far_past_the_chains_end_is_named(five: Store):
    forged = {**sealed_by_nobody('{"event":"approved","actor":"U0ROBIN"}'), "n": "1000", "prev": ""}
    five._wire.client.xadd(five._wire.key("audit"), forged)
    found = verify(five.audit.rows(), five.audit.head(), KEY, None, five.audit.head).findings
    assert "number 1000, the last, is not where the chain ended: it was changed, or added past the chain" in found


def test_what_is_appended_while_it_is_read_is_no_finding(five: Store):
    before = five.audit.head()
    refuse(five, "six", "seven")
    rows = list(five.audit.rows())[:6]
    found = verify(rows, before, KEY, before, five.audit.head)
    assert (found.findings, found.entries, found.anchored) == ([], 6, True)


def test_a_head_that_was_kept_of_what_is_gone_is_a_finding(five: Store):
    kept = Head(1, "0" * 64)
    rewrite(five, stream(five)[3:])
    [finding] = judged(five, KEY, kept).findings
    assert finding.startswith("number 1, whose head was kept, is there no longer")


def test_what_nobody_sealed_is_counted(audited):
    refuse(audited(None), "of old")
    refuse(audited(KEY), "of now")
    found = judged(audited(KEY), KEY)
    assert (found.findings, found.unsealed) == ([], 1)


def test_words_that_are_said_to_be_another_keys_are_found_by_a_head_that_was_kept(five: Store):
    head = five.audit.head()
    rows = stream(five)
    rows[0][1].update(entry=rows[0][1]["entry"].replace("one", "nil"), key=OTHER.id)
    rewrite(five, rows)
    assert judged(five, KEY, head).findings == [
        f"{rows[0][0]} (number 1) is not what {rows[1][0]} was chained to: it was changed or replaced"
    ]


def chained_anew(rows: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """As somebody without the key can: every link made to fit, each entry's own seal as it was."""
    made: list[tuple[str, dict[str, str]]] = []
    head = Head()
    for id, fields in rows:
        link = Link(head.number + 1, head.hash, fields["seal"], fields["key"])
        made.append((id, {**fields, "n": str(link.number), "prev": link.before}))
        head = link.head
    return made


@pytest.mark.parametrize(
    "order", [[0, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5], [0, 1, 1, 2, 3, 4, 5]], ids=["removed", "moved", "doubled"]
)
def test_a_sealed_head_finds_what_was_chained_anew_before_it(five: Store, order: list[int]):
    five.audit.note_head(five.audit.head(), 3.0)
    assert (judged(five, KEY).findings, judged(five, KEY).held) == ([], 5)
    rows = stream(five)
    ids = [f"1-{place}" for place in range(1, len(order) + 1)]
    anew = chained_anew([(id, rows[place][1]) for id, place in zip(ids, order, strict=True)])
    rewrite(five, anew)
    last = anew[-1][1]
    end = Link(len(anew), last["prev"], last["seal"], last["key"]).head
    five._wire.client.hset(five._wire.key("audit-head"), mapping={"n": end.number, "hash": end.hash})
    [finding] = judged(five, KEY).findings
    assert (
        finding
        == f"{anew[-1][0]} tells another head for number 5: what stands up to there was removed, moved or written anew"
    )
