"""During an upgrade old processes meet records of the new version: they leave them alone, say so, and go on."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from commands import transitions
from commands.queue import Queue, bare
from commands.store import Store, patient
from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.commands.test_transitions import requested
from tests.unit.quarterdeck.peers import SilentCluster

ID = "op-2345"


def test_worker_and_watcher_leave_a_newer_record_alone(tmp_path: Path, workspace: Workspace) -> None:
    with (
        RedisServer() as redis,
        SilentCluster() as cluster,
        Stack(cluster, cluster.kubeconfig(tmp_path), redis, workspace) as stack,  # type: ignore[arg-type]
        closing(patient(redis.url)) as client,
        closing(bare(redis.url, 5)) as jobs,
    ):
        key = f"{PREFIX}operation:{ID}"
        Store(client, PREFIX).operations.apply(transitions.request(ID, requested().invocation, "prod", 1.0))
        newer = json.dumps(json.loads(str(client.hget(key, "record"))) | {"schema": 99, "state": "of the future"})
        client.hset(key, "record", newer)
        stack.start("worker", "watcher")
        Queue(jobs, PREFIX).enqueue("plan", ID)
        for kind, told in (("worker", "is left to the sweep"), ("watcher", "is left alone")):
            child = stack.processes[kind]
            child.wait_for_line(f"{ID} {told}: This record was written by a newer version of Quarterdeck", 10)
            assert child.running
            assert "Traceback" not in stack.log(kind)
        assert client.hget(key, "record") == newer
