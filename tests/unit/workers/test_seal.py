"""What a plan shows before anybody says yes, by a dry run of the real API server."""

import pytest

from commands.canonical import dump
from commands.draft import Edit, FieldChange, Promise
from commands.errors import Invalid, NothingToChange, PreconditionFailed
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers import drafts
from workers.cluster import Cluster

pytestmark = pytest.mark.control_plane


@pytest.fixture(scope="module", autouse=True)
def _workloads(control_plane: ControlPlane, namespace: str) -> None:
    helm = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "shop"}
    control_plane.apply(
        workloads.deployment("web", namespace, replicas=0, containers={"app": "r/web:1", "log": "r/log:1"})
    )
    control_plane.apply(workloads.deployment("owned", namespace, replicas=0, annotations=helm))


@pytest.fixture
def web(cluster: Cluster, namespace: str):
    return cluster.get("Deployment", namespace, "web")


def test_a_new_image_is_one_line(control_plane: ControlPlane, cluster: Cluster, namespace: str, web):
    draft = drafts.deploy(web, "r/web:2")
    plan = drafts.seal(cluster, "deploy", draft, 5.0)
    assert plan.diff == (FieldChange("containers[app].image", "r/web:1", "r/web:2"),)
    assert plan.digest == Promise.of("deploy", draft).digest
    assert (plan.made, plan.risks, plan.warnings) == (5.0, (), ())
    assert control_plane.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/web")["metadata"]["generation"] == 1
    assert control_plane.writes(namespace=namespace) == []


def test_replicas_and_annotations(cluster: Cluster, web):
    template = Edit("/spec/template/metadata/annotations", None, {"kubectl.kubernetes.io/restartedAt": "now"})
    plan = drafts.seal(cluster, "restart", drafts.draft(web, Edit("/spec/replicas", 0, 2), template), 5.0)
    assert plan.diff == (
        FieldChange("spec.replicas", "0", "2"),
        FieldChange("template.metadata.annotations[kubectl.kubernetes.io/restartedAt]", None, "now"),
    )


def test_a_new_container_shows_what_was_asked_and_not_what_was_filled_in(cluster: Cluster, web):
    before = web["spec"]["template"]
    probe = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 5}
    env = [
        {"name": "DB_PASSWORD", "value": "hunter2"},
        {"name": "MODE", "value": "fast"},
        {"name": "PORT", "value": "80"},
    ]
    extra = {"name": "side", "image": "r/side:1", "readinessProbe": probe, "env": env}
    after = {**before, "spec": {**before["spec"], "containers": [*before["spec"]["containers"], extra]}}
    plan = drafts.seal(cluster, "rollback", drafts.draft(web, Edit("/spec/template", before, after)), 5.0)
    assert b"hunter2" not in dump(plan)
    assert {(c.path.removeprefix("containers[side]."), c.new) for c in plan.diff} == {
        ("image", "r/side:1"),
        ("env[DB_PASSWORD].value", "(secret 1)"),
        ("env[MODE].value", "(secret 2)"),
        ("env[PORT].value", "80"),
        ("readinessProbe.httpGet.path", "/"),
        ("readinessProbe.httpGet.port", "80"),
        ("readinessProbe.periodSeconds", "5"),
    }


def test_who_owns_the_object_is_a_risk(cluster: Cluster, namespace: str):
    owned = cluster.get("Deployment", namespace, "owned")
    plan = drafts.seal(cluster, "scale", drafts.scale(owned, 3), 5.0)
    assert plan.risks == plan.owners == ("it belongs to Helm, which may put it back",)


def test_what_admission_refuses_is_refused_before_anyone_is_asked(cluster: Cluster, web):
    with pytest.raises(Invalid, match=r"must be greater than or equal to 0"):
        drafts.seal(cluster, "scale", drafts.scale(web, -1), 5.0)


def test_an_object_that_moved_since_it_was_drafted(cluster: Cluster, web):
    stale = drafts.draft(web, Edit("/spec/replicas", 7, 8))
    with pytest.raises(PreconditionFailed):
        drafts.seal(cluster, "scale", stale, 5.0)


def test_what_is_already_so(cluster: Cluster, web):
    with pytest.raises(NothingToChange):
        drafts.seal(cluster, "scale", drafts.scale(web, web["spec"]["replicas"]), 5.0)
