"""8. Secrets never reach Slack or the audit, nor logs shown there; what people and clusters wrote pings nobody."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
import redis

from commands import transitions
from commands.operation import Diagnosis, Ending, State
from tests.invariants.deck import Deck
from workers.jobs.plan import plan
from workers.jobs.report import report

OLD, NEW = "hunter2-old", "hunter3-new"
ALL = {"channel", "here", "everyone"}
HOSTILE = "<!channel> <!here> <!everyone>"


def test_a_secret_that_changes_is_seen_to_change_and_not_shown(deck: Deck):
    """A rollback changes the whole template, a password in it too."""
    revisions(deck)
    id = deck.awaiting("/rollback web in prod")
    deck.act(id)
    shown = deck.message().plain()
    assert "env[DB_PASSWORD].value" in shown
    assert "(secret 1)" in shown
    said = [str(call.args) for call in deck.workspace.calls()]
    audited = [str(entry) for entry in deck.store.audit.export()]
    assert not [text for text in (*said, *audited) if OLD in text or NEW in text]


def test_a_rollback_leaves_no_password_in_redis_from_its_plan_to_its_end(deck: Deck):
    """Whole templates go from the cluster to the cluster: no record, audit, outbox, queue or report holds them."""
    revisions(deck)
    assert OLD in str(deck.cluster.get("ReplicaSet", "prod", "web-1"))
    id = deck.planned(deck.dev, "/rollback web in prod")
    clean(deck, id, State.AWAITING)
    deck.publish()
    deck.press(deck.sam, "Approve")
    deck.count()
    clean(deck, id, State.QUEUED)
    deck.store.operations.apply(transitions.act(deck.load(id), deck.clock()))
    clean(deck, id, State.ACTING)
    deck.act(id)
    assert OLD in str(deck.cluster.get("Deployment", "prod", "web"))
    clean(deck, id, State.OBSERVING)
    deck.store.operations.apply(transitions.succeed(deck.load(id), "3 of 3 pods ready.", deck.clock()))
    deck.publish()
    clean(deck, id, State.SUCCEEDED)


SEEN = ("containers[app].env[DB_PASSWORD].value", "(secret 1)", "(secret 2)")


@pytest.mark.parametrize("kept", [True, False], ids=["revision kept", "revision gone"])
def test_a_rollback_whose_target_drifts_leaves_no_password_in_redis(deck: Deck, kept: bool):
    """The drift is of that password. What it was is read from the ReplicaSet of then, and seen to be another, no more."""
    revisions(deck)
    id = deck.approved("/rollback web in prod")
    if not kept:
        edited = deck.cluster.get("ReplicaSet", "prod", "web-2")
        app(edited)["image"] = "registry/web:8"
        deck.cluster.put(edited)
    drifted = {"image": "registry/web:9", "env": [{"name": "DB_PASSWORD", "value": f"{NEW}er"}]}
    deck.cluster.change(lambda web: app(web).update(drifted))
    deck.act(id)
    clean(deck, id, State.PLANNING)
    lines = [(line.path, line.old, line.new) for seen in deck.load(id).drifts for line in seen.changes]
    assert (SEEN if kept else ("the pod template", "as it was planned", "changed since")) in lines
    deck.plan(id)
    deck.publish()
    clean(deck, id, State.AWAITING)


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("/deploy web 1.4.2 to staging", "registry/web:1.4.2"),
        ("/scale web 5 in staging", "spec.replicas"),
        ("/ops diff rollback web in prod", "(secret 1)"),
    ],
)
def test_other_commands_leave_no_password_in_redis(deck: Deck, line: str, held: str):
    revisions(deck)
    deck.cluster.change(lambda web: app(web).update(env=[{"name": "DB_PASSWORD", "value": NEW}]), "staging")
    deck.say(deck.dev, line)
    deck.bot._hints.stop()
    ((name, id),) = deck.jobs()
    {"plan": plan, "report": report}[name](deck.context, id)
    deck.publish()
    assert held in deck.everything()
    assert not leaks(deck)


def clean(deck: Deck, id: str, state: State) -> None:
    """Redis is looked at before the record is read: who cannot read it has no word in this."""
    assert not leaks(deck), state
    assert deck.load(id).state is state


def leaks(deck: Deck) -> list[str]:
    """Every key of Redis, RQ's own included, that holds one of the passwords. Nothing is enqueued from here on."""
    deck.bot._hints.stop()
    with closing(redis.Redis.from_url(deck.redis_url)) as client:
        read: dict[bytes, Callable[[bytes], Any]] = {
            b"string": client.get, b"hash": client.hgetall, b"set": client.smembers, b"stream": client.xrange,
            b"zset": lambda key: client.zrange(key, 0, -1), b"list": lambda key: client.lrange(key, 0, -1),
        }  # fmt: skip
        held = {key.decode(): plainly(read[client.type(key)](key)) for key in client.scan_iter()}
    assert any(key.startswith("rq:job:") for key in held)
    return [key for key, value in held.items() if OLD in value or NEW in value]


