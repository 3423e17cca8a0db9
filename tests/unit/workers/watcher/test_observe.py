"""From events to the end of an operation, over a wire that can be made to misbehave."""

import base64
import threading
from dataclasses import replace

import pytest

from commands import transitions
from commands.canonical import digest_of
from commands.config import Environment
from commands.errors import Forbidden
from commands.operation import State
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import Monotonic, eventually, too_old, unreachable
from workers.watcher import confirm, duty, evidence, lookups, observe

HALFWAY = r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated")
CRASH = r.waiting("CrashLoopBackOff", "back-off 10s", last={"exitCode": 1, "reason": "Error"}, restarts=2)
PULL = r.waiting("ErrImagePull", f'failed to pull "{r.NEW}": not found')


@pytest.fixture
def follow(store, cluster, run):
    """A rollout that is half done, observed by a watcher that sees it."""
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    cluster.put(r.replica_set("rs-old", r.OLD, 1, count=2))
    op = records.observing(store)
    watcher = run()
    eventually(lambda: store.operations.progress(op.id))
    return watcher


@pytest.fixture
def ends(store):
    """Waits for the end; returns the operation."""
    return lambda name="op-1": eventually(lambda: (op := store.operations.load(name)).state.final and op)


def finish(cluster) -> None:
    cluster.put(r.replica_set())
    cluster.put(r.deployment())


def events(store) -> list[str]:
    return [entry["event"] for entry in store.audit.export()]


def test_it_says_where_it_is_and_succeeds(follow, store, cluster, ends):
    progress = store.operations.progress("op-1")
    assert (progress.sentence, progress.ready, progress.old) == ("", 2, 2)
    finish(cluster)
    ended = ends()
    assert ended.state is State.SUCCEEDED
    assert ended.ending.sentence == "3 of 3 pods ready."
    assert store.operations.progress("op-1").ready == 3, "the last progress is never lost"
    assert events(store)[-1] == "succeeded"
    assert store.operations.holder(ended.target.claim) is None


def pulled():
    for name, digest in (("web-1", "1" * 64), ("web-2", "2" * 64), ("web-3", "1" * 64)):
        pod = r.pod(name)
        pod["status"]["containerStatuses"][0]["imageID"] = f"registry/web@sha256:{digest}"
        yield pod


@pytest.mark.parametrize("told", [True, False], ids=["told", "only there"])
def test_which_digest_the_pods_run_is_kept_with_the_end(follow, store, cluster, ends, told):
    """Pods are told on a watch of their own, which may be behind that of their workload: then they are read."""
    if not told:
        cluster.silent_about.add("Pod")
    for pod in pulled():
        cluster.put(pod)
    finish(cluster)
    (found,) = ends().ending.running
    assert (found.container, found.image) == ("app", r.NEW)
    assert found.digests == ((f"sha256:{'1' * 64}", 2), (f"sha256:{'2' * 64}", 1))


def test_pods_that_cannot_be_read_delay_no_end_for_long(follow, cluster, ends, monkeypatch):
    monkeypatch.setattr(confirm, "PODS_SECONDS", 0.05)
    cluster.silent_about.add("Pod")
    for pod in pulled():
        cluster.put(pod)
    cluster.hold = threading.Event()
    finish(cluster)
    ended = ends()
    cluster.hold.set()
    assert (ended.state, ended.ending.running) == (State.SUCCEEDED, ())


def test_the_status_may_be_told_before_the_replica_set(follow, store, cluster, ends):
    cluster.put(r.deployment())
    finish(cluster)
    assert ends().state is State.SUCCEEDED


def test_a_pod_told_before_its_replica_set_breaks_it_all_the_same(store, cluster, run, ends):
    cluster.put(r.deployment(counts=(4, 1, 3), reason="ReplicaSetUpdated"))
    records.observing(store)
    run()
    eventually(lambda: store.operations.progress("op-1"))
    cluster.put(r.pod("web-1", **PULL))
    cluster.put(r.replica_set(ready=0))
    assert ends().ending.sentence == f"Container app: image {r.NEW} not found."


