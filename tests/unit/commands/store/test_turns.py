"""Who came first: two that come at the same instant never both find themselves first, whatever their clocks say."""

from __future__ import annotations

from dataclasses import replace

from commands import transitions
from commands.invocation import Person
from commands.operation import Ending, Operation
from commands.store import Store
from tests.unit.commands.test_transitions import plan, requested

HOUR = 3600.0


def asked(store: Store, id: str, at: float = 1.0, person: str = "U0DEV", environment: str = "prod") -> Operation:
    said = replace(requested().invocation, person=Person(person, "T0HOME"))
    return store.operations.apply(transitions.request(id, said, environment, at))


def queued(store: Store, id: str, at: float = 2.0, environment: str = "prod") -> Operation:
    operation = asked(store, id, at, environment=environment)
    made = plan()
    ref = replace(made.promise.ref, name=id)  # each another target
    move = transitions.planned(operation, replace(made, promise=replace(made.promise, ref=ref)), None, at)
    return store.operations.apply(move)


def test_what_came_first_is_before_what_came_later_until_its_end(store: Store) -> None:
    first, second, elsewhere = (
        queued(store, "op-2222"),
        queued(store, "op-3333"),
        queued(store, "op-4444", 2.0, "staging"),
    )
    assert store.turns.running_before(first) == ()
    assert store.turns.running_before(second) == ("op-2222",)
    assert store.turns.running_before(elsewhere) == ()
    assert store.turns.running_before(asked(store, "op-5555")) == ("op-2222", "op-3333")
    acting = store.operations.apply(transitions.act(first, 3.0))
    assert store.turns.running_before(second) == ("op-2222",)
    store.operations.apply(transitions.fail(acting, Ending("it broke"), 4.0))
    assert store.turns.running_before(second) == ()


def test_a_clock_that_is_behind_puts_nobody_before_those_who_are_there(store: Store) -> None:
    first, second = queued(store, "op-9999", 100.0), queued(store, "op-1111", 50.0)
    assert store.turns.running_before(first) == ()
    assert store.turns.running_before(second) == ("op-9999",)
    assert store.turns.asked_before(first, 100.0) == ()
    assert store.turns.asked_before(second, 100.0) == (100.0,)


def test_of_two_at_the_same_instant_one_sees_the_other(store: Store) -> None:
    operations = [queued(store, id, 1.0) for id in ("op-9999", "op-1111", "op-5555")]
    assert sorted(len(store.turns.running_before(op)) for op in operations) == [0, 1, 2]
    assert sorted(len(store.turns.asked_before(op, 1.0) or ()) for op in operations) == [0, 1, 2]


def test_a_person_is_counted_for_an_hour_by_environment(store: Store) -> None:
    asked(store, "op-2222", 10.0)
    asked(store, "op-3333", 20.0)
    asked(store, "op-4444", 20.0, person="U0SAM")
    asked(store, "op-5555", 20.0, environment="staging")
    late = asked(store, "op-6666", HOUR)
    assert store.turns.asked_before(late, HOUR) == (10.0, 20.0)
    assert store.turns.asked_before(late, HOUR + 9.9) == (10.0, 20.0)
    assert store.turns.asked_before(late, HOUR + 10.0) == (20.0,)
    assert store.turns.asked_before(late, HOUR + 20.0) == ()


def test_what_was_rejected_is_not_counted(store: Store) -> None:
    store.operations.apply(transitions.reject(asked(store, "op-2222", 10.0), "no such thing", 11.0))
    assert store.turns.asked_before(asked(store, "op-3333", 12.0), 12.0) == ()


def test_what_was_asked_for_an_hour_ago_has_nothing_before_it_and_what_is_missing_cannot_be_told(store: Store) -> None:
    old = asked(store, "op-2222", 10.0)
    asked(store, "op-3333", 10.0 + HOUR)
    assert store.turns.asked_before(old, 10.0 + HOUR) == ()
    assert store.turns.asked_before(replace(old, id="op-8888"), 10.0 + HOUR - 1) is None


def test_nothing_is_kept_for_longer_than_it_counts(store: Store, prefix: str) -> None:
    client = store._wire.client
    for number in range(2, 8):
        store.operations.apply(
            transitions.cancel(
                queued(store, f"op-{number}{number}{number}{number}", number * 1000.0), "U0DEV", "", number * 1000.0
            )
        )
    assert client.zcard(f"{prefix}running:prod") == 0
    assert client.zcard(f"{prefix}asked:prod:U0DEV") == 4
    assert 0 < client.ttl(f"{prefix}asked:prod:U0DEV") <= HOUR
