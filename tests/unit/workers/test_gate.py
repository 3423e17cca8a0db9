"""The gate before a cluster: who finds it silent is told at once, all workers know it, and one at a time tries again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from commands.breaker import FIRST, MISSES
from commands.errors import ClusterError, Forbidden, OutcomeUnknown, Silent, Unanswered
from commands.store import Store, patient
from tests.harness.redis import RedisServer
from tests.unit.workers.cluster.stub import Script, Stub, answer, hang_up, write_kubeconfig
from workers.cluster import Cluster, connection, open_cluster
from workers.cluster.calls import Call
from workers.gate import SOON, TRYING, Gate

POD = {"metadata": {"name": "web-1"}}
HERE, NO = answer(200, POD), answer(403, {"kind": "Status", "message": "pods is forbidden: cannot get resource"})
EDIT = [{"op": "replace", "path": "/spec/replicas", "value": 2}]
TOLD = "The cluster main has not answered since 00:16 UTC: the connection broke."

Job = Callable[[], Cluster]


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[Store]:
    with patient(redis_server.url) as client:
        prefix = f"test-{uuid4().hex[:8]}:"
        yield Store(client, prefix)
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


@pytest.fixture
def script() -> list[Script]:
    """What the cluster does from now on."""
    return [hang_up]


@pytest.fixture
def stub(script: list[Script]) -> Iterator[Stub]:
    made = Stub(lambda handler: script[-1](handler))  # noqa: PLW0108 - the latest, each time
    yield made
    made.close()


@pytest.fixture
def job(stub: Stub, store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """The cluster as another job opens it, perhaps another worker's."""
    monkeypatch.setattr(connection, "PAUSES", ())
    kubeconfig = write_kubeconfig(tmp_path, stub.url)
    opened: list[Cluster] = []

    def begin() -> Cluster:
        opened.append(open_cluster("main", kubeconfig, gate=Gate("main", store, clock)))
        return opened[-1]

    yield begin
    for each in opened:
        each.close()


def asks(cluster: Cluster, error: type[ClusterError]) -> str:
    with pytest.raises(error) as raised:
        cluster.get("Pod", "shop", "web-1")
    assert type(raised.value) is error
    return str(raised.value)


def falls_silent(job: Job) -> None:
    for _ in range(MISSES):
        asks(job(), Unanswered)


def test_nobody_is_made_to_wait_for_a_silent_cluster(job: Job, stub: Stub, clock: Clock):
    falls_silent(job)
    clock.now += 3
    asked = len(stub.requests)
    assert asks(job(), Silent) == TOLD
    assert len(stub.requests) == asked


def test_the_job_that_found_out_asks_no_more_either(job: Job, stub: Stub):
    cluster = job()
    for _ in range(MISSES):
        asks(cluster, Unanswered)
    asks(cluster, Silent)
    assert len(stub.requests) == MISSES


def test_it_says_when_to_come_again(job: Job, clock: Clock):
    falls_silent(job)
    with pytest.raises(Silent) as raised:
        job().get("Pod", "shop", "web-1")
    assert raised.value.again == clock.now + FIRST


def test_when_the_pause_is_over_one_tries_and_the_others_are_told(job: Job, stub: Stub, store: Store, clock: Clock):
    falls_silent(job)
    clock.now += FIRST
    assert store.leases.take("trying-main", TRYING), "another worker tries"
    with pytest.raises(Silent) as raised:
        job().get("Pod", "shop", "web-1")
    assert raised.value.again == clock.now + SOON
    assert len(stub.requests) == MISSES


def test_a_try_that_fails_waits_a_third_of_its_time_and_makes_the_pause_longer(
    job: Job, stub: Stub, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    falls_silent(job)
    clock.now += FIRST
    waited = []
    sent = connection.Connection._send
    monkeypatch.setattr(
        connection.Connection, "_send", lambda self, call: (waited.append(call.seconds), sent(self, call))[1]
    )
    asks(job(), Unanswered)
    assert waited == [pytest.approx(10 / 3)]
    clock.now += FIRST + 1
    asks(job(), Silent)
    assert len(stub.requests) == MISSES + 1


@pytest.mark.parametrize("answered", [HERE, NO], ids=["yes", "a no is an answer too"])
def test_a_cluster_that_answers_again_is_asked_again(
    job: Job, store: Store, clock: Clock, script: list[Script], answered: Script
):
    falls_silent(job)
    assert list(store.silences.open(clock.now)) == ["main"]
    clock.now += FIRST
    script.append(answered)
    for _ in range(2):
        if answered is HERE:
            assert job().get("Pod", "shop", "web-1") == POD
        else:
            asks(job(), Forbidden)
    assert not store.silences.open(clock.now)
    assert store.silences.of("main") is None


def test_one_call_that_waited_all_its_time_is_enough_and_is_not_repeated(
    job: Job, stub: Stub, script: list[Script], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr("workers.cluster.client.Call", partial(Call, seconds=0.05))
    answered = threading.Event()
    script.append(lambda handler: answered.wait(45))
    assert asks(job(), Unanswered) == "The cluster main cannot be reached: it took too long to answer."
    assert len(stub.requests) == 1
    asks(job(), Silent)
    answered.set()


def test_misses_count_only_in_a_row(job: Job, store: Store, script: list[Script]):
    for _ in range(2 * MISSES):
        script.append(hang_up)
        asks(job(), Unanswered)
        script.append(HERE)
        assert job().get("Pod", "shop", "web-1")
    assert store.silences.of("main") is None


def test_a_write_whose_answer_is_lost_says_nothing_of_the_cluster(job: Job, store: Store):
    """It may have waited for a webhook."""
    for _ in range(MISSES):
        with pytest.raises(OutcomeUnknown):
            job().patch("Deployment", "shop", "web", EDIT, dry_run=False)
    assert store.silences.of("main") is None


def test_clusters_are_told_apart(job: Job, store: Store, clock: Clock):
    falls_silent(job)
    assert Gate("other", store, clock).tries() is False
