"""A move is written whole or not at all: record, audit, due time, outbox and claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import transitions
from commands.demand import Vote
from commands.errors import Busy, LeaseLost, NotFound, Stale, StoreUnavailable
from commands.operation import Origin, State, Written
from commands.progress import Progress
from commands.store import IdTaken, Seen, Store, hurried, patient, pressed
from tests.unit.commands.test_transitions import awaiting, plan, requested

BEGIN = transitions.request("op-2345", requested().invocation, "prod", 1.0)


def queued(store: Store, id: str = "op-2345"):
    op = store.operations.apply(transitions.request(id, requested().invocation, "prod", 1.0))
    return store.operations.apply(transitions.planned(op, plan(), None, 2.0))


def test_what_is_written_is_read(store: Store):
    store.operations.apply(BEGIN)
    assert store.operations.load("op-2345") == BEGIN.after
    assert [op.id for op in store.operations.in_flight()] == ["op-2345"]
    assert [entry["event"] for entry in store.audit.export()] == ["requested"]
    assert store.outbox.take(1.0) is None, "the ack is the answer until planning ends"


def test_a_move_from_an_old_record_writes_nothing(store: Store):
    op = store.operations.apply(BEGIN)
    store.operations.apply(transitions.reject(op, "no", 2.0))
    with pytest.raises(Stale):
        store.operations.apply(transitions.planned(op, plan(), None, 3.0))
    assert store.operations.load("op-2345").state is State.REJECTED
    assert len(list(store.audit.export())) == 2
    assert store.operations.holder(plan().promise.ref.claim) is None


def test_an_id_is_given_once(store: Store):
    store.operations.apply(BEGIN)
    with pytest.raises(IdTaken):
        store.operations.apply(BEGIN)


def test_the_same_delivery_becomes_one_operation(store: Store):
    store.operations.apply(BEGIN, seen="command:1.2.3")
    again = transitions.request("op-6789", requested().invocation, "prod", 1.0)
    with pytest.raises(Seen) as caught:
        store.operations.apply(again, seen="command:1.2.3")
    assert caught.value.id == "op-2345"
    with pytest.raises(NotFound):
        store.operations.load("op-6789")


def test_a_target_is_held_by_one_operation_until_its_end(store: Store):
    first = queued(store)
    second = store.operations.apply(transitions.request("op-6789", requested().invocation, "prod", 1.0))
    with pytest.raises(Busy) as caught:
        store.operations.apply(transitions.planned(second, plan(), None, 2.0))
    assert caught.value.holder == "op-2345"
    acting = store.operations.apply(transitions.act(first, 3.0))
    seen = store.operations.apply(transitions.wrote(acting, Written(2, "t", None, 3.0), 3.0))
    store.operations.apply(transitions.succeed(seen, "done", 4.0))
    assert store.operations.apply(transitions.planned(second, plan(), None, 5.0)).state is State.QUEUED


def test_who_lost_the_lease_writes_nothing(store: Store):
    op = store.operations.apply(BEGIN)
    lease = store.leases.take("operation-op-2345", 30)
    store.leases.release(lease)
    assert store.leases.take("operation-op-2345", 30) is not None
    with pytest.raises(LeaseLost):
        store.operations.apply(transitions.planned(op, plan(), None, 2.0), lease=lease)
    with pytest.raises(LeaseLost):
        store.operations.note_progress("op-2345", Progress("x", 1, 1, 1, 0, 2.0), lease)
    with pytest.raises(LeaseLost):
        store.leases.renew(lease)
    assert store.operations.load("op-2345") == op


def test_an_epoch_only_grows(store: Store):
    tokens = []
    for _ in range(3):
        lease = store.leases.take("watcher", 30)
        assert store.leases.take("watcher", 30) is None
        tokens.append(int(lease.token.split(":")[0]))
        store.leases.release(lease)
    assert tokens == sorted(set(tokens))


def test_what_is_due_is_seen_once_until_it_is_due_again(store: Store):
    store.operations.apply(BEGIN)
    assert store.operations.due(5.0) == []
    assert store.operations.due(6.0) == ["op-2345"]
    assert store.operations.due(6.0) == []
    assert store.operations.due(11.0) == ["op-2345"]
    store.operations.apply(transitions.reject(BEGIN.after, "no", 12.0))
    assert store.operations.due(99.0) == []


def test_votes_wait_until_they_are_counted(store: Store):
    op = store.operations.apply(BEGIN)
    op = store.operations.apply(transitions.planned(op, plan(), awaiting(2).demand, 2.0))
    cast = Vote("U1", plan().digest, 3.0)
    op = store.operations.apply(transitions.vote(op, cast))
    assert store.operations.pending_votes() == ["op-2345"]
    store.operations.apply(transitions.count(op, cast, 4.0))
    assert store.operations.pending_votes() == []


def test_an_ended_record_has_a_lifetime_and_one_in_flight_has_none(redis_server, prefix: str, store: Store):
    op = store.operations.apply(BEGIN)
    client = patient(redis_server.url)
    key = f"{prefix}operation:op-2345"
    assert client.ttl(key) == -1
    store.operations.apply(transitions.reject(op, "no", 2.0))
    assert 0 < client.ttl(key) <= 90 * 86400
    client.close()


def test_a_redis_that_is_gone_is_said_within_a_second():
    store = Store(hurried("redis://127.0.0.1:1"), "test:")
    with pytest.raises(StoreUnavailable, match="can't reach my own records, nothing was changed"):
        store.operations.load("op-2345")


def test_every_transition_is_audited_with_who_what_where_and_digest(store: Store):
    op = queued(store)
    store.operations.apply(transitions.cancel(op, "U9", "called off", 3.0))
    last = list(store.audit.export())[-1]
    assert last["actor"] == "U9"
    assert (last["from"], last["to"]) == ("queued", "cancelled")
    assert (last["environment"], last["target"]) == ("prod", "main/prod/Deployment/web")
    assert last["digest"] == plan().digest


def test_refused_attempts_are_audited(store: Store):
    store.audit.refuse(replace(requested().invocation), "You may not.", 2.0)
    store.audit.refuse_click("approve", "op-2345", "U1", "C1", "You asked for it yourself.", 3.0)
    assert [(e["event"], e["actor"], e["detail"]) for e in store.audit.export()] == [
        ("refused", "U0DEV", "You may not."),
        ("click refused", "U1", "You asked for it yourself."),
    ]


def test_a_follow_up_that_was_rejected_gives_its_button_back(store: Store):
    again = transitions.request("op-6789", requested().invocation, "prod", 1.0, Origin("op-2345", "retry"))
    op = store.operations.apply(again, seen=pressed("retry", "op-2345"))
    third = transitions.request("op-3333", requested().invocation, "prod", 1.0, Origin("op-2345", "retry"))
    with pytest.raises(Seen):
        store.operations.apply(third, seen=pressed("retry", "op-2345"))
    store.operations.apply(transitions.reject(op, "busy", 2.0))
    assert store.operations.apply(third, seen=pressed("retry", "op-2345")).id == "op-3333"
