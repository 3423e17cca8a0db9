"""Standing by and leading, Redis coming and going, and what readiness says of it."""

import logging
import threading

import pytest

from commands import transitions
from commands.errors import StoreUnavailable
from commands.operation import State
from commands.store import Lease, Store, patient
from tests.harness.redis import RedisServer
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import eventually, unreachable
from workers.watcher import Watcher, duty
from workers.watcher.backoff import Backoff
from workers.watcher.leader import NAME

HALFWAY = r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated")
OLD = r.deployment(r.OLD, generation=1, observed=1)


@pytest.fixture
def rollout(store, cluster):
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    return records.observing(store)


@pytest.fixture
def run_out(redis, prefix):
    """The lease's time is over now."""
    return lambda: redis.delete(f"{prefix}lease:{NAME}")


def finish(cluster) -> None:
    cluster.put(r.replica_set())
    cluster.put(r.deployment())


def state(store, id="op-1") -> State:
    return store.operations.load(id).state


def leads(watcher) -> bool:
    return watcher.ready()[1]["role"] == "leading"


def test_one_leads_and_the_other_stands_by(run):
    first = run(lease_seconds=60)
    eventually(lambda: leads(first))
    second = run(lease_seconds=1)
    eventually(lambda: second.ready()[0])
    assert second.ready() == (True, {"role": "standing by", "redis": "answering", "feeds": {}})
    assert leads(first)


def test_a_leader_that_stops_is_followed_at_once(run, rollout, store, cluster):
    """Long before the lease would have run out."""
    first = run(lease_seconds=600)
    eventually(lambda: leads(first))
    second = run(lease_seconds=5)
    eventually(lambda: second.ready()[0])
    first.stop()
    eventually(lambda: leads(second))
    finish(cluster)
    eventually(lambda: state(store) is State.SUCCEEDED)


def test_a_killed_leader_is_followed_when_its_lease_has_run_out(run, rollout, store, cluster, run_out):
    """What a SIGKILL leaves is a lease that nobody renews, and an operation that nobody looks at."""
    dead = store.leases.take(NAME, 600)
    assert isinstance(dead, Lease)
    watcher = run(lease_seconds=1.0)
    finish(cluster)
    eventually(lambda: watcher.ready()[0])
    assert not leads(watcher)
    assert state(store) is State.OBSERVING
    run_out()
    eventually(lambda: leads(watcher))
    eventually(lambda: state(store) is State.SUCCEEDED)


def test_a_leader_that_was_paused_writes_nothing_more(run, rollout, store, cluster, clock, run_out):
    paused, going_on = threading.Event(), threading.Event()
    going_on.set()

    def now():
        if not going_on.is_set():
            paused.set()
            going_on.wait(120)
        return clock()

    first = run(now=now, lease_seconds=10)
    eventually(lambda: store.operations.progress("op-1"))
    second = run(lease_seconds=5)
    going_on.clear()
    assert paused.wait(45)
    run_out()
    eventually(lambda: leads(second))
    finish(cluster)
    eventually(lambda: state(store) is State.SUCCEEDED)
    going_on.set()
    eventually(lambda: not leads(first))
    assert [entry["event"] for entry in store.audit.export()].count("succeeded") == 1
    assert first.ready()[1]["feeds"] == {}
    assert leads(second)


@pytest.mark.parametrize(
    ("last", "end"),
    [(r.deployment(), State.SUCCEEDED), (r.deployment("r/web:3", generation=3, observed=3), State.SUPERSEDED)],
    ids=["its progress", "its end"],
)
def test_a_refused_write_ends_the_term_at_once_and_the_feeds_with_it(last, end, run, rollout, store, cluster):
    watcher = run(lease_seconds=10)
    eventually(lambda: store.operations.progress("op-1"))
    feed = watcher._duty._feeds.of("main", "prod", "Pod")
    store.leases.release(watcher._duty._lease)
    other = store.leases.take(NAME, 30)
    cluster.put(r.replica_set())
    cluster.put(last)
    eventually(lambda: not leads(watcher))
    assert feed.join(1)
    assert state(store) is State.OBSERVING
    store.leases.release(other)
    eventually(lambda: state(store) is end)


def test_a_new_operation_is_noticed_by_the_bell(run, store, cluster, monkeypatch):
    monkeypatch.setitem(duty.EVERY, duty.ROUND, 60.0)
    monkeypatch.setitem(duty.EVERY, duty.SWEEP, 60.0)
    finish(cluster)
    watcher = run()
    eventually(lambda: leads(watcher))
    records.observing(store)
    eventually(lambda: state(store) is State.SUCCEEDED)


class Deaf:
    """A bell that nobody hears."""

    def __init__(self, *names):
        pass

    def wait(self, seconds):
        threading.Event().wait(seconds)

    def close(self):
        pass


