"""One write, at most once, of exactly what was planned: on a real API server, and through answers that get lost."""

from dataclasses import dataclass, replace

import pytest

from commands.canonical import digest_of
from commands.draft import Draft, Edit, FieldChange, Plan
from commands.errors import Invalid, Missing, OutcomeUnknown, Unreachable
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers import drafts
from workers.cluster import Answer, Cluster
from workers.write import SOMEONE_ELSES, Drifted, Stamp, already_written, apply

pytestmark = pytest.mark.control_plane

KINDS = [("Deployment", "web"), ("StatefulSet", "db"), ("DaemonSet", "agent")]
PLURALS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}


@pytest.fixture
def namespace(control_plane: ControlPlane) -> str:
    """One for each test: they count writes."""
    name = control_plane.namespace()
    control_plane.apply(workloads.deployment("web", name, replicas=1))
    control_plane.wait(path(name), lambda obj: "annotations" in obj["metadata"])  # the controller's first
    return name


@pytest.fixture
def web(cluster: Cluster, namespace: str):
    return cluster.get("Deployment", namespace, "web")


@dataclass(frozen=True)
class Sealed:
    """A plan, and the draft that acting would make anew: the same, while nothing moves."""

    plan: Plan
    draft: Draft


def sealed(cluster: Cluster, verb: str, draft: Draft) -> Sealed:
    return Sealed(drafts.seal(cluster, verb, draft, 5.0), draft)


def planned(cluster: Cluster, live, image: str = "r/web:2") -> Sealed:
    return sealed(cluster, "deploy", drafts.deploy(live, image))


def carry_out(cluster: Cluster, made: Sealed, id: str = "op-7k3f", reason: str | None = None):
    operation, ref = drafts.operation(made.plan, id, reason), made.plan.promise.ref
    live = cluster.get(ref.kind, ref.namespace, ref.name)
    return apply(cluster, drafts.permit(operation), made.draft, live, Stamp.of(operation), 7.0)


def path(namespace: str) -> str:
    return f"/apis/apps/v1/namespaces/{namespace}/deployments/web"


class Losing:
    """A cluster whose write arrives, or not, while its answer is lost either way; ``then`` happens meanwhile."""

    def __init__(self, cluster: Cluster, *, arrives: bool, then=lambda: None) -> None:
        self._cluster, self._arrives, self._then = cluster, arrives, then
        self.get = cluster.get

    def patch(self, *arguments, **keywords) -> Answer:
        if self._arrives:
            self._cluster.patch(*arguments, **keywords)
        self._then()
        raise OutcomeUnknown("the connection broke before it answered")


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_the_change_and_the_stamp_are_one_write(control_plane, cluster, namespace, kind, name):
    """StatefulSets have no annotations yet: then the stamp brings the map along."""
    control_plane.apply(workloads.stateful_set("db", namespace, replicas=1))
    control_plane.apply(workloads.daemon_set("agent", namespace))
    live = cluster.get(kind, namespace, name)
    assert bool(live["metadata"].get("annotations")) == (kind != "StatefulSet")
    written = carry_out(cluster, planned(cluster, live), reason="see <!channel> & JIRA-1")
    after = cluster.get(kind, namespace, name)
    assert after["spec"]["template"]["spec"]["containers"][0]["image"] == "r/web:2"
    assert {
        key: value for key, value in after["metadata"]["annotations"].items() if "quarterdeck" in key or "cause" in key
    } == {
        "quarterdeck/operation": "op-7k3f",
        "quarterdeck/requester": "U0DEV",
        "quarterdeck/reason": "see <!channel> & JIRA-1",
        "kubernetes.io/change-cause": f"deploy {name} r/web:2 (op-7k3f by U0DEV)",
    }
    assert written.template == digest_of(after["spec"]["template"])
    assert live["metadata"]["generation"] < written.generation <= after["metadata"]["generation"]
    assert written.replicas is None
    assert len(control_plane.writes(PLURALS[kind], namespace)) == 1


def test_the_time_is_the_servers(cluster, namespace, web):
    written = carry_out(cluster, planned(cluster, web))
    assert written.at > 1_000_000_000
    assert written.at == int(written.at)


def test_a_scale_knows_the_replicas_it_wrote(cluster, namespace, web):
    made = sealed(cluster, "scale", drafts.scale(web, 0))
    assert carry_out(cluster, made).replicas == 0


def test_an_earlier_operations_reason_goes(cluster, namespace, web):
    carry_out(cluster, planned(cluster, web), "op-1", reason="first")
    again = cluster.get("Deployment", namespace, "web")
    carry_out(cluster, planned(cluster, again, "r/web:3"), "op-2")
    annotations = cluster.get("Deployment", namespace, "web")["metadata"]["annotations"]
    assert annotations["quarterdeck/operation"] == "op-2"
    assert "quarterdeck/reason" not in annotations


