"""What a real API server refuses, as our errors and in words for people."""

import pytest

from commands.errors import ClusterError, Forbidden, Invalid, Missing, PreconditionFailed
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers.cluster.stub import answer, stubbed
from workers.cluster import Cluster, open_cluster

pytestmark = pytest.mark.control_plane


@pytest.fixture(scope="module", autouse=True)
def _web(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(workloads.deployment("web", namespace, replicas=0))


@pytest.fixture
def powerless(control_plane: ControlPlane):
    opened = open_cluster("main", control_plane.kubeconfig_for("powerless"))
    yield opened
    opened.close()


def patch(cluster: Cluster, namespace: str, *operations: dict[str, object]) -> None:
    cluster.patch("Deployment", namespace, "web", operations, dry_run=True)


def test_a_missing_object(cluster: Cluster, namespace: str):
    with pytest.raises(Missing, match=f"There is no Deployment nix in namespace {namespace}"):
        cluster.get("Deployment", namespace, "nix")


def test_a_missing_right_is_named_with_its_remedy(powerless: Cluster, namespace: str):
    with pytest.raises(Forbidden) as raised:
        powerless.patch("Deployment", namespace, "web", [], dry_run=False)
    assert str(raised.value) == (
        f"Quarterdeck's account may not patch deployments in namespace {namespace}: "
        "grant it `patch` on `deployments.apps` there."
    )
    assert (raised.value.verb, raised.value.resource, raised.value.namespace) == (
        "patch",
        "deployments.apps",
        namespace,
    )


@pytest.mark.parametrize(
    ("ask", "right"),
    [
        (lambda c, ns: c.list("Pod", ns), ("list", "pods")),
        (lambda c, ns: c.logs(ns, "web", "app"), ("get", "pods/log")),
        (
            lambda c, ns: list(c.watch("HorizontalPodAutoscaler", ns, "1")),
            ("watch", "horizontalpodautoscalers.autoscaling"),
        ),
    ],
)
def test_each_verb_names_its_own_right(powerless: Cluster, namespace: str, ask, right):
    with pytest.raises(Forbidden) as raised:
        ask(powerless, namespace)
    assert (raised.value.verb, raised.value.resource) == right


def test_what_the_account_may_do(cluster: Cluster, powerless: Cluster, namespace: str):
    assert cluster.can_i("patch", "apps", "deployments", namespace)
    assert cluster.can_i("get", "", "pods", namespace, "log")
    assert not powerless.can_i("patch", "apps", "deployments", namespace)
    assert cluster.version().startswith("v1.")


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/metadata/uid", "value": "another"},
        {"op": "test", "path": "/spec/replicas", "value": 99},
        {"op": "replace", "path": "/spec/template/spec/containers/7/image", "value": "x"},
    ],
)
def test_a_test_that_does_not_hold(cluster: Cluster, namespace: str, operation):
    with pytest.raises(PreconditionFailed, match=r"Deployment web .* no longer as it was"):
        patch(cluster, namespace, operation)


def test_an_invalid_value_comes_with_the_servers_words(cluster: Cluster, namespace: str):
    with pytest.raises(Invalid, match=r"spec\.replicas: Invalid value: -4: must be greater than or equal to 0"):
        patch(cluster, namespace, {"op": "replace", "path": "/spec/replicas", "value": -4})


def test_a_field_that_does_not_exist_is_refused_not_dropped(cluster: Cluster, namespace: str):
    with pytest.raises(Invalid, match=r'unknown field "spec\.replica"'):
        patch(cluster, namespace, {"op": "add", "path": "/spec/replica", "value": 4})


def test_the_object_that_the_server_quotes_is_left_out(cluster: Cluster, namespace: str):
    """A value of the wrong type makes the API server print the whole object, with all that is in it."""
    with pytest.raises(Invalid) as raised:
        patch(cluster, namespace, {"op": "replace", "path": "/spec/replicas", "value": "four"})
    assert "cannot unmarshal string" in str(raised.value)
    assert "registry.test" not in str(raised.value)


def test_a_quota_is_not_a_missing_right(tmp_path):
    """403 too, but by admission: the remedy is another."""
    text = 'pods "web" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3'
    with (
        stubbed(tmp_path, answer(403, {"message": text, "reason": "Forbidden"})) as (_, cluster),
        pytest.raises(Invalid, match="exceeded quota"),
    ):
        cluster.patch("Deployment", "shop", "web", [], dry_run=True)


def test_nothing_but_our_errors_leaves(cluster: Cluster, namespace: str):
    with pytest.raises(ClusterError):
        cluster.logs(namespace, "nix", "nix")


def test_logs_are_text_whatever_was_printed(control_plane: ControlPlane, cluster: Cluster, namespace: str):
    control_plane.apply(workloads.deployment("prints", namespace, replicas=1))
    path = f"/api/v1/namespaces/{namespace}/pods?labelSelector=app%3Dprints"
    [pod] = control_plane.wait_items(path, lambda pods: [p for p in pods if p["status"]["phase"] == "Running"] != [])
    control_plane.logs.write_bytes(b"caf\xe9")
    assert cluster.logs(namespace, pod["metadata"]["name"], "prints", tail=5) == "caf\ufffd\n"
    control_plane.logs.write("listening on :8080")
    assert "panic" in cluster.logs(namespace, pod["metadata"]["name"], "prints", previous=True)
