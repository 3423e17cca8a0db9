"""What must be true when it is over: nothing lost, nothing doubled, nothing left lying about."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

from bot.views import metadata
from tests.endurance.errand import CALLED_OFF, Errand, Json
from tests.harness.forked import ran
from tests.harness.processes import wait_until
from tests.scenarios.stack import PREFIX, Stack, ended

QUIET = 40.0
"""Seconds after which nothing of ours may wait any more."""

CLEARED = 240.0
"""The same for jobs of workers that were killed: RQ holds them for dead after 90 s, then they are cleared away."""


def reckon(stack: Stack, errands: list[Errand]) -> list[str]:
    """Whatever is wrong, as sentences; empty where all is as it should be."""
    return [
        *remaining(lambda: leavings(stack), QUIET),
        *_of_records(errands, records := _records(stack, errands)),
        *_of_messages(stack, errands, records),
        *_of_writes(stack, errands),
        *_of_audit(stack),
    ]


def remaining(look: Callable[[], list[str]], seconds: float) -> list[str]:
    """What does not go within that time."""
    try:
        wait_until(lambda: not look(), seconds, 0.2)
    except TimeoutError:
        return look()
    return []


def leavings(stack: Stack) -> list[str]:
    """What would be left of operations that are over: holds, claims, messages that wait."""
    with closing(stack.redis.client()) as client:
        names = ("lease:operation-*", "claim:*", "running:*", "due", "flight", "votes", "outbox:*")
        return [key.decode() for name in names for key in client.scan_iter(f"{PREFIX}{name}")]


def orphans(stack: Stack) -> list[str]:
    """RQ's queues that are not empty, and jobs that would stay for ever."""
    with closing(stack.redis.client()) as client:
        waiting = [key for name in ("rq:queue:*", "rq:wip:*", "rq:job:*") for key in client.scan_iter(name)]
        return [key.decode() for key in waiting if key.startswith(b"rq:wip:") or client.ttl(key) == -1]


def _records(stack: Stack, errands: list[Errand]) -> dict[str, Json]:
    """Every operation that was asked for in their channels, by id."""
    channels = {errand.channel.id for errand in errands}
    with closing(stack.redis.client()) as client:
        found: list[Any] = [client.hget(key, "record") for key in client.scan_iter(f"{PREFIX}operation:*")]
    records = [json.loads(record) for record in found]
    return {record["id"]: record for record in records if record["invocation"]["place"]["channel"] in channels}


def _is_called_off(record: Json) -> bool:
    return record["state"] == "cancelled" and CALLED_OFF in (record.get("ending") or {}).get("sentence", "")


def _of_records(errands: Iterable[Errand], records: dict[str, Json]) -> Iterator[str]:
    """What was said is one operation, and ended as it had to."""
    for errand in errands:
        of_it = [r for r in records.values() if errand.is_in(r["invocation"]["text"]) and not _is_called_off(r)]
        if [record["state"] for record in of_it] != [errand.kind.ends]:
            told = [(record["id"], record["state"], (record.get("ending") or {}).get("sentence")) for record in of_it]
            yield f"{errand.line!r} is to be {errand.kind.ends}, and is {told}; sam alone has read {errand.told()}"


def _of_messages(stack: Stack, errands: list[Errand], records: dict[str, Json]) -> Iterator[str]:
    """One parent message an operation, one reply of each kind; and it reads how the operation ended."""
    workspace = stack.workspace
    channels = {errand.channel.id: errand.channel for errand in errands}
    parents = [message for channel in channels.values() for message in workspace.messages(channel)]
    marks = Counter(metadata.read(message.metadata) for message in parents)
    for id, record in records.items():
        posted = marks[metadata.Mark(id, metadata.PARENT)]
        if posted != 1:
            yield f"{id} ({record['state']}) has {posted} parent messages"
    for message in parents:
        mark = metadata.read(message.metadata)
        if mark and mark.operation in records and not ended(message, records[mark.operation]["state"]):
            yield f"{mark.operation} is {records[mark.operation]['state']}, and its message reads {message.text!r}"
        replies = Counter(metadata.read(m.metadata) for m in workspace.thread(channels[message.channel], message))
        yield from (f"{reply} was told {times} times" for reply, times in replies.items() if reply and times > 1)
        if mark and metadata.Mark(mark.operation, "end") not in replies:
            yield f"{mark.operation} has ended, and its thread does not say so"


def _of_writes(stack: Stack, errands: Iterable[Errand]) -> Iterator[str]:
    """As many real writes as there had to be, in the API server's audit and in the object's generation."""
    made = Counter((w.namespace, w.name) for w in stack.cluster.writes("deployments") if w.code == 200)
    for errand in errands:
        wanted = errand.kind.writes
        wrote = made[stack.namespaces[errand.kind.environment], errand.name]
        generation = stack.cluster.get(errand.path)["metadata"]["generation"] - 1
        if (wrote, generation) != (wanted, wanted):
            yield f"{errand.line!r} is to write {wanted} times, and wrote {wrote} times (generation {generation})"


def _of_audit(stack: Stack) -> Iterator[str]:
    done = ran("quarterdeck", "--config", str(stack.config), "audit", "verify", env=stack.environ("audit"))
    if done.returncode:
        yield f"the audit does not verify: {done.stdout}{done.stderr}"
