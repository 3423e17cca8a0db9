"""The same verdicts over real controllers: whole rollouts, looked at after every change, so that "early" shows."""

import time

import pytest

from commands.objects import is_controlled_by
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers import drafts
from workers import kinds
from workers.cluster import Cluster
from workers.kinds.judgement import Verdict
from workers.write import Stamp, apply

pytestmark = pytest.mark.control_plane

KINDS = {"Deployment": workloads.deployment, "StatefulSet": workloads.stateful_set, "DaemonSet": workloads.daemon_set}
PLURALS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}
ENDS = {"done", "broken", "superseded"}


class Rollout:
    """A workload that is up; a change of it; and what is thought of it from then on."""

    def __init__(
        self, control_plane: ControlPlane, cluster: Cluster, namespace: str, kind: str, name: str, **spec
    ) -> None:
        self.control_plane, self.cluster, self.namespace, self.kind, self.name = (
            control_plane,
            cluster,
            namespace,
            kind,
            name,
        )
        control_plane.apply(KINDS[kind](name, namespace, **spec))
        path = f"/apis/apps/v1/namespaces/{namespace}/{PLURALS[kind]}/{name}"
        ready = "numberAvailable" if kind == "DaemonSet" else "availableReplicas"
        control_plane.wait(path, lambda obj: obj.get("status", {}).get(ready, 0) == spec.get("replicas", 3))

    def live(self):
        return self.cluster.get(self.kind, self.namespace, self.name)

    def deploy(self, image: str, id: str = "op-1") -> None:
        self._act("deploy", drafts.deploy(self.live(), image), id)

    def scale(self, replicas: int) -> None:
        self._act("scale", drafts.scale(self.live(), replicas), f"op-{replicas}")

    def _act(self, verb, draft, id) -> None:
        operation = drafts.operation(drafts.seal(self.cluster, verb, draft, 1.0), id)
        self.written = apply(self.cluster, drafts.permit(operation), draft, self.live(), Stamp.of(operation), 1.0)

    def look(self, now: float | None = None) -> Verdict:
        """Pods first, the workload last: its status is the newest that is known."""
        pods = self.cluster.list("Pod", self.namespace).items
        replica_sets = self.cluster.list("ReplicaSet", self.namespace).items
        workload = self.live()
        uid = workload["metadata"]["uid"]
        children = [rs for rs in replica_sets if is_controlled_by(rs, uid)]
        owners = [uid, *(rs["metadata"]["uid"] for rs in children)]
        ours = [pod for pod in pods if any(is_controlled_by(pod, owner) for owner in owners)]
        return kinds.verdict(workload, children, ours, self.written, now or time.time())

    def follow(self, seconds: float = 60.0) -> list[Verdict]:
        """All verdicts until the end, by the changes of pods and of the workload."""
        deadline = time.monotonic() + seconds
        seen = [self.look()]
        while seen[-1].outcome not in ENDS and time.monotonic() < deadline:
            time.sleep(0.02)
            seen.append(self.look())
        return seen


@pytest.fixture
def rollout(control_plane: ControlPlane, cluster: Cluster, request):
    kind = getattr(request, "param", "Deployment")
    return Rollout(
        control_plane,
        cluster,
        control_plane.namespace(),
        kind,
        "web",
        **({} if kind == "DaemonSet" else {"replicas": 3}),
    )


def images(rollout: Rollout) -> list[str]:
    pods = rollout.cluster.list("Pod", rollout.namespace).items
    return sorted(pod["spec"]["containers"][0]["image"] for pod in pods if not pod["metadata"].get("deletionTimestamp"))


@pytest.mark.parametrize("rollout", KINDS, indirect=True)
def test_a_good_rollout_is_done_when_every_pod_is_new(rollout: Rollout):
    rollout.deploy("r/web:2-slow" if rollout.kind == "Deployment" else "r/web:2")
    seen = rollout.follow()
    assert [found.outcome for found in seen[:-1]] == ["progressing"] * (len(seen) - 1)
    assert seen[-1].outcome == "done"
    assert [image.split(":")[1][0] for image in images(rollout)] == ["2", "2", "2"]
    assert seen[-1].progress.ready == 3


