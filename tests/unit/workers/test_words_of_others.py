"""Words that other programs left on objects are redacted before a command sees them: reports lie in Redis (invariant 8)."""

from __future__ import annotations

import base64
import time
from types import SimpleNamespace
from typing import cast

import pytest

from commands.errors import Forbidden
from tests.invariants.cluster import ObedientCluster
from tests.unit.commands.cluster_objects import Object, pod, waiting
from workers.cluster import Cluster
from workers.judging import Judge
from workers.live import ClusterLive
from workers.records import VisibleRecords
from workers.revisions import revisions_of

FAILED = 'exec: "--password=hunter2": executable file not found'


def test_why_a_pod_does_not_run() -> None:
    cluster = ObedientCluster()
    broken = pod("web-1", waiting("RunContainerError", FAILED))
    broken["metadata"] |= {"namespace": "prod", "uid": "p"}
    cluster.put(broken)
    live = ClusterLive(
        cast(Cluster, cluster), "prod", "prod", cast(VisibleRecords, NoRecords()), time.time, cast(Judge, Everything())
    )
    [seen] = live.pods()
    assert "hunter2" not in str(seen)
    assert seen["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "RunContainerError"
    assert seen["spec"] == broken["spec"]


class Everything:
    def shows(self, workload):
        return True


class NoRecords:
    operations = operation = newer = awaits = freezes = audit = locks = None


def test_why_a_revision_was_made() -> None:
    """``kubectl --record`` wrote its whole command line."""
    web = {"metadata": {"uid": "u"}, "spec": {"template": {}}}
    meta = {
        "annotations": {
            "deployment.kubernetes.io/revision": "3",
            "kubernetes.io/change-cause": "kubectl set env deploy/web DB_PASSWORD=hunter2 --record=true",
        },
        "ownerReferences": [{"controller": True, "uid": "u"}],
        "name": "web-1",
        "creationTimestamp": "2026-07-28T09:00:00Z",
    }
    [revision] = revisions_of(web, [{"kind": "ReplicaSet", "metadata": meta, "spec": {"template": {}}}])
    assert revision.cause == "kubectl set env deploy/web DB_PASSWORD=[redacted] --record=true"


class Keeping:
    """A pod that uses a Secret and prints it, and an event that quotes it."""

    name = "main"

    def __init__(self, *, forbidden: bool = False) -> None:
        self.forbidden, self.asked = forbidden, list[str]()

    def get(self, kind: str, namespace: str, name: str) -> Object:
        self.asked.append(kind)
        if kind == "Pod":
            return self.pod
        if self.forbidden:
            raise Forbidden("quarterdeck may not get secrets.", verb="get", resource="secrets", namespace="prod")
        return {"kind": "Secret", "data": {"word": base64.b64encode(b"swordfish").decode()}}

    @property
    def pod(self) -> Object:
        source = [{"secretRef": {"name": "login"}}]
        found = pod("web-1", waiting("RunContainerError", "exec swordfish: not found"))
        found["metadata"] |= {"uid": "p"}
        found["spec"] = {"containers": [{"name": "app", "envFrom": source}]}
        return found

    def logs(self, *_: str, **__: object) -> str:
        return "swordfish was refused"

    def list(self, kind: str, namespace: str, **_: str) -> SimpleNamespace:
        told = {"type": "Warning", "message": "probe: swordfish", "involvedObject": {"uid": "p"}, "metadata": {}}
        return SimpleNamespace(items=[told] if kind == "Event" else [])


def seen_in(cluster: Keeping, *, masks: bool) -> ClusterLive:
    records, judge = cast(VisibleRecords, NoRecords()), cast(Judge, Everything())
    return ClusterLive(cast(Cluster, cluster), "prod", "prod", records, time.time, judge, masks=masks)


def reason(live: ClusterLive) -> str:
    return str(live.pod("web-1")["status"]["containerStatuses"][0]["state"]["waiting"]["message"])


def test_what_a_secret_holds_is_masked_in_logs_and_events_where_that_is_asked_for() -> None:
    live = seen_in(Keeping(), masks=True)
    assert live.logs("web-1", "app") == "[redacted] was refused"
    assert live.events([Keeping().pod])[0]["message"] == "probe: [redacted]"
    assert reason(live) == "exec [redacted]: not found"


def test_elsewhere_no_secret_is_read() -> None:
    cluster = Keeping()
    live = seen_in(cluster, masks=False)
    assert live.logs("web-1", "app") == "swordfish was refused"
    assert live.events([cluster.pod])
    assert reason(live) == "exec swordfish: not found"
    assert "Secret" not in cluster.asked


def test_what_cannot_be_masked_is_withheld() -> None:
    live = seen_in(Keeping(forbidden=True), masks=True)
    why = "It is withheld, for it may repeat what the pods' Secrets hold, and those cannot be read. quarterdeck may not"
    with pytest.raises(Forbidden, match=why):
        live.logs("web-1", "app")
    with pytest.raises(Forbidden, match=why):
        live.events([Keeping().pod])
    assert reason(live) == "[redacted]"
