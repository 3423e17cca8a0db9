"""The watcher over a real control plane: what its controllers and its watch really do."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from commands import transitions
from commands.demand import Demand
from commands.operation import (
    Operation,
    State,
)
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers import drafts
from tests.unit.workers.watcher import records
from tests.unit.workers.watcher.scripted import eventually
from workers.cluster import Cluster, open_cluster
from workers.watcher import Watcher
from workers.write import Stamp, apply

pytestmark = pytest.mark.control_plane

SECONDS = 60.0


class Stage:
    """A Deployment that is up in a namespace of its own, and a watcher; operations are written as a worker would."""

    def __init__(self, control_plane: ControlPlane, cluster: Cluster, store, run) -> None:
        self.control_plane, self.cluster, self.store = control_plane, cluster, store
        self.namespace = control_plane.namespace()
        self.path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments/web"
        control_plane.apply(workloads.deployment("web", self.namespace, replicas=2))
        self.wait(lambda obj: obj.get("status", {}).get("availableReplicas") == 2)
        self.watcher: Watcher = run(clusters={"main": cluster}.__getitem__, now=time.time)

    def wait(self, predicate) -> None:
        self.control_plane.wait(self.path, predicate, SECONDS)

    def draft(self, image: str):
        live = self.cluster.get("Deployment", self.namespace, "web")
        return drafts.deploy(live, image)

    def plan(self, draft):
        return drafts.seal(self.cluster, "deploy", draft, time.time())

    def deploy(self, image: str, id: str = "op-1") -> Operation:
        now, draft = time.time(), self.draft(image)
        planned = transitions.planned(records.requested(self.store, id, now), self.plan(draft), None, now)
        op = self.store.operations.apply(transitions.act(self.store.operations.apply(planned), now))
        live = self.cluster.get("Deployment", self.namespace, "web")
        written = apply(self.cluster, drafts.permit(op), draft, live, Stamp.of(op), time.time())
        return self.store.operations.apply(transitions.wrote(op, written, time.time()))

    def ask(self, image: str) -> Operation:
        now = time.time()
        demand = Demand(1, ("sre",), now + 600)
        op = records.requested(self.store, "op-1", now)
        return self.store.operations.apply(transitions.planned(op, self.plan(self.draft(image)), demand, now))

    def end(self, id: str = "op-1") -> Operation:
        return eventually(lambda: (op := self.store.operations.load(id)).state.final and op, SECONDS)


@pytest.fixture
def cluster(control_plane: ControlPlane) -> Iterator[Cluster]:
    with closing(open_cluster("main", control_plane.kubeconfig)) as opened:
        yield opened


@pytest.fixture
def stage(control_plane: ControlPlane, cluster: Cluster, store, run) -> Stage:
    return Stage(control_plane, cluster, store, run)


def test_a_good_deploy(stage):
    stage.deploy("r/web:2")
    ended = stage.end()
    assert (ended.state, ended.ending.sentence) == (State.SUCCEEDED, "2 of 2 pods ready.")
    live = stage.control_plane.get(stage.path)
    assert live["status"]["updatedReplicas"] == live["status"]["replicas"] == 2
    assert stage.store.operations.progress("op-1").ready == 2


def test_a_missing_image_fails_within_seconds_and_says_so(stage):
    stage.deploy("r/web:missing")
    ended = stage.end()
    assert (ended.state, ended.ending.sentence) == (State.FAILED, "Container web: image r/web:missing not found.")
    diagnosis = ended.ending.diagnosis
    assert (diagnosis.container, diagnosis.image, diagnosis.logs) == ("web", "r/web:missing", "")
    assert len(diagnosis.pods) >= 1


def test_a_crash_shows_the_last_lines_of_the_run_that_crashed(stage):
    stage.control_plane.logs.write("starting", "panic: no database", previous=True)
    stage.deploy("r/web:crash")
    ended = stage.end()
    assert ended.ending.sentence == "Container web exits with code 1 (CrashLoopBackOff)."
    assert (ended.ending.diagnosis.exit_code, ended.ending.diagnosis.logs) == (1, "starting\npanic: no database")


def test_deleted_meanwhile(stage):
    stage.deploy("r/web:unready")
    eventually(lambda: stage.store.operations.progress("op-1"), SECONDS)
    stage.control_plane.delete(stage.path)
    ended = stage.end()
    assert (ended.state, ended.ending.sentence) == (State.SUPERSEDED, "Deployment web was deleted meanwhile.")


def test_drift_while_it_waits_for_approval(stage, jobs):
    stage.ask("r/web:2")
    eventually(lambda: list(stage.watcher.ready()[1]["feeds"].values()) == ["synced"], SECONDS)
    stage.control_plane.patch(stage.path, {"spec": {"replicas": 3}})
    stage.wait(lambda obj: obj["status"].get("availableReplicas") == 3)
    assert stage.store.operations.load("op-1").state is State.AWAITING, "replicas are not what this plan rests on"
    image = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "r/web:9"}]
    stage.control_plane.patch(stage.path, image)
    after = eventually(lambda: (op := stage.store.operations.load("op-1")).state is State.PLANNING and op, SECONDS)
    assert [(change.old, change.new) for change in after.drifts[0].changes] == [(workloads.IMAGE, "r/web:9")]
    assert eventually(jobs) == [("plan", "op-1")]


def test_the_api_server_restarts_in_the_middle(stage):
    stage.deploy("r/web:slow")
    eventually(lambda: stage.store.operations.progress("op-1"), SECONDS)
    stage.control_plane.stop_apiserver(kill=True)
    eventually(lambda: not stage.watcher.ready()[0], SECONDS)
    stage.control_plane.start_apiserver()
    assert stage.end().state is State.SUCCEEDED
    eventually(lambda: stage.watcher.ready()[0], SECONDS)