def test_acting_twice_writes_once(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    first = carry_out(cluster, made)
    second = carry_out(cluster, made)
    assert (first.template, first.at) == (second.template, second.at)
    assert second.generation >= first.generation
    assert len(control_plane.writes("deployments", namespace)) == 1


def test_a_lost_answer_of_a_write_that_arrived(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    written = carry_out(Losing(cluster, arrives=True), made)
    assert written.template == digest_of(cluster.get("Deployment", namespace, "web")["spec"]["template"])
    assert len(control_plane.writes("deployments", namespace)) == 1


def test_a_lost_answer_of_a_write_that_did_not_arrive_may_be_tried_again(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    with pytest.raises(Unreachable):
        carry_out(Losing(cluster, arrives=False), made)
    carry_out(cluster, made)
    assert len(control_plane.writes("deployments", namespace)) == 1


def test_a_write_that_arrives_late_makes_the_second_one_fail_and_is_recognised(control_plane, cluster, namespace, web):
    """The job gave up on the first write and tries again, while the first one is still on its way."""
    made = planned(cluster, web)
    stale = cluster.get

    class Late:
        def __init__(self) -> None:
            self.reads = 0

        def get(self, *arguments):
            self.reads += 1
            return web if self.reads == 1 else stale(*arguments)

        def patch(self, *arguments, **keywords) -> Answer:
            cluster.patch(*arguments, **keywords)
            return cluster.patch(*arguments, **keywords)

    carry_out(Late(), made)
    assert [write.code for write in control_plane.writes("deployments", namespace)] == [200, 422]
    assert cluster.get("Deployment", namespace, "web")["metadata"]["annotations"]["quarterdeck/operation"] == "op-7k3f"


def test_annotations_that_come_while_we_write_are_no_drift(control_plane, cluster, namespace):
    """A StatefulSet has none at first; a ``test`` for that fails, nothing else has moved, and it is written after all."""
    control_plane.apply(workloads.stateful_set("db", namespace, replicas=0))
    made = planned(cluster, cluster.get("StatefulSet", namespace, "db"))

    class Racing:
        get = staticmethod(cluster.get)

        def patch(self, *arguments, **keywords) -> Answer:
            control_plane.patch(
                f"/apis/apps/v1/namespaces/{namespace}/statefulsets/db", {"metadata": {"annotations": {"a": "b"}}}
            )
            return cluster.patch(*arguments, **keywords)

    carry_out(Racing(), made)
    assert [write.code for write in control_plane.writes("statefulsets", namespace)] == [422, 200]
    annotations = cluster.get("StatefulSet", namespace, "db")["metadata"]["annotations"]
    assert (annotations["a"], annotations["quarterdeck/operation"]) == ("b", "op-7k3f")


def test_drift_before_the_write_writes_nothing(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    control_plane.patch(
        path(namespace), [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "r/x:9"}]
    )
    with pytest.raises(Drifted) as raised:
        carry_out(cluster, made)
    assert raised.value.changes == (FieldChange("containers[web].image", "registry.test/web:v1", "r/x:9"),)
    assert control_plane.writes("deployments", namespace) == []


def test_a_draft_that_promises_otherwise_than_what_was_permitted_writes_nothing(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    with pytest.raises(Drifted) as raised:
        carry_out(cluster, replace(made, draft=drafts.deploy(web, "r/evil:1")))
    assert raised.value.changes == (FieldChange("what would be written", "as it was shown", "changed since"),)
    assert control_plane.writes("deployments", namespace) == []


def another_image(control_plane, namespace):
    control_plane.patch(
        path(namespace), [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "r/x:9"}]
    )


def another_container_of_the_same_image(control_plane, namespace):
    twin = {"name": "first", "image": "registry.test/web:v1"}
    control_plane.patch(path(namespace), [{"op": "add", "path": "/spec/template/spec/containers/0", "value": twin}])


def another_object(control_plane, namespace):
    control_plane.delete(path(namespace))
    control_plane.wait_gone(path(namespace))
    control_plane.apply(workloads.deployment("web", namespace, replicas=1))
    control_plane.wait(path(namespace), lambda obj: "annotations" in obj["metadata"])


@pytest.mark.parametrize("meanwhile", [another_image, another_container_of_the_same_image, another_object])
def test_drift_between_reading_and_writing_is_stopped_by_the_api_server(
    control_plane, cluster, namespace, web, meanwhile
):
    """Nothing of ours could see it in time: the patch's own tests do."""
    made = planned(cluster, web)

    class Racing:
        get, list = staticmethod(cluster.get), staticmethod(cluster.list)

        def patch(self, *arguments, **keywords) -> Answer:
            meanwhile(control_plane, namespace)
            return cluster.patch(*arguments, **keywords)

    with pytest.raises(Drifted):
        carry_out(Racing(), made)
    assert [write.code for write in control_plane.writes("deployments", namespace)] == [422]


def test_another_object_of_the_same_name_is_drift(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    control_plane.delete(path(namespace))
    control_plane.wait_gone(path(namespace))
    with pytest.raises(Missing):
        carry_out(cluster, made)
    control_plane.apply(workloads.deployment("web", namespace, replicas=1))
    with pytest.raises(Drifted) as raised:
        carry_out(cluster, made)
    assert raised.value.changes[0].new == "another Deployment of that name"


def test_a_container_that_moved_is_drift(control_plane, cluster, namespace, web):
    """The guard on the container's name at its index: else another container would get the image."""
    made = planned(cluster, web)
    twin = {"name": "first", "image": "registry.test/web:v1"}
    control_plane.patch(path(namespace), [{"op": "add", "path": "/spec/template/spec/containers/0", "value": twin}])
    with pytest.raises(Drifted) as raised:
        carry_out(cluster, made)
    assert FieldChange("containers[first].name", "web", "first") in raised.value.changes


def test_what_the_server_would_never_take_is_told_from_drift(control_plane, cluster, namespace, web):
    draft = drafts.draft(web, Edit("/spec/template/spec/nowhere/x", None, "y"))
    made = Sealed(Plan.of("deploy", draft, 5.0), draft)
    with pytest.raises(Invalid, match="does not take the change"):
        carry_out(cluster, made)
    assert len(control_plane.writes("deployments", namespace)) == 1


def test_somebody_elses_change_after_ours_is_recognised(control_plane, cluster, namespace, web):
    made = planned(cluster, web)
    carry_out(cluster, made)
    control_plane.patch(
        path(namespace), [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "r/x:9"}]
    )
    written = carry_out(cluster, made)
    assert written.template == SOMEONE_ELSES
    assert len(control_plane.writes("deployments", namespace)) == 1


def test_a_stamp_of_another_operation_is_not_ours(cluster, namespace, web):
    made = planned(cluster, web)
    carry_out(cluster, made)
    live = cluster.get("Deployment", namespace, "web")
    assert already_written(live, "op-7k3f", made.plan, 1.0)
    assert already_written(live, "op-other", made.plan, 1.0) is None


def test_where_the_object_tells_no_time_acting_began_no_later_than_the_write(cluster, namespace, web):
    """Some admission webhooks take managedFields away. At time 0 every old condition would look new, and every deadline over."""
    made = planned(cluster, web)
    carry_out(cluster, made)
    live = cluster.get("Deployment", namespace, "web")
    del live["metadata"]["managedFields"]
    found = already_written(live, "op-7k3f", made.plan, 1_800_000_000.0)
    assert found
    assert found.at == 1_800_000_000.0


def test_what_was_added_and_what_was_taken_away(cluster, namespace, web):
    """Absent is written as null in a ``test``; the same holds when it is looked for again."""
    base = "/spec/template/spec/containers/0"
    add = drafts.draft(web, Edit(f"{base}/command", None, ["run"]), Edit("/spec/minReadySeconds", None, 1))
    made = sealed(cluster, "deploy", add)
    carry_out(cluster, made, "op-1")
    live = cluster.get("Deployment", namespace, "web")
    assert (live["spec"]["template"]["spec"]["containers"][0]["command"], live["spec"]["minReadySeconds"]) == (
        ["run"],
        1,
    )
    remove = drafts.draft(live, Edit(f"{base}/command", ["run"], None), Edit("/spec/minReadySeconds", 1, None))
    made = sealed(cluster, "deploy", remove)
    assert carry_out(cluster, made, "op-2").template == web_digest(web)
    assert carry_out(cluster, made, "op-2").template == web_digest(web)


def web_digest(web) -> str:
    return digest_of(web["spec"]["template"])


def test_a_write_that_the_server_filled_in_is_not_taken_for_somebody_elses(cluster, namespace, web):
    """What is asked for is a template without its defaults; after a crash only the dry run's word tells what came of it."""
    before = web["spec"]["template"]
    extra = {"name": "side", "image": "r/side:1"}
    after = {**before, "spec": {**before["spec"], "containers": [*before["spec"]["containers"], extra]}}
    made = sealed(cluster, "rollback", drafts.draft(web, Edit("/spec/template", before, after)))
    carry_out(cluster, made)
    live = cluster.get("Deployment", namespace, "web")
    found = already_written(live, "op-7k3f", made.plan, 1.0)
    assert found
    assert found.template == digest_of(live["spec"]["template"])
