"""Nothing in Redis is executable: the worker's job class runs our functions with one id, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from rq import Queue as RqQueue
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from commands.config import Config, Rules
from commands.errors import StoreUnavailable
from commands.queue import Queue, bare, only, queue_name


@pytest.fixture
def client(redis_server):
    made = bare(redis_server.url, 2)
    yield made
    made.close()


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def name() -> str:
    return f"test-{uuid4().hex[:8]}:"


def work(client: Any, name: str, ran: list[str]) -> None:
    job_class = only({"plan": ran.append})
    queue = RqQueue(queue_name(name), connection=client, serializer=JSONSerializer, job_class=job_class)
    SimpleWorker([queue], connection=client, serializer=JSONSerializer, job_class=job_class).work(burst=True)


def test_our_job_runs_with_its_id(client, name, ran):
    Queue(client, name).enqueue("plan", "op-2345")
    work(client, name, ran)
    assert ran == ["op-2345"]


@pytest.mark.parametrize(
    ("function", "args", "kwargs"),
    [
        ("os.system", ("true",), {}),
        ("act", ("op-2345",), {}),
        ("plan", ("op-2345", "op-6789"), {}),
        ("plan", (), {"id": "op-2345"}),
        ("plan", ("op-2345",), {"more": 1}),
    ],
)
def test_a_job_that_is_not_ours_fails_and_runs_nothing(client, name, ran, function, args, kwargs, caplog):
    injected = RqQueue(queue_name(name), connection=client, serializer=JSONSerializer)
    job = injected.enqueue_call(function, args=args, kwargs=kwargs)
    work(client, name, ran)
    assert ran == []
    assert job.get_status(refresh=True) == "failed"


def test_a_redis_that_is_gone_is_said():
    with pytest.raises(StoreUnavailable):
        Queue(bare("redis://127.0.0.1:1", 0.3), "test:").enqueue("plan", "op-2345")


def test_what_lies_in_the_queue_of_a_cluster_that_is_gone_waits_for_nobody(client, name):
    there = Config.model_validate(
        {
            "clusters": {"main": {}, "old": {}},
            "environments": {each: {"cluster": each, "namespace": each} for each in ("main", "old")},
        }
    )
    before = Queue(client, name, Rules(there))
    before.enqueue("plan", "op-2345", "main")
    before.enqueue("plan", "op-6789", "old")
    assert before.depth() == 2
    clusters, environments = ({"main": each["main"]} for each in (there.clusters, there.environments))
    after = Queue(client, name, Rules(there.model_copy(update={"clusters": clusters, "environments": environments})))
    assert (after.depth(), after.waiting()) == (1, ["op-2345"])
