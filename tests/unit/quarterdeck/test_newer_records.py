"""During an upgrade old processes meet records of the new version: they leave them alone, say so, and go on.

Their logs name the operation on each line that is about one, and the person as soon as the record could be read.
"""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path

from commands import transitions
from commands.proof.signing import Key
from commands.queue import Queue, bare
from commands.store import Store, patient
from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.commands.test_transitions import requested
from tests.unit.quarterdeck.peers import SilentCluster

ID, READABLE = "op-2345", "op-3456"
JSON_LOGS = ("quarterdeck", "--log-format", "json")


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
        for kind in ("worker", "watcher"):
            stack.spawn(kind, program=JSON_LOGS)
            stack.wait_ready(kind)
        Queue(jobs, PREFIX).enqueue("plan", ID)
        for kind, told in (("worker", "is left to the sweep"), ("watcher", "is left alone")):
            child = stack.processes[kind]
            child.wait_for_line(f"{ID} {told}: This record was written by a newer version of Quarterdeck", 45)
            assert child.running
            assert "Traceback" not in stack.log(kind)
        assert client.hget(key, "record") == newer
        known = requested().invocation
        move = transitions.request(READABLE, known, "prod", time.time() - 10, key=Key(b"5" * 64))
        Store(client, PREFIX).operations.apply(move)
        stack.processes["watcher"].wait_for_line(f"{READABLE}: enqueued again", 45)
        stack.processes["worker"].wait_for_line(f"{READABLE}: planning is put off", 90)
        for kind in ("worker", "watcher"):
            lines = [json.loads(line) for line in stack.log(kind).splitlines()]
            about = {id: {line.get("user") for line in lines if line.get("operation") == id} for id in (ID, READABLE)}
            assert about == {ID: {None}, READABLE: {known.person.id}}, kind
            assert all(line.get("operation") == READABLE for line in lines if READABLE in line["message"])
