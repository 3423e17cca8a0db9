"""Words that other programs left on objects are redacted before a command sees them: reports lie in Redis (invariant 8)."""

from __future__ import annotations

import time
from typing import cast

from tests.invariants.cluster import ObedientCluster
from tests.unit.commands.cluster_objects import pod, waiting
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
