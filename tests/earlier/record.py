"""Writes all that a version keeps in Redis, in every kind and in each state, as JSON on standard output.

Run it before a release in its own sources, ``python -m tests.earlier.record > tests/earlier/<version>.json``: from then on
``tests/unit/commands/store/test_earlier_records.py`` holds every later version to reading it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commands import transitions
from commands.config import BreakGlass
from commands.operation import Diagnosis, Ending
from commands.progress import Progress
from commands.store import Store
from playground.workspace import Workspace
from tests.harness.redis import RedisServer
from tests.invariants.deck import Deck
from workers.jobs.report import report

Json = dict[str, Any]


def main() -> None:
    with RedisServer() as redis, Workspace(rate_limits=False) as workspace, tempfile.TemporaryDirectory() as folder:
        deck = Deck(redis.url, "qd:", workspace, Path(folder))
        try:
            told = {"at": deck.clock(), "operations": played(deck), "keys": kept(deck)}
        finally:
            deck.close()
    json.dump(told, sys.stdout, indent=1, sort_keys=True)


def played(deck: Deck) -> Json:
    """An id for each state; beside them a question, a lock, a notice and whatever else comes with them."""
    workloads = iter("abcdefghij")

    def web() -> str:
        name = f"web{next(workloads)}"
        for namespace in ("staging", "prod", "vault"):
            deck.cluster.web(namespace, uid=f"uid-{name}", name=name)
        return name

    ids = {"planning": deck.asked(deck.dev, "/deploy web 1.4.2 to prod")}
    ids["awaiting approval"] = deck.planned(deck.dev, f"/deploy {web()} 1.4.2 to vault")
    deck.say(deck.sam, f"/ops approve {ids['awaiting approval']}")
    ids["queued"] = deck.planned(deck.dev, f"/scale {web()} 6 in prod")
    deck.say(deck.robin, f"/ops approve {ids['queued']}")
    deck.count()
    deck.say(deck.robin, f"/ops approve {ids['awaiting approval']}")
    ids["observing"] = deck.planned(deck.dev, f"/deploy {web()} 1.4.2 to staging reason=later")
    lease = deck.store.leases.take(f"operation-{ids['observing']}", 60)
    deck.store.operations.note_progress(ids["observing"], Progress("", 3, 2, 1, 1, deck.clock()), lease)
    for end in ("succeeded", "failed"):
        ids[end] = deck.planned(deck.dev, f"/deploy {web()} 1.4.2 to staging")
        ending = transitions.succeed if end == "succeeded" else failing  # how the watcher ends it
        deck.store.operations.apply(ending(deck.load(ids[end]), "It is so.", deck.clock()))
    ids["denied"] = deck.planned(deck.dev, f"/deploy {web()} 1.4.2 to prod")
    deck.say(deck.sam, f'/ops deny {ids["denied"]} reason="not today"')
    deck.count()
    ids["acting"] = deck.planned(deck.dev, f"/scale {web()} 6 in prod")
    deck.say(deck.robin, f"/ops approve {ids['acting']}")
    deck.count()
    deck.store.operations.apply(transitions.act(deck.load(ids["acting"]), deck.clock()))
    ids["cancelled"] = deck.planned(deck.dev, f"/deploy {web()} 1.4.2 to prod")
    deck.say(deck.dev, f"/ops cancel {ids['cancelled']}")
    ids["rejected"] = deck.planned(deck.dev, "/deploy nothing 1.4.2 to prod")
    broken_glass(deck, web())
    locked(deck)
    deck.say(deck.dev, "/ops logs web in prod")
    deck.publish()
    return ids


def failing(operation: Any, sentence: str, at: float) -> Any:
    why = Diagnosis("container app: it crashes", "app", "web:2", "CrashLoopBackOff", 1, ("web-1",), logs="no")
    return transitions.fail(operation, Ending(sentence, diagnosis=why), at)


def broken_glass(deck: Deck, web: str) -> None:
    """Its announcement is a notice that has to be acknowledged."""
    channel = deck.workspace.add_channel("alarms", members=[deck.sam, deck.robin], bot_in=True)
    rule = {"roles": ("sre",), "channel": channel.id, "reviewers": ("dba",)}
    object.__setattr__(deck.config, "break_glass", BreakGlass.model_validate(rule))
    deck.bot._directory.read([channel.id])
    deck.planned(deck.robin, f'/deploy {web} 1.4.3 to vault break-glass reason="the shop is down"')


def locked(deck: Deck) -> None:
    for permission in deck.config.permissions:
        object.__setattr__(permission, "commands", (*permission.commands, "lock"))
    deck.say(deck.sam, '/ops lock in vault reason="a move" for=2h')
    for id in deck.questions():
        report(deck.context, id)


def kept(deck: Deck) -> Json:
    """Every key of ours, without the prefix: its type and what it holds."""
    client: Any = deck.store._wire.client
    read: dict[str, Callable[[str], Any]] = {
        "string": client.get, "hash": client.hgetall, "set": lambda key: sorted(client.smembers(key)),
        "zset": lambda key: client.zrange(key, 0, -1, withscores=True), "stream": client.xrange,
    }  # fmt: skip
    found = {}
    for key in sorted(client.scan_iter("qd:*")):
        kind = client.type(key)
        found[key.removeprefix("qd:")] = [kind, read[kind](key)]
    return found


def put_back(store: Store, keys: Json) -> None:
    """The inverse of ``kept``: into an empty Redis, under the store's own prefix."""
    client, prefix = store._wire.client, store._wire.key("")
    for name, (kind, value) in keys.items():
        key = f"{prefix}{name}"
        match kind:
            case "string":
                client.set(key, value)
            case "hash":
                client.hset(key, mapping=value)
            case "set":
                client.sadd(key, *value)
            case "zset":
                client.zadd(key, dict(value))
            case "stream":
                for id, entry in value:
                    client.xadd(key, entry, id=id)


if __name__ == "__main__":
    main()