def test_broken_with_the_evidence_first(follow, store, cluster, ends):
    reading = threading.Event()
    cluster.log = lambda: reading.wait(45) and "panic: no database"
    cluster.put(r.pod("web-1", **CRASH))
    cluster.wait_for("logs web-1")
    assert store.operations.load("op-1").state is State.OBSERVING
    reading.set()
    ended = ends()
    assert ended.state is State.FAILED
    diagnosis = ended.ending.diagnosis
    assert ended.ending.sentence == "Container app exits with code 1 (CrashLoopBackOff)."
    assert (diagnosis.container, diagnosis.image, diagnosis.exit_code) == ("app", r.NEW, 1)
    assert (diagnosis.logs, diagnosis.pods) == ("panic: no database", ("web-1",))


def event(uid, message, reason="Failed"):
    times = {"firstTimestamp": r.stamp(NOW), "lastTimestamp": r.stamp(NOW)}
    meta = {"name": message, "uid": f"event {message}"}
    return {
        "kind": "Event", "type": "Warning", "reason": reason, "message": message, "metadata": meta, "involvedObject": {"uid": uid}, **times,
    }  # fmt: skip


def test_the_events_of_what_it_owns_are_evidence(follow, cluster, ends):
    cluster.put(event("uid-web-1", "it is broken"))
    cluster.put(event("uid-other", "not ours"))
    cluster.put(r.pod("web-1", **PULL))
    assert ends().ending.diagnosis.events == ("Failed: it is broken",)


def secret(**data):
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"kind": "Secret", "metadata": {"name": "db", "uid": "secret-db"}, "data": encoded}


@pytest.fixture
def masked(store, cluster, run):
    """A rollout that breaks where secrets are masked, of a pod that uses one and tells it to everybody."""
    pod = r.pod("web-1", **CRASH)
    pod["spec"] = {"containers": [{"name": "app", "image": r.NEW, "envFrom": [{"secretRef": {"name": "db"}}]}]}
    cluster.log = lambda: (
        "connecting as admin with swordfish\nretrying with c3dvcmRmaXNo\npostgres://db/?p=sword%20fish"
    )
    cluster.put(event("uid-web-1", "swordfish is no good"))
    for obj in (HALFWAY, r.replica_set(count=2), pod):
        cluster.put(obj)
    records.observing(store)
    settings = Environment(cluster="main", namespace="prod", mask_secrets=True)
    return lambda: run(environment=lambda _: settings)


def test_what_secrets_hold_is_masked_exactly(masked, cluster, ends):
    cluster.put(secret(password="swordfish", other="sword fish", user="admin", port="1"))
    masked()
    found = ends().ending.diagnosis
    assert (
        found.logs == "connecting as [redacted] with [redacted]\nretrying with [redacted]\npostgres://db/?p=[redacted]"
    )
    assert found.events == ("Failed: [redacted] is no good",)


def test_a_secret_that_may_not_be_read_costs_the_log(masked, cluster, ends):
    cluster.refusals["Secret"] = unreachable()
    masked()
    found = ends().ending.diagnosis
    assert found.cause == "container app exits with code 1 (CrashLoopBackOff)"
    assert "withheld" in found.logs
    assert "does not answer" in found.logs
    assert "swordfish" not in str(found)
    assert found.events == ()


def test_a_secret_that_does_not_exist_holds_nothing(masked, ends):
    masked()
    assert "swordfish" in ends().ending.diagnosis.logs


def test_no_secret_is_read_unless_asked_for(follow, cluster, ends):
    cluster.put(secret(password="swordfish"))
    pod = r.pod("web-1", **CRASH)
    pod["spec"] = {"containers": [{"name": "app", "image": r.NEW, "envFrom": [{"secretRef": {"name": "db"}}]}]}
    cluster.put(pod)
    ends()
    assert "get Secret" not in cluster.calls


def test_an_event_alone_is_proof_where_it_says_what_is_missing(follow, cluster, ends):
    cluster.put(r.pod("web-1", **r.waiting("ContainerCreating")))
    cluster.wait_for("watch Event")
    cluster.put(event("uid-web-1", 'MountVolume.SetUp failed for volume "c" : secret "tls" not found', "FailedMount"))
    ended = ends()
    assert ended.ending.sentence == "The pod needs the Secret tls, which does not exist."
    assert ended.ending.diagnosis.pods == ("web-1",)


def test_pods_that_a_stateful_set_may_not_make_are_told_by_its_events(store, cluster, run, ends, clock):
    live = r.stateful_set(counts=(0, 0, 0))
    cluster.put(live)
    records.observing(store, {**live, "metadata": {**live["metadata"], "generation": 1}})
    run()
    cluster.wait_for("watch Event")
    refused = 'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: '
    cluster.put(
        event("s1", f"{refused}exceeded quota: q, requested: pods=1, used: pods=4, limited: pods=4", "FailedCreate")
    )
    eventually(lambda: "quota" in str(store.operations.progress("op-1")))
    assert store.operations.load("op-1").state is State.OBSERVING, "it may pass"
    clock.now += 31
    assert ends().ending.sentence == (
        "Pods cannot be created: quota q leaves no room (pods=1 asked for, pods=4 in use, pods=4 allowed)."
    )