def plainly(value: Any) -> str:
    """RQ compresses what a job holds."""
    if isinstance(value, dict):
        return plainly([*value, *value.values()])
    if isinstance(value, list | tuple | set):
        return " ".join(map(plainly, value))
    with suppress(zlib.error):
        value = zlib.decompress(value)
    return value.decode(errors="replace")


def revisions(deck: Deck) -> None:
    """web, and the ReplicaSet of the revision before: another password."""
    deck.cluster.change(lambda web: app(web).update(env=[{"name": "DB_PASSWORD", "value": NEW}]))
    web = deck.cluster.get("Deployment", "prod", "web")
    for number, password in ((1, OLD), (2, NEW)):
        child = copy.deepcopy(web) | {"kind": "ReplicaSet"}
        child["metadata"] = {
            "name": f"web-{number}", "namespace": "prod", "uid": f"uid-rs-{number}",
            "creationTimestamp": f"2026-07-28T09:0{number}:00Z",
            "annotations": {"deployment.kubernetes.io/revision": str(number)},
            "ownerReferences": [{"controller": True, "kind": "Deployment", "name": "web", "uid": "uid-1"}],
        }  # fmt: skip
        app(child)["env"] = [{"name": "DB_PASSWORD", "value": password}]
        deck.cluster.put(child)


def app(obj: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = obj["spec"]["template"]["spec"]["containers"][0]
    return found


def test_a_secret_in_a_log_reaches_neither_slack_nor_redis(deck: Deck, monkeypatch):
    deck.cluster.put({
        "kind": "Pod",
        "metadata": {
            "name": "web-1", "namespace": "prod", "uid": "p", "creationTimestamp": "2026-07-28T09:00:00Z",
            "labels": {"app": "web"},
        },
        "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running"},
    })  # fmt: skip
    monkeypatch.setattr(deck.cluster, "logs", lambda *_, **__: f"connecting with password={NEW}\n", raising=False)
    assert deck.say(deck.dev, "/ops logs pod/web-1 in prod") == ""
    deck.bot._hints.stop()
    ((name, id),) = deck.jobs()
    assert name == "report"
    report(deck.context, id)
    assert NEW not in deck.everything()
    deck.publish()
    assert deck.told(deck.dev, "password=[redacted]")


def test_what_people_write_pings_nobody(deck: Deck):
    id = deck.awaiting(f'/deploy web 1.4.2 to prod reason="{HOSTILE} <@{deck.guest.id}>"')
    deck.say(deck.dev, f"/deploy {HOSTILE}")
    deck.store.operations.apply(transitions.cancel(deck.load(id), deck.dev.id, f"No: {HOSTILE}", deck.clock()))
    deck.publish()
    nobody_is_pinged(deck)
    assert "<!channel>" in deck.message().plain(), "it is shown, as it was said"


def test_what_clusters_write_pings_nobody(deck: Deck):
    id = deck.approved()
    deck.act(id)
    told = Diagnosis(f"app: {HOSTILE}", container="app", logs=f"```{HOSTILE}\n<@{deck.guest.id}>", events=(HOSTILE,))
    ending = Ending(f"The API server says: {HOSTILE} <@{deck.guest.id}>", diagnosis=told)
    deck.store.operations.apply(transitions.fail(deck.load(id), ending, deck.clock()))
    deck.publish()
    assert "<!channel>" in deck.message().plain()
    nobody_is_pinged(deck)


def nobody_is_pinged(deck: Deck) -> None:
    """Not by a message, a reply, a private answer or the text of a notification."""
    private = [m for person in (deck.dev, deck.sam) for m in deck.workspace.private(person)]
    every = [m for parent in deck.messages() for m in (parent, *deck.workspace.thread(deck.channel, parent))]
    assert len(every) > 1
    assert not [m.plain() for m in (*every, *private) if m.pings & (ALL | {deck.guest.id})]
    assert deck.workspace.notifications(deck.guest) == []
