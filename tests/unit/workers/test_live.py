"""The read-only view that commands get, on a real control plane."""

import time
from typing import cast

import pytest

from commands.canonical import digest_of
from commands.errors import Ambiguous, Forbidden, NotFound, Unsuitable
from commands.live import autoscaler_of
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from workers.cluster import Cluster, open_cluster
from workers.judging import Judge
from workers.live import ClusterLive

pytestmark = pytest.mark.control_plane


class Everything:
    def shows(self, workload):
        return True


class NoRecords:
    def operations(self, environment=None):
        return []

    def newer(self):
        return 0

    def operation(self, id):
        raise NotFound(id)

    awaits = freezes = audit = locks = operation


@pytest.fixture(scope="module")
def live(control_plane: ControlPlane, cluster: Cluster, namespace: str) -> ClusterLive:
    apply, patch, ns = control_plane.apply, control_plane.patch, namespace
    apply(workloads.deployment("web", ns, replicas=2))
    apply(workloads.deployment("webhook", ns, replicas=0))
    apply(_stray(ns))
    apply(workloads.deployment("both", ns, replicas=0))
    apply(workloads.stateful_set("both", ns, replicas=0))
    apply(workloads.stateful_set("db", ns, replicas=1))
    apply(workloads.daemon_set("agent", ns))
    _ready(control_plane, ns, "deployments", "web", "availableReplicas", 2)
    for kind, name in (("deployments", "web"), ("statefulsets", "db"), ("daemonsets", "agent")):
        change = {"spec": {"template": {"metadata": {"annotations": {"second": "yes"}}}}}
        if name == "web":
            change["metadata"] = {"annotations": {"kubernetes.io/change-cause": "annotated"}}  # type: ignore[dict-item]
        patch(f"/apis/apps/v1/namespaces/{ns}/{kind}/{name}", change)
    apply(_autoscaler(ns, "web"))
    _around(control_plane, ns)
    _ready(control_plane, ns, "deployments", "web", "observedGeneration", 2)
    _ready(control_plane, ns, "statefulsets", "db", "updatedReplicas", 1)
    _ready(control_plane, ns, "daemonsets", "agent", "updatedNumberScheduled", 3)
    return ClusterLive(cluster, "staging", ns, NoRecords(), time.time, cast(Judge, Everything()))


def _around(control_plane: ControlPlane, ns: str) -> None:
    """A Service and a budget of web's pods; a Job, and a CronJob that has made one."""
    meta, selector = {"namespace": ns}, {"app": "web"}
    service = {"selector": selector, "ports": [{"port": 80}]}
    budget = {"selector": {"matchLabels": selector}, "minAvailable": 1}
    job = workloads.job("migrate", ns)
    every = {"schedule": "0 3 1 1 *", "jobTemplate": {"spec": job["spec"]}}
    apply = control_plane.apply
    apply({"apiVersion": "v1", "kind": "Service", "metadata": {**meta, "name": "web"}, "spec": service})
    apply(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {**meta, "name": "web-budget"},
            "spec": budget,
        }
    )
    apply(job)
    cron = apply({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {**meta, "name": "backup"}, "spec": every})
    owner = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "name": "backup",
        "uid": cron["metadata"]["uid"],
        "controller": True,
    }
    made = workloads.job("backup-1", ns)
    made["metadata"]["ownerReferences"] = [owner]
    apply(made)
    for name in ("migrate", "backup-1"):
        path = f"/api/v1/namespaces/{ns}/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3D{name}"
        control_plane.wait_items(path, bool, 20)
    [newest, *_] = control_plane.get(f"/apis/apps/v1/namespaces/{ns}/replicasets?labelSelector=app%3Dweb")["items"]
    of = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "namespace": ns} | {
        key: newest["metadata"][key] for key in ("name", "uid")
    }
    told = {"involvedObject": of, "type": "Warning", "reason": "FailedCreate", "message": "token=abc123"}
    apply({"apiVersion": "v1", "kind": "Event", "metadata": {**meta, "name": "web.refused"}, **told})
    path = f"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb"
    control_plane.wait_items(path, bool, 20)