@pytest.mark.parametrize("rollout", KINDS, indirect=True)
@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("r/web:missing", "container web: image r/web:missing not found"),
        ("r/web:crash", "container web exits with code 1 (CrashLoopBackOff)"),
    ],
)
def test_a_bad_image_is_broken_long_before_the_deadline(rollout: Rollout, image: str, said: str):
    rollout.deploy(image)
    found = rollout.follow()[-1]
    assert (found.outcome, found.sentence) == ("broken", said)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("r/web:unauthorized", "container web: image r/web:unauthorized may not be pulled (unauthorized)"),
        ("r/web:oom", "container web runs out of memory (OOMKilled)"),
        ("r/web:configmissing", "container web needs the ConfigMap web-config, which does not exist"),
    ],
)
def test_each_cause_has_its_words(rollout: Rollout, image: str, said: str):
    rollout.deploy(image)
    assert rollout.follow()[-1].sentence == said


def test_a_pull_that_heals_is_no_failure(rollout: Rollout):
    rollout.deploy("r/web:flaky")
    seen = rollout.follow()
    assert seen[-1].outcome == "done"
    assert any("cannot be pulled" in text for found in seen for text in found.warnings)


@pytest.mark.parametrize("rollout", ["Deployment", "StatefulSet"], indirect=True)
def test_a_scale_up_and_down(rollout: Rollout):
    for replicas in (5, 0):
        rollout.scale(replicas)
        seen = rollout.follow()
        assert seen[-1].outcome == "done"
        assert len(images(rollout)) == replicas


def test_somebody_elses_deploy_supersedes_ours(rollout: Rollout):
    rollout.deploy("r/web:2-unready")
    path = f"/apis/apps/v1/namespaces/{rollout.namespace}/deployments/web"
    rollout.control_plane.patch(
        path, [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "r/web:9"}]
    )
    assert rollout.follow()[-1].outcome == "superseded"


def test_a_fix_of_a_timed_out_rollout_is_not_called_timed_out(control_plane: ControlPlane, cluster: Cluster):
    """The old condition lingers for a moment after the new template was written."""
    rollout = Rollout(
        control_plane, cluster, control_plane.namespace(), "Deployment", "web", replicas=3, progress_deadline=1
    )
    rollout.deploy("r/web:2-unready", "op-1")
    assert "ProgressDeadlineExceeded" in rollout.follow()[-1].sentence
    path = f"/apis/apps/v1/namespaces/{rollout.namespace}/deployments/web"
    control_plane.patch(path, {"spec": {"progressDeadlineSeconds": 600}})  # the fix has all the time it takes
    rollout.deploy("r/web:3", "op-2")
    seen = rollout.follow()
    assert {found.outcome for found in seen[:-1]} <= {"progressing"}
    assert seen[-1].outcome == "done"


def test_a_quota_in_the_way_comes_in_the_apis_words(control_plane: ControlPlane, rollout: Rollout):
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "spec": {"hard": {"pods": "3"}}}
    control_plane.apply({**quota, "metadata": {"name": "small", "namespace": rollout.namespace}})
    path = f"/api/v1/namespaces/{rollout.namespace}/resourcequotas/small"
    control_plane.wait(path, lambda obj: obj.get("status", {}).get("used", {}).get("pods") == "3")
    rollout.scale(5)
    replica_sets = f"/apis/apps/v1/namespaces/{rollout.namespace}/replicasets"
    control_plane.wait_items(replica_sets, lambda items: "ReplicaFailure" in str(items))
    said = "pods cannot be created: quota small leaves no room (pods=1 asked for, pods=3 in use, pods=3 allowed)"
    assert (rollout.look().outcome, rollout.look().warnings) == ("progressing", (said,)), "it may pass"
    later = rollout.look(time.time() + 31)
    assert (later.outcome, later.sentence) == ("broken", said)
