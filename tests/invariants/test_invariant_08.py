"""8. Secrets never reach Slack or the audit, nor logs shown there; what people and clusters wrote pings nobody."""

from __future__ import annotations

import copy
from typing import Any

from commands import transitions
from commands.operation import Diagnosis, Ending
from tests.invariants.deck import Deck
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
