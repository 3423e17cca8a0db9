"""What is written in a workload's stead, its autoscaler: one write, at most once, on a real API server."""

from __future__ import annotations

import pytest

from commands.bounds import Bounds
from commands.canonical import digest_of
from commands.draft import FieldChange
from commands.errors import OutcomeUnknown
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers import drafts
from tests.unit.workers.test_write import Losing, Sealed, sealed
from workers.beside import read_beside
from workers.cluster import Cluster
from workers.write import Drifted, Stamp, already_written, apply

pytestmark = pytest.mark.control_plane

KIND = "HorizontalPodAutoscaler"


@pytest.fixture
def namespace(control_plane: ControlPlane) -> str:
    name = control_plane.namespace()
    control_plane.apply(workloads.deployment("web", name, replicas=1))
    control_plane.apply(scaler(name))
    return name


def scaler(namespace: str, most: int = 5):
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": most}
    meta = {"name": "web-cpu", "namespace": namespace}
    return {"apiVersion": "autoscaling/v2", "kind": KIND, "metadata": meta, "spec": spec}


def path(namespace: str) -> str:
    return f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/web-cpu"


def planned(cluster: Cluster, namespace: str, most: int = 7) -> Sealed:
    live, hpa = cluster.get("Deployment", namespace, "web"), cluster.get(KIND, namespace, "web-cpu")
    return sealed(cluster, "scale", drafts.bounds(live, hpa, 1, most))


def carry_out(cluster, made: Sealed, id: str = "op-7k3f"):
    operation, promise = drafts.operation(made.plan, id), made.plan.promise
    ref = promise.ref
    live = cluster.get(ref.kind, ref.namespace, ref.name)
    beside = read_beside(cluster, ref.namespace, promise.beside)
    return apply(cluster, drafts.permit(operation), made.draft, live, Stamp.of(operation), 7.0, beside)


def written(control_plane: ControlPlane, namespace: str) -> list[tuple[str, str]]:
    return [(write.resource, write.name) for write in control_plane.writes(namespace=namespace)]


def test_the_autoscaler_alone_is_written_and_what_is_followed_is_the_workload(control_plane, cluster, namespace):
    made = planned(cluster, namespace)
    assert made.plan.diff == (FieldChange("spec.maxReplicas", "5", "7"),)
    wrote = carry_out(cluster, made)
    live, hpa = control_plane.get(workloads_path(namespace)), control_plane.get(path(namespace))
    assert written(control_plane, namespace) == [("horizontalpodautoscalers", "web-cpu")]
    assert (hpa["spec"]["minReplicas"], hpa["spec"]["maxReplicas"]) == (1, 7)
    assert hpa["metadata"]["annotations"]["quarterdeck/operation"] == "op-7k3f"
    assert wrote.bounds == Bounds(1, 7)
    assert wrote.scales
    assert wrote.replicas is None
    assert wrote.template == digest_of(live["spec"]["template"])
    assert wrote.generation <= live["metadata"]["generation"]


def workloads_path(namespace: str) -> str:
    return f"/apis/apps/v1/namespaces/{namespace}/deployments/web"


def test_acting_twice_writes_once(control_plane, cluster, namespace):
    made = planned(cluster, namespace)
    assert carry_out(cluster, made) == carry_out(cluster, made)
    assert len(written(control_plane, namespace)) == 1


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer(control_plane, cluster, namespace, arrives):
    """Of a write that arrived it is recognised; of one that did not it may be tried again."""
    made = planned(cluster, namespace)
    if arrives:
        assert carry_out(Losing(cluster, arrives=True), made).bounds == Bounds(1, 7)
    else:
        with pytest.raises(OutcomeUnknown):
            carry_out(Losing(cluster, arrives=False), made)
        assert carry_out(cluster, made).bounds == Bounds(1, 7)
    assert len(written(control_plane, namespace)) == 1


def test_a_bound_that_moved_is_drift(control_plane, cluster, namespace):
    """That it does not write, too."""
    made = planned(cluster, namespace)
    control_plane.patch(path(namespace), [{"op": "replace", "path": "/spec/minReplicas", "value": 2}])
    with pytest.raises(Drifted) as drifted:
        carry_out(cluster, made)
    assert drifted.value.changes == (FieldChange("spec.minReplicas", "1", "2"),)
    assert written(control_plane, namespace) == []


def test_one_that_scales_another_workload_by_now_is_drift(control_plane, cluster, namespace):
    """Who may change this workload may perhaps change no other."""
    made = planned(cluster, namespace)
    control_plane.patch(path(namespace), [{"op": "replace", "path": "/spec/scaleTargetRef/name", "value": "pay"}])
    with pytest.raises(Drifted) as drifted:
        carry_out(cluster, made)
    assert drifted.value.changes == (FieldChange("spec.scaleTargetRef.name", "web", "pay"),)
    assert written(control_plane, namespace) == []


def test_drift_between_reading_and_writing_is_stopped_by_the_api_server(control_plane, cluster, namespace):
    made = planned(cluster, namespace)

    class Raced:
        get, list = cluster.get, cluster.list

        def patch(self, *arguments, **keywords):
            control_plane.patch(path(namespace), [{"op": "replace", "path": "/spec/minReplicas", "value": 2}])
            return cluster.patch(*arguments, **keywords)

    with pytest.raises(Drifted):
        carry_out(Raced(), made)
    assert control_plane.get(path(namespace))["spec"]["maxReplicas"] == 5


@pytest.mark.parametrize("anew", [True, False])
def test_another_of_its_name_is_drift_and_so_is_none(control_plane, cluster, namespace, anew):
    made = planned(cluster, namespace)
    control_plane.delete(path(namespace))
    if anew:
        control_plane.apply(scaler(namespace))
    with pytest.raises(Drifted) as drifted:
        carry_out(cluster, made)
    (change,) = drifted.value.changes
    assert (change.path, change.new) == (f"{KIND}/web-cpu", "another of that name" if anew else None)
    assert written(control_plane, namespace) == []


def test_somebody_elses_bounds_after_ours_are_recognised(control_plane, cluster, namespace):
    made = planned(cluster, namespace)
    carry_out(cluster, made)
    control_plane.patch(path(namespace), [{"op": "replace", "path": "/spec/maxReplicas", "value": 8}])
    live, hpa = cluster.get("Deployment", namespace, "web"), cluster.get(KIND, namespace, "web-cpu")
    found = already_written(live, "op-7k3f", made.plan, 7.0, hpa)
    assert found is not None
    assert found.bounds == Bounds(1, 7), "so the watcher finds that others stand there"
    assert already_written(live, "op-else", made.plan, 7.0, hpa) is None
    assert already_written(live, "op-7k3f", made.plan, 7.0, None) is None