def test_what_the_bell_did_not_say_is_noticed_in_a_round(run, store, cluster, monkeypatch):
    monkeypatch.setattr(store, "bell", Deaf)
    finish(cluster)
    watcher = run()
    eventually(lambda: leads(watcher))
    records.observing(store)
    eventually(lambda: state(store) is State.SUCCEEDED)


def test_feeds_run_only_while_they_are_needed(run, store, cluster):
    watcher = run()
    eventually(lambda: leads(watcher))
    assert cluster.calls == []
    cluster.put(OLD)
    op = records.queued(store, OLD)
    for kind in ("Deployment", "ReplicaSet", "Pod", "Event"):
        cluster.wait_for(f"watch {kind}")
    eventually(lambda: len(watcher.ready()[1]["feeds"]) == 3)
    store.operations.apply(transitions.cancel(op, "U0DEV", "no", NOW))
    eventually(lambda: watcher.ready()[1]["feeds"] == {})


def test_ready_says_what_is_not_in_sync(run, rollout, cluster):
    cluster.refusals["Pod"] = unreachable()
    watcher = run()
    eventually(lambda: watcher.ready()[1]["feeds"].get("main/prod/Deployment") == "synced")
    eventually(lambda: "does not answer" in watcher.ready()[1]["feeds"].get("main/prod/Pod", ""))
    assert not watcher.ready()[0]
    with cluster.changed:
        cluster.refusals.clear()
    eventually(lambda: watcher.ready()[0])


def test_idle_it_waits(run, store, monkeypatch):
    """A turn for each sweep and each round, and no others."""
    turns, sweeps = [], []
    monkeypatch.setitem(duty.EVERY, duty.ROUND, 60.0)
    turn, step = duty.Duty.turn, duty.Sweep.step
    monkeypatch.setattr(duty.Duty, "turn", lambda self, seconds: turns.append(1) or turn(self, seconds))
    monkeypatch.setattr(duty.Sweep, "step", lambda self, lease: sweeps.append(1) or step(self, lease))
    run(lease_seconds=30)
    eventually(lambda: len(sweeps) >= 6)
    assert len(turns) <= len(sweeps) + 4


@pytest.fixture
def own_redis():
    with RedisServer(appendonly=True) as server:
        yield server


@pytest.fixture
def own_store(own_redis, prefix):
    with patient(own_redis.url) as client:
        yield Store(client, prefix)


def test_it_survives_redis_and_reads_everything_again(own_redis, own_store, run, cluster, caplog, monkeypatch):
    caplog.set_level(logging.INFO, "workers.watcher")
    failed, pause = [], Watcher._pause
    monkeypatch.setattr(Watcher, "_pause", lambda self, outage: failed.append(1) or pause(self, outage))
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    records.observing(own_store)
    watcher = run(own_store, lease_seconds=60)
    watcher._backoff = Backoff(0.05, 0.05)
    eventually(lambda: watcher.ready()[0] and own_store.operations.progress("op-1"))
    own_redis.kill()
    eventually(lambda: "cannot be reached" in watcher.ready()[1]["redis"])
    assert not watcher.ready()[0]
    finish(cluster)
    eventually(lambda: len(failed) >= 3)
    own_redis.start()
    eventually(lambda: own_store.operations.load("op-1").state is State.SUCCEEDED)
    eventually(lambda: watcher.ready()[0])
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1, "said once"
    assert "Redis answers" in caplog.text


def test_after_an_outage_it_reads_again_what_it_could_not_hear_of(run, store, cluster, monkeypatch):
    monkeypatch.setattr(store, "bell", Deaf)
    monkeypatch.setitem(duty.EVERY, duty.ROUND, 60.0)
    outage, step = threading.Event(), duty.Sweep.step

    def sweep(self, lease):
        if outage.is_set():
            outage.clear()
            raise StoreUnavailable
        step(self, lease)

    monkeypatch.setattr(duty.Sweep, "step", sweep)
    finish(cluster)
    watcher = run(lease_seconds=30)
    eventually(lambda: leads(watcher))
    eventually(lambda: watcher._duty._timers._next[duty.ROUND] > 0)
    records.observing(store)
    outage.set()
    eventually(lambda: state(store) is State.SUCCEEDED)


def test_it_starts_without_redis_and_leads_when_it_comes(own_redis, own_store, run, cluster):
    finish(cluster)
    records.observing(own_store)
    own_redis.kill()
    watcher = run(own_store)
    eventually(lambda: "cannot be reached" in watcher.ready()[1]["redis"])
    own_redis.start()
    eventually(lambda: own_store.operations.load("op-1").state is State.SUCCEEDED)


def test_a_fault_of_ours_does_not_end_it(run, rollout, store, cluster, monkeypatch, caplog):
    calls = []

    def stumble(self, lease):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("never thought of")

    monkeypatch.setattr(duty.Sweep, "step", stumble)
    run()
    eventually(lambda: "never thought of" in caplog.text)
    finish(cluster)
    eventually(lambda: state(store) is State.SUCCEEDED)