def _ready(control_plane, namespace, kind, name, field, count):
    path = f"/apis/apps/v1/namespaces/{namespace}/{kind}/{name}"
    control_plane.wait(path, lambda obj: obj.get("status", {}).get(field, 0) >= count, 20)


def _stray(namespace: str):
    """Nobody's pod, with the labels of a workload's."""
    spec = {"containers": [{"name": "app", "image": workloads.IMAGE}]}
    meta = {"name": "stray", "namespace": namespace, "labels": {"app": "web"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}


def _autoscaler(namespace: str, name: str):
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    meta = {"name": f"{name}-scaler", "namespace": namespace}
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec}


@pytest.mark.parametrize("said", ["web", "deployment/web", "Deployment/web", "deploy/web"])
def test_a_workload_is_found_by_what_people_say(live: ClusterLive, said: str):
    found = live.workload(said)
    assert (found["kind"], found["metadata"]["name"]) == ("Deployment", "web")


def test_a_misspelt_name_gets_the_nearest(live: ClusterLive):
    with pytest.raises(NotFound, match=r"There is no workload `wbe` in staging. Did you mean `web`"):
        live.workload("wbe")


def test_a_name_like_none_gets_what_there_is(live: ClusterLive):
    with pytest.raises(NotFound, match=r"There are `agent`, `both`, `db`, `web` and `webhook`."):
        live.workload("zzzzzz")


def test_an_unknown_kind_is_told_the_kinds(live: ClusterLive):
    with pytest.raises(NotFound, match="`deployment`, `statefulset`, `daemonset`, `cronjob` or `job`"):
        live.workload("secret/web")


@pytest.mark.parametrize("said", ["../../secrets", "web\x00", "", "a/b/c", "Deployment/"])
def test_words_that_are_no_name_are_simply_not_found(live: ClusterLive, said: str):
    with pytest.raises(NotFound):
        live.workload(said)


def test_two_of_a_name_are_asked_about(live: ClusterLive):
    with pytest.raises(Ambiguous, match="say `deployment/both` or `statefulset/both`"):
        live.workload("both")
    assert live.workload("statefulset/both")["kind"] == "StatefulSet"


def test_every_workload_bears_its_kind(live: ClusterLive):
    kinds = [obj["kind"] for obj in live.workloads()]
    assert sorted(kinds) == ["DaemonSet", "Deployment", "Deployment", "Deployment", "StatefulSet", "StatefulSet"]


def test_pods_are_those_the_workload_owns(live: ClusterLive):
    names = {pod["metadata"]["name"].split("-")[0] for pod in live.pods(live.workload("web"))}
    assert names == {"web"}
    assert live.pods(live.workload("db"))[0]["metadata"]["name"] == "db-0"
    assert len(live.pods()) > len(live.pods(live.workload("agent"))) >= 3


def test_a_pod_by_its_name(live: ClusterLive):
    assert live.pod("db-0")["metadata"]["name"] == "db-0"
    with pytest.raises(NotFound, match="Did you mean `db-0`"):
        live.pod("db-1")


@pytest.mark.parametrize("name", ["web", "db", "agent"])
def test_revisions_are_newest_first_and_one_is_current(live: ClusterLive, name: str):
    workload = live.workload(name)
    revisions = live.revisions(workload)
    assert [r.number for r in revisions] == [2, 1]
    assert [r.current for r in revisions] == [True, False]
    assert digest_of(revisions[0].template) == digest_of(workload["spec"]["template"])
    assert "annotations" not in revisions[1].template["metadata"]
    assert revisions[0].created


def test_a_revision_tells_why_it_was_made(live: ClusterLive):
    assert live.revisions(live.workload("web"))[0].cause == "annotated"