def test_events_that_may_not_be_read_blind_nobody(follow, cluster, ends):
    cluster.refusals["Event"] = unreachable()
    cluster.put(r.pod("web-1", **PULL))
    found = ends().ending.diagnosis
    assert found.cause == "container app: image r/web:2 not found"
    assert found.events == ("(the events could not be read: The API server of cluster main does not answer.)",)


def test_a_right_to_hear_of_events_that_is_missing_is_told_on_the_way(store, cluster, run):
    said = "Quarterdeck's account may not watch events in namespace prod."
    cluster.refusals["Event"] = Forbidden(said, verb="watch", resource="events", namespace="prod")
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    records.observing(store)
    run()
    told = f"I can't hear the cluster's warnings: {said}"
    eventually(lambda: told in getattr(store.operations.progress("op-1"), "warnings", ()))


def test_a_log_that_hangs_costs_only_the_log_and_delays_nobody(store, cluster, run, ends, monkeypatch):
    monotonic = Monotonic()
    monkeypatch.setattr(lookups, "time", monotonic)
    hang = threading.Event()
    cluster.log = lambda: hang.wait(120) and ""
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    cluster.put(r.pod("web-1", **CRASH))
    other = r.stateful_set(counts=(3, 1, 3))
    cluster.put(other)
    before = {**other, "metadata": {**other["metadata"], "generation": 1}}
    records.observing(store, id="op-1")
    records.observing(store, before, id="op-2")
    run()
    cluster.wait_for("logs web-1")
    cluster.put(r.stateful_set())
    assert ends("op-2").state is State.SUCCEEDED
    assert store.operations.load("op-1").state is State.OBSERVING
    monotonic.now += evidence.SECONDS
    ended = ends("op-1")
    hang.set()
    assert (ended.state, ended.ending.diagnosis.logs) == (State.FAILED, "")
    assert ended.ending.diagnosis.exit_code == 1


def test_what_mends_itself_while_the_evidence_is_gathered_succeeds(follow, store, cluster, ends):
    reading = threading.Event()
    cluster.log = lambda: reading.wait(45) and ""
    cluster.put(r.pod("web-1", **CRASH))
    cluster.wait_for("logs web-1")
    cluster.put(r.pod("web-1"))
    finish(cluster)
    assert ends().state is State.SUCCEEDED
    reading.set()


def test_cancelled_while_the_evidence_is_gathered_it_stays_cancelled(follow, store, cluster):
    reading = threading.Event()
    cluster.log = lambda: reading.wait(45) and ""
    cluster.put(r.pod("web-1", **CRASH))
    cluster.wait_for("logs web-1")
    cancelled = store.operations.apply(transitions.cancel(store.operations.load("op-1"), "U0DEV", "no", NOW))
    reading.set()
    eventually(lambda: not follow._duty._flight.get("op-1"))
    assert store.operations.load("op-1") == cancelled


def test_a_move_that_came_first_is_read_and_decided_anew(follow, store, cluster, monkeypatch):
    """The bell is not heard: the watcher learns of it only from its refused write."""
    flight = follow._duty._flight
    monkeypatch.setattr(flight, "read_again", lambda: ())
    cancelled = store.operations.apply(transitions.cancel(store.operations.load("op-1"), "U0DEV", "no", NOW))
    finish(cluster)
    eventually(lambda: not flight.get("op-1"))
    assert store.operations.load("op-1") == cancelled


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (None, "Deployment web was deleted meanwhile."),
        ("d2", "Deployment web was deleted and made anew meanwhile; the new one is not what I changed."),
    ],
)
def test_deleted_meanwhile(again, said, follow, cluster, ends):
    cluster.delete(r.deployment())
    if again:
        new = r.deployment()
        new["metadata"]["uid"] = again
        cluster.put(new)
    ended = ends()
    assert (ended.state, ended.ending.sentence) == (State.SUPERSEDED, said)


