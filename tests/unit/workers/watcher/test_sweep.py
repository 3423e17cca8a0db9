"""Whatever is due is looked at again, in every state that is not final."""

import json

import pytest

from commands import canonical, transitions
from commands.errors import LeaseLost
from commands.invocation import Invocation, Person, Place
from commands.operation import State
from commands.report import Report
from commands.store import Question
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from workers.watcher.sweep import BACKLOG, Sweep
from workers.watcher.wake import Named, Wake

OLD = r.deployment(r.OLD, generation=1, observed=1)


@pytest.fixture
def wake():
    return Wake()


@pytest.fixture
def lease(store):
    return store.leases.take("watcher", 30)


@pytest.fixture
def sweep(store, queue, wake, clock):
    return Sweep(store, queue, wake, clock)


@pytest.fixture
def due(store, redis, prefix):
    return lambda: {id.decode(): score for id, score in redis.zrange(f"{prefix}due", 0, -1, withscores=True)}


def ask(store, id="re-1"):
    said = Invocation("status", {}, "prod", Person("U0DEV", "T1"), Place("C1"), "status web in prod", NOW)
    question = Question(id, said, private=False, seconds=600, created=NOW)
    store.reports.ask(question, f"seen-{id}")
    return question


def test_nothing_is_enqueued_before_its_time(store, sweep, lease, jobs):
    records.requested(store)
    sweep.step(lease)
    assert jobs() == []


@pytest.mark.parametrize(
    ("make", "job"),
    [
        (records.requested, "plan"),
        (lambda store: records.queued(store, OLD), "act"),
        (lambda store: records.acting(store, OLD), "act"),
        (ask, "report"),
    ],
    ids=["planning", "queued", "acting: its worker was killed", "a question"],
)
def test_a_lost_job_is_enqueued_again_and_again_until_it_is_done(make, job, store, sweep, lease, jobs, clock):
    id = make(store).id
    clock.now += 5.1
    sweep.step(lease)
    sweep.step(lease)
    assert jobs() == [(job, id)], "once in its time"
    clock.now += 5.1
    sweep.step(lease)
    assert jobs() == [(job, id)] * 2


def test_an_answered_question_is_due_no_more(store, sweep, lease, jobs, clock, redis, prefix, due):
    question = ask(store)
    store.reports.answer(question, Report("all is well"), NOW)
    redis.zadd(f"{prefix}due", {"re-1": NOW})
    sweep.step(lease)
    assert (jobs(), due()) == ([], {})


def test_what_has_no_record_is_forgotten(store, sweep, lease, jobs, redis, prefix, due):
    redis.zadd(f"{prefix}due", {"re-gone": NOW, "op-gone": NOW})
    sweep.step(lease)
    assert (jobs(), due()) == ([], {})


def test_nobody_approved_in_time_by_the_watchers_clock(store, sweep, lease, clock):
    records.awaiting(store, OLD, expires=NOW + 60)
    clock.now += 59
    sweep.step(lease)
    assert store.operations.load("op-1").state is State.AWAITING
    clock.now += 2
    sweep.step(lease)
    ended = store.operations.load("op-1")
    assert ended.state is State.EXPIRED
    assert "Nobody approved" in ended.ending.sentence


def test_where_nothing_takes_jobs_none_are_added_and_what_expires_expires_all_the_same(
    store, queue, sweep, lease, clock, jobs
):
    records.awaiting(store, OLD, expires=NOW + 60)
    records.requested(store, "op-2")
    for number in range(BACKLOG + 1):
        queue.enqueue("plan", f"op-old{number}")
    clock.now += 61
    sweep.step(lease)
    assert ("plan", "op-2") not in jobs()
    assert store.operations.load("op-1").state is State.EXPIRED
    queue._lane(None).empty()
    clock.now += 5.1
    sweep.step(lease)
    assert jobs() == [("plan", "op-2")]


def test_what_waits_for_approval_and_is_due_too_soon_is_put_off(store, sweep, lease, redis, prefix, due):
    records.awaiting(store, OLD, expires=NOW + 60)
    redis.zadd(f"{prefix}due", {"op-1": NOW})
    sweep.step(lease)
    assert due() == {"op-1": NOW + 30}, "half-way the approvers are reminded"


def test_what_is_observed_is_looked_at(store, sweep, lease, wake, clock, jobs, due):
    records.observing(store)
    clock.now += 31
    sweep.step(lease)
    assert wake.wait(0) == {Named("op-1")}
    assert jobs() == []
    assert due() == {"op-1": clock.now + 30}


def test_a_record_of_a_newer_version_is_left_to_those_who_can_read_it(
    store, sweep, lease, clock, jobs, redis, prefix, due, caplog
):
    records.requested(store, "op-2")
    op = records.requested(store, "op-1")
    newer = json.loads(canonical.dump(op)) | {"schema": 99, "state": "levitating"}
    redis.hset(f"{prefix}operation:op-1", "record", json.dumps(newer))
    clock.now += 5.1
    sweep.step(lease)
    assert jobs() == [("plan", "op-2")], "it stops nobody else"
    assert due()["op-1"] == clock.now + 300
    clock.now += 301
    sweep.step(lease)
    assert caplog.text.count("op-1 is left alone") == 1
    assert json.loads(redis.hget(f"{prefix}operation:op-1", "record")) == newer


def test_a_question_that_cannot_be_read_stops_nobody_else(store, sweep, lease, clock, jobs, redis, prefix):
    ask(store, "re-1")
    records.requested(store)
    redis.set(f"{prefix}report:re-1", b'{"schema": 99}')
    clock.now += 5.1
    sweep.step(lease)
    assert jobs() == [("plan", "op-1")]


def test_who_lost_the_lease_ends_nothing(store, sweep, lease, clock):
    records.awaiting(store, OLD, expires=NOW + 60)
    store.leases.release(lease)
    clock.now += 61
    with pytest.raises(LeaseLost):
        sweep.step(lease)
    assert store.operations.load("op-1").state is State.AWAITING


def test_an_old_end_leaves_the_index(store, sweep, clock):
    store.operations.apply(transitions.reject(records.requested(store), "no", NOW))
    sweep.trim()
    assert len(list(store.operations.ended())) == 1
    clock.now += 91 * 86400
    sweep.trim()
    assert list(store.operations.ended()) == []