def test_the_autoscaler_is_the_one_that_scales_it(live: ClusterLive):
    [found] = live.autoscalers(live.workload("web"))
    assert found["metadata"]["name"] == "web-scaler"
    assert live.autoscalers(live.workload("webhook")) == []


def test_an_autoscaler_that_may_not_be_read_is_none_to_a_plan(
    control_plane: ControlPlane, live: ClusterLive, namespace: str
):
    powerless = open_cluster("main", control_plane.kubeconfig_for("powerless"))
    seen = ClusterLive(powerless, "staging", namespace, NoRecords(), time.time, cast(Judge, Everything()))
    with pytest.raises(Forbidden, match="grant it `list` on `horizontalpodautoscalers.autoscaling`"):
        seen.autoscalers(live.workload("web"))
    assert autoscaler_of(live.workload("web"), seen) is None
    with pytest.raises(Forbidden):
        seen.workload("web")
    powerless.close()


@pytest.mark.parametrize("said", ["migrate", "job/migrate", "cj/backup", "backup", "CronJob/backup"])
def test_what_comes_to_an_end_is_looked_at_and_not_changed(live: ClusterLive, said: str):
    found = live.subject(said)
    assert found["metadata"]["name"] == said.rpartition("/")[2]
    with pytest.raises(Unsuitable, match=f"^{found['metadata']['name']} is a {found['kind']}: I show"):
        live.workload(said)


def test_a_workload_is_a_subject_too(live: ClusterLive):
    assert live.subject("deploy/web")["kind"] == "Deployment"
    with pytest.raises(NotFound, match=r"There is no workload `migrat` in staging. Did you mean `migrate`"):
        live.subject("migrat")


def test_the_runs_of_a_namespace_leave_out_what_a_cron_job_made(live: ClusterLive):
    assert {obj["metadata"]["name"] for obj in live.runs()} == {"backup", "migrate"}
    assert [obj["metadata"]["name"] for obj in live.runs(live.subject("cj/backup"))] == ["backup-1"]


@pytest.mark.parametrize("said", ["job/migrate", "cj/backup"])
def test_pods_of_what_comes_to_an_end(live: ClusterLive, said: str):
    [pod] = live.pods(live.subject(said))
    assert pod["metadata"]["name"].startswith({"job/migrate": "migrate-", "cj/backup": "backup-1-"}[said])


def test_why_a_pod_does_not_run(live: ClusterLive):
    [pod] = live.pods(live.subject("job/migrate"))
    statuses = [{"name": "migrate", "state": {"waiting": {"reason": "ErrImagePull", "message": "r/web:2: not found"}}}]
    sick = {**pod, "status": {"conditions": [], "containerStatuses": statuses}}
    [cause] = live.causes([sick], []).values()
    assert cause.startswith("container migrate: image ")
    assert cause.endswith(" not found")


def test_what_protects_and_serves_its_pods(live: ClusterLive):
    web = live.workload("web")
    assert [budget["metadata"]["name"] for budget in live.budgets(web)] == ["web-budget"]
    [served] = live.services(web)
    assert served.service["metadata"]["name"] == "web"
    assert [piece["addressType"] for piece in served.slices] == ["IPv4"]
    assert not live.budgets(live.workload("webhook"))
    assert not live.services(live.workload("webhook"))


def test_events_are_those_of_its_own_and_of_its_replica_sets(live: ClusterLive):
    told = [(event["involvedObject"]["kind"], event["reason"]) for event in live.events([live.workload("web")])]
    assert told[0] == ("ReplicaSet", "FailedCreate")
    assert set(told[1:]) == {("Deployment", "ScalingReplicaSet")}
    [first, *_] = live.events([live.workload("web")])
    assert first["message"] == "token=[redacted]"
    assert "FailedCreate" not in str(live.events([live.workload("webhook")]))