def test_a_cache_that_is_behind_is_not_believed_that_it_is_gone(store, cluster, run, ends):
    """Half open: the feed is in sync as far as anybody can tell, and has not heard that the object was made."""
    run()
    first = r.deployment(generation=1)
    first["metadata"] |= {"name": "first", "uid": "d0"}
    cluster.put(first)
    records.observing(store, first, "op-0")
    for kind in ("Deployment", "ReplicaSet", "Pod"):
        cluster.wait_for(f"watch {kind}")
    cluster.silent = True
    cluster.put(r.deployment())
    cluster.put(r.replica_set())
    records.observing(store)
    cluster.wait_for("get Deployment", 2)
    assert store.operations.load("op-1").state is State.OBSERVING
    cluster.silent = False
    cluster.end_watches(unreachable())
    assert ends().state is State.SUCCEEDED


def test_somebody_else_wrote_over_it(follow, cluster, ends):
    cluster.put(r.deployment("r/web:3", generation=3, observed=3))
    ended = ends()
    assert ended.state is State.SUPERSEDED
    assert ended.ending.sentence == "Somebody changed the pod template meanwhile; it asks for app r/web:3 now."


def test_nothing_is_decided_from_an_object_older_than_our_write(store, cluster, run, ends):
    cluster.put(r.deployment(r.OLD, generation=1, observed=1))
    cluster.put(r.replica_set("rs-old", r.OLD, 1))
    records.observing(store)
    run()
    assert eventually(lambda: store.operations.progress("op-1")).sentence == "waiting for the change to be seen"
    finish(cluster)
    assert ends().state is State.SUCCEEDED


def test_nothing_is_decided_while_a_feed_is_out_of_sync(store, cluster, run, ends, monkeypatch):
    monkeypatch.setattr(observe, "BLINK", 0.0)
    cluster.refusals["Pod"] = unreachable()
    finish(cluster)
    records.observing(store)
    watcher = run()
    progress = eventually(lambda: store.operations.progress("op-1"))
    assert progress.sentence.startswith("I can't see the rollout at the moment: The API server of cluster main")
    assert progress.at == r.WROTE, "the time of the last that was known"
    assert store.operations.load("op-1").state is State.OBSERVING
    assert not watcher.ready()[0]
    with cluster.changed:
        cluster.refusals.clear()
    assert ends().state is State.SUCCEEDED


@pytest.mark.parametrize("change", ["written over", "deleted"])
def test_what_may_not_be_read_again_is_told_and_given_up_long_after_the_deadline(
    change, follow, store, cluster, clock, ends, monkeypatch
):
    """The feed shows it; past the cache it may not be looked at."""
    monkeypatch.setattr(observe, "BLINK", 0.0)
    may_not = "Quarterdeck's account may not get deployments in namespace prod: grant it."
    cluster.refusals["Deployment"] = Forbidden(may_not, verb="get", resource="deployments.apps", namespace="prod")
    if change == "deleted":
        cluster.delete(HALFWAY)
    else:
        cluster.put(r.deployment("r/web:3", generation=3, observed=3))
    told = f"I can't see the rollout at the moment: {may_not}"
    eventually(lambda: store.operations.progress("op-1").sentence == told)
    assert store.operations.load("op-1").state is State.OBSERVING
    monkeypatch.setattr(observe, "BLINDNESS", 0.1)
    clock.now = r.WROTE + 601
    ended = ends()
    assert (ended.state, may_not in ended.ending.sentence) == (State.FAILED, True)


def test_one_broken_connection_is_neither_told_nor_a_failure(follow, store, cluster, ends):
    before = store.operations.progress("op-1")
    cluster.end_watches(unreachable())
    cluster.wait_for("list Pod", 2)
    assert store.operations.progress("op-1") == before
    finish(cluster)
    assert ends().state is State.SUCCEEDED


def test_what_was_missed_while_the_watch_was_too_old_is_seen(follow, cluster, ends):
    cluster.silent = True
    finish(cluster)
    cluster.silent = False
    with cluster.changed:
        cluster.events.clear()
    cluster.end_watches(too_old())
    assert ends().state is State.SUCCEEDED


def test_after_the_deadline_it_says_what_it_waited_for(store, cluster, run, clock, ends):
    for obj in (HALFWAY, r.replica_set(count=2), r.pod("web-1"), r.pod("web-2")):
        cluster.put(obj)
    records.observing(store)
    run()
    eventually(lambda: store.operations.progress("op-1"))
    clock.now = r.WROTE + 601
    ended = ends()
    assert ended.state is State.FAILED
    told = "Not finished within 600 s: 2 of 3 new pods ready, 2 old still running; nothing has moved for "
    waits = "waiting for 1 of 3 new pods to be created."
    assert ended.ending.sentence.startswith(told)
    assert ended.ending.sentence.endswith(f"; {waits}")


