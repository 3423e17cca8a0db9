"""What only the cluster's own warnings tell, over a wire: in the progress while it may pass, in the sentence where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from commands.config import Environment
from commands.operation import State
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.records import NOW
from tests.unit.workers.watcher.scripted import eventually

HALFWAY = r.deployment(counts=(4, 2, 3), reason="ReplicaSetUpdated")
PROBE = "Readiness probe failed: HTTP probe failed with statuscode: 503"
PROBED = "container app runs but is not ready: its readiness probe fails: HTTP probe failed with statuscode: 503"


def unready(name: str = "web-1") -> dict[str, Any]:
    status = r.pod("x")["status"]["containerStatuses"][0] | {"ready": False}
    return r.pod(name, containerStatuses=[status], conditions=[{"type": "Ready", "status": "False"}])


def told(uid: str, reason: str, message: str) -> dict[str, Any]:
    times = {"firstTimestamp": r.stamp(NOW), "lastTimestamp": r.stamp(NOW)}
    meta = {"name": f"{uid}.1", "uid": f"event of {uid}"}
    about = {"type": "Warning", "reason": reason, "message": message, "involvedObject": {"uid": uid}}
    return {"kind": "Event", "metadata": meta, **about, **times}


@pytest.fixture
def follows(store, cluster, run):
    """Starts to follow a rollout with a pod that runs and is not ready, by these rules of its environment."""

    def start(**rules: Any) -> None:
        for obj in (HALFWAY, r.replica_set(count=2), unready()):
            cluster.put(obj)
        records.observing(store)
        run(environment=lambda _: Environment(cluster="main", namespace="prod", **rules))
        cluster.wait_for("watch Event")

    return start


def ended(store):
    return eventually(lambda: (op := store.operations.load("op-1")).state.final and op)


def test_a_failing_probe_is_a_warning_and_at_the_deadline_the_cause(follows, store, cluster, clock):
    follows()
    cluster.log = lambda: "waiting for the database"
    cluster.put(told("uid-web-1", "Unhealthy", PROBE))
    eventually(lambda: PROBED in str(store.operations.progress("op-1")))
    assert store.operations.load("op-1").state is State.OBSERVING
    clock.now = r.WROTE + 601
    ending = ended(store).ending
    assert "ot finished within 600 s: " in ending.sentence
    assert PROBED in ending.sentence
    found = ending.diagnosis
    assert (found.container, found.reason, found.pods) == ("app", "Unhealthy", ("web-1",))
    assert found.logs == "waiting for the database"
    assert found.since == "revision 2 (r/web:2)"
    assert found.events == (f"Unhealthy: {PROBE}",)


def test_an_environment_may_have_less_patience_with_it(follows, store, clock):
    follows(patience={"not_ready": "2m"})
    clock.now = r.WROTE + 121
    eventually(lambda: store.operations.progress("op-1"))
    assert store.operations.load("op-1").state is State.OBSERVING
    clock.now = r.WROTE + 122
    assert ended(store).ending.sentence == "Container app runs but is not ready."


def test_a_volume_that_stays_away_is_waited_for_and_then_the_cause(follows, store, cluster, clock):
    follows()
    cluster.put(r.pod("web-2", **r.waiting("ContainerCreating")))
    text = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0'
    cluster.put(told("uid-web-2", "FailedAttachVolume", text))
    cause = "volume pvc-1 is still in use by pod web-0, and can only be at one node at a time"
    eventually(lambda: cause in str(store.operations.progress("op-1")))
    clock.now = NOW + 120
    assert ended(store).ending.diagnosis.cause == cause


def test_what_a_probe_prints_is_masked_like_the_log_where_secrets_are(follows, store, cluster, clock):
    follows(mask_secrets=True)
    pod = unready()
    pod["spec"] = {"containers": [{"name": "app", "image": r.NEW, "envFrom": [{"secretRef": {"name": "db"}}]}]}
    cluster.put(pod)
    cluster.put({"kind": "Secret", "metadata": {"name": "db", "uid": "s"}, "data": {"word": "c3dvcmRmaXNo"}})
    cluster.put(told("uid-web-1", "Unhealthy", "Readiness probe failed: swordfish is no good"))
    eventually(lambda: "runs but is not ready" in str(store.operations.progress("op-1")))
    clock.now = r.WROTE + 601
    ending = ended(store).ending
    assert "its readiness probe fails: [redacted] is no good" in ending.sentence
    assert "swordfish" not in str(store.operations.load("op-1"))
    assert "swordfish" not in str(store.operations.progress("op-1"))