@pytest.mark.parametrize("ahead", [-700, 700])
def test_a_clock_of_the_cluster_that_goes_wrong_neither_ends_it_nor_keeps_it(
    store, cluster, run, clock, ends, ahead: int
):
    """The deadline is ten minutes; the API server dates the write by its own clock."""
    cluster.put(HALFWAY)
    cluster.put(r.replica_set(count=2))
    records.observing(store, written=replace(r.written(), at=r.WROTE + ahead))
    run()
    progress = eventually(lambda: store.operations.progress("op-1"))
    assert (progress.sentence, progress.ready, progress.at) == ("", 2, NOW)
    assert store.operations.load("op-1").state is State.OBSERVING
    clock.now = r.WROTE + 601
    assert ends().ending.sentence.startswith("Not finished within 600 s: 2 of 3 new pods ready")


def test_a_paused_one_ends_at_the_deadline_too(store, cluster, run, clock, ends):
    cluster.put(r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated", paused=True))
    records.observing(store)
    run()
    assert "paused" in eventually(lambda: store.operations.progress("op-1")).sentence
    clock.now = r.WROTE + 601
    assert "paused" in ends().ending.sentence


def test_an_environment_that_is_no_longer_configured_has_the_usual_deadline(store, cluster, run, clock, ends):
    cluster.put(HALFWAY)
    records.observing(store)
    run(deadline={}.__getitem__)
    eventually(lambda: store.operations.progress("op-1"))
    clock.now = r.WROTE + 601
    assert "within 600 s" in ends().ending.sentence


def test_what_cannot_be_seen_long_after_the_deadline_is_given_up(store, cluster, run, clock, ends, monkeypatch):
    monkeypatch.setattr(observe, "BLINK", 0.0)
    cluster.refusals["Pod"] = unreachable()
    finish(cluster)
    records.observing(store)
    run()
    clock.now = r.WROTE + 600 + observe.BLINDNESS + 1
    eventually(lambda: store.operations.progress("op-1"))
    assert store.operations.load("op-1").state is State.OBSERVING, "not blind for long enough"
    monkeypatch.setattr(observe, "BLINDNESS", 0.1)
    ended = ends()
    assert ended.state is State.FAILED
    assert ended.ending.sentence.startswith("The change was written, but whether it rolled out I can't see: ")


def test_an_object_that_nobody_thought_of_stops_no_other(store, cluster, run, clock, ends, caplog):
    other = r.stateful_set(counts=(3, 1, 3))
    before = {**other, "metadata": {**other["metadata"], "generation": 1}}
    odd = r.deployment()
    odd["status"]["replicas"] = "many"
    cluster.put(odd)
    cluster.put(r.stateful_set())
    records.observing(store, id="op-1")
    records.observing(store, before, id="op-2")
    run()
    assert ends("op-2").state is State.SUCCEEDED
    eventually(lambda: "op-1 cannot be judged" in caplog.text)
    clock.now = r.WROTE + 601
    ended = ends("op-1")
    assert (ended.state, "a fault of mine" in ended.ending.sentence) == (State.FAILED, True)
    assert caplog.text.count("op-1 cannot be judged") == 1


def test_a_stateful_set_and_a_daemon_set(store, cluster, run, ends):
    for op, before, after in (
        ("op-1", r.stateful_set(counts=(3, 1, 3)), r.stateful_set()),
        ("op-2", r.daemon_set(counts=(3, 3, 1, 2)), r.daemon_set()),
    ):
        cluster.put(before)
        written = r.written()
        assert written.template == digest_of(before["spec"]["template"])
        records.observing(store, before, op, written)
        cluster.put(after)
    run()
    assert [ends(op).state for op in ("op-1", "op-2")] == [State.SUCCEEDED] * 2


def test_a_burst_of_events_is_few_notes(follow, store, cluster, redis, prefix, ends):
    def notes():
        return int(redis.info("commandstats").get("cmdstat_set", {}).get("calls", 0))

    before = notes()
    for number in range(50):
        cluster.put(r.replica_set(count=2, ready=number % 2))
    finish(cluster)
    ends()
    assert notes() - before < 15


def test_only_what_changed_is_looked_at(store, cluster, run, monkeypatch):
    monkeypatch.setitem(duty.EVERY, duty.ROUND, 60.0)
    judged = []
    monkeypatch.setattr(observe.Observer, "look", lambda _, op: judged.append(op.id))
    for number in range(20):
        live = r.deployment(r.OLD, generation=1, observed=1)
        live["metadata"] |= {"name": f"web-{number}", "uid": f"d{number}"}
        cluster.put(live)
        records.observing(store, live, f"op-{number}")
    run(lease_seconds=60)
    for kind in ("Deployment", "ReplicaSet", "Pod", "Event"):  # whatever comes into sync has all of them looked at
        cluster.wait_for(f"watch {kind}")
    for number in (3, 3, 3, 7):  # once it has been looked at for the third time, all that was to be done before is done
        judged.clear()
        changed = r.deployment()
        changed["metadata"] |= {"name": f"web-{number}", "uid": f"d{number}"}
        cluster.put(changed)
        eventually(lambda number=number: f"op-{number}" in judged)
    assert set(judged) <= {"op-3", "op-7"}


BAKING = Environment.model_validate({"cluster": "main", "namespace": "prod", "bake": "60s"})


@pytest.fixture
def baking(store, cluster, run):
    """A rollout that is done, where the environment watches on: at the moment when that has begun."""
    for obj in (r.deployment(), r.replica_set(), r.pod("web-1")):
        cluster.put(obj)
    records.observing(store)
    watcher = run(environment=lambda _: BAKING)
    eventually(lambda: (progress := store.operations.progress("op-1")) and progress.watched_until)
    return watcher


def test_where_it_bakes_it_is_watched_on_after_all_was_ready(baking, store, clock, ends):
    assert store.operations.progress("op-1").watched_until == NOW + 60
    assert store.operations.load("op-1").state is State.OBSERVING
    assert "all ready" in events(store)
    clock.now = NOW + 61
    assert ends().ending.sentence == "3 of 3 pods ready, and stayed so for 1m."


def test_a_pod_that_falls_over_meanwhile_is_its_failure(baking, cluster, ends):
    cluster.put(r.pod("web-1", **CRASH))
    ended = ends()
    assert ended.state is State.FAILED
    assert ended.ending.sentence == (
        "All pods were ready, but did not stay so: container app exits with code 1 (CrashLoopBackOff)."
    )
    assert ended.ending.diagnosis.pods == ("web-1",)


def test_a_watcher_that_takes_over_goes_on_where_it_was(baking, store, clock, run, ends):
    """It neither begins anew nor forgets that all were ready."""
    baking.stop()
    clock.now = NOW + 61
    run(environment=lambda _: BAKING)
    assert ends().state is State.SUCCEEDED
    assert events(store).count("all ready") == 1


def test_the_time_for_which_it_is_watched_is_not_the_deadlines(baking, clock, run, store, ends):
    baking.stop()
    clock.now = NOW + 61
    run(environment=lambda _: BAKING, deadline=lambda _: 1.0)
    assert ends().state is State.SUCCEEDED


def test_that_nothing_moves_is_said_by_our_clock(store, cluster, clock, run):
    """The API server's is an hour behind; the write was recorded at ``WROTE`` by ours."""
    hour = 3600
    cluster.put(r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated", updated_at=r.WROTE + 5 - hour))
    child = r.replica_set(count=2)
    child["metadata"]["creationTimestamp"] = r.stamp(r.WROTE - hour)
    cluster.put(child)
    records.observing(store, written=replace(r.written(), at=r.WROTE - hour))
    run()
    eventually(lambda: store.operations.progress("op-1"))
    clock.now = NOW + 300
    said = eventually(lambda: (p := store.operations.progress("op-1")).still_since and p)
    assert said.still_since == r.WROTE + 5
    assert store.operations.load("op-1").state is State.OBSERVING


def test_a_pull_that_fails_for_ten_seconds_is_no_failure(follow, store, cluster, clock, ends):
    failing = r.waiting("ErrImagePull", "failed to pull image: dial tcp: i/o timeout")
    cluster.put(r.pod("web-1", **{**failing, "startTime": r.stamp(NOW)}))
    said = eventually(lambda: (p := store.operations.progress("op-1")).warnings and p)
    assert "cannot be pulled" in said.warnings[0]
    clock.now = NOW + 10
    cluster.put(r.pod("web-1"))
    finish(cluster)
    assert ends().state is State.SUCCEEDED
