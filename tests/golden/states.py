"""The moments that matter, one function each: it brings a workload there and records it."""

from collections.abc import Callable
from typing import Any

from tests.golden.subject import Subject, image, replicas
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane

Json = dict[str, Any]
State = Callable[[ControlPlane], Json]

STATES: dict[str, State] = {}


def state(function: State) -> State:
    STATES[function.__name__.replace("_", "-")] = function
    return function


def _deployment(control_plane: ControlPlane, **spec: Any) -> Subject:
    return Subject(control_plane, workloads.deployment("web", control_plane.namespace(), "r/web:1", **spec))


def _stateful_set(control_plane: ControlPlane, **spec: Any) -> Subject:
    return Subject(control_plane, workloads.stateful_set("db", control_plane.namespace(), "r/web:1", **spec))


def _daemon_set(control_plane: ControlPlane, **spec: Any) -> Subject:
    return Subject(control_plane, workloads.daemon_set("agent", control_plane.namespace(), "r/web:1", **spec))


def _status(**wanted: Any) -> Callable[[Json], bool]:
    def holds(obj: Json) -> bool:
        status, generation = obj.get("status") or {}, obj["metadata"]["generation"]
        is_observed = status.get("observedGeneration", 0) >= generation
        return is_observed and all(status.get(key, 0) == value for key, value in wanted.items())

    return holds


def _reason(obj: Json) -> str:
    conditions = (obj.get("status") or {}).get("conditions") or ()
    return next((each["reason"] for each in conditions if each["type"] == "Progressing"), "")


def _is_complete(obj: Json) -> bool:
    done = _status(updatedReplicas=obj["spec"]["replicas"], replicas=obj["spec"]["replicas"])
    return done(obj) and _status(availableReplicas=obj["spec"]["replicas"])(obj) and _is_new(obj)


def _is_new(obj: Json) -> bool:
    return _reason(obj) == "NewReplicaSetAvailable"


def _waits_for(reason: str) -> Callable[[list[Json]], bool]:
    def holds(pods: list[Json]) -> bool:
        statuses = (s for pod in pods for s in (pod.get("status") or {}).get("containerStatuses") or ())
        return any((s["state"].get("waiting") or {}).get("reason") == reason for s in statuses)

    return holds


@state
def deployment_rolling(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane)
    subject.deploy("2-slow")
    subject.pods(_waits_for("ContainerCreating"))
    subject.wait(_status(updatedReplicas=1))
    return subject.snapshot()


@state
def deployment_done(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane)
    subject.deploy("2")
    subject.wait(_is_complete)
    return subject.snapshot()


@state
def deployment_not_observed(control_plane: ControlPlane) -> Json:
    """The pods are as they were, and so is the status: all complete, of what ran before."""
    subject = _deployment(control_plane)
    return subject.snapshot(subject.deploy("2"))


@state
def deployment_image_missing(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    subject.deploy("2-missing")
    subject.pods(_waits_for("ImagePullBackOff"))
    subject.wait(_status(updatedReplicas=1))
    return subject.snapshot()


@state
def deployment_quota_refused(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "spec": {"hard": {"pods": "2"}}}
    control_plane.apply({**quota, "metadata": {"name": "small", "namespace": subject.namespace}})
    path = f"/api/v1/namespaces/{subject.namespace}/resourcequotas/small"
    control_plane.wait(path, lambda obj: obj.get("status", {}).get("used", {}).get("pods") == "2")
    subject.deploy("2")
    subject.wait(lambda obj: any(each["type"] == "ReplicaFailure" for each in obj["status"]["conditions"]))
    return subject.snapshot()


def _timed_out(control_plane: ControlPlane) -> Subject:
    subject = _deployment(control_plane, replicas=2, progress_deadline=1)
    subject.deploy("2-unready")
    subject.wait(lambda obj: _reason(obj) == "ProgressDeadlineExceeded")
    return subject


@state
def deployment_deadline_exceeded(control_plane: ControlPlane) -> Json:
    return _timed_out(control_plane).snapshot()


@state
def deployment_undo_of_a_timed_out_one(control_plane: ControlPlane) -> Json:
    """The old condition stands until the controller has taken it up."""
    subject = _timed_out(control_plane)
    return subject.snapshot(subject.deploy("1"))


@state
def deployment_undone(control_plane: ControlPlane) -> Json:
    subject = _timed_out(control_plane)
    subject.deploy("1")
    subject.wait(_is_complete)
    return subject.snapshot()


@state
def deployment_paused(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    subject.change({"op": "add", "path": "/spec/paused", "value": True})
    subject.deploy("2")
    subject.wait(_status(replicas=2))
    return subject.snapshot()


@state
def deployment_scaled_while_paused(control_plane: ControlPlane) -> Json:
    """Somebody's next template waits for it to be resumed: what there is has another number all the same."""
    subject = _deployment(control_plane, replicas=2)
    subject.change({"op": "add", "path": "/spec/paused", "value": True}, image("2"))
    subject.write(replicas(4), replicas=4)
    subject.wait(_status(replicas=4, availableReplicas=4))
    return subject.snapshot()


@state
def deployment_scaled_during_a_rollout(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    subject.deploy("2-slow")
    subject.wait(_status(updatedReplicas=1))
    subject.change(replicas(4))
    subject.pods(lambda pods: len(pods) >= 4)
    subject.wait(_status())
    return subject.snapshot()


@state
def deployment_superseded(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    subject.deploy("2-slow")
    subject.wait(_status(updatedReplicas=1))
    subject.change(image("3"))
    subject.wait(_is_complete)
    return subject.snapshot()


@state
def deployment_without_replicas(control_plane: ControlPlane) -> Json:
    subject = _deployment(control_plane, replicas=2)
    subject.write(replicas(0), replicas=0)
    subject.wait(_status(replicas=0))
    subject.pods(lambda pods: not pods)
    return subject.snapshot()


@state
def deployment_two_replica_sets_of_one_template(control_plane: ControlPlane) -> Json:
    """Somebody gave the old one the new one's template: the controller takes the older of the two for the new one."""
    subject = _deployment(control_plane, replicas=2)
    old = control_plane.get(f"/apis/apps/v1/namespaces/{subject.namespace}/replicasets")["items"][0]
    subject.deploy("2")
    subject.wait(_is_complete)
    path = f"/apis/apps/v1/namespaces/{subject.namespace}/replicasets/{old['metadata']['name']}"
    control_plane.patch(path, [image("2")])
    control_plane.wait(path, lambda obj: obj["status"].get("availableReplicas") == 2, 20)
    subject.wait(_is_complete)
    return subject.snapshot()


@state
def stateful_set_half_way(control_plane: ControlPlane) -> Json:
    subject = _stateful_set(control_plane)
    subject.deploy("2-slow")
    subject.wait(_status(updatedReplicas=1))
    subject.pods(_waits_for("ContainerCreating"))
    return subject.snapshot()


@state
def stateful_set_partition(control_plane: ControlPlane) -> Json:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    subject = _stateful_set(control_plane, strategy=strategy)
    subject.deploy("2")
    subject.wait(_status(updatedReplicas=1, readyReplicas=3, availableReplicas=3))
    subject.pods(lambda pods: len(pods) == 3)
    return subject.snapshot()


@state
def stateful_set_on_delete(control_plane: ControlPlane) -> Json:
    subject = _stateful_set(control_plane, replicas=2, strategy={"type": "OnDelete"})
    subject.deploy("2")
    subject.wait(_status(readyReplicas=2))
    return subject.snapshot()


@state
def stateful_set_stuck_old_pod(control_plane: ControlPlane) -> Json:
    """kubernetes#67250: the broken pod of the revision before is never replaced."""
    subject = _stateful_set(control_plane, replicas=2)
    subject.deploy("2-missing")
    subject.pods(_waits_for("ImagePullBackOff"))
    subject.deploy("3")
    subject.wait(_status())
    return subject.snapshot()


@state
def daemon_set_rolling(control_plane: ControlPlane) -> Json:
    subject = _daemon_set(control_plane)
    subject.deploy("2-slow")
    subject.pods(_waits_for("ContainerCreating"))
    subject.wait(_status(updatedNumberScheduled=1))
    return subject.snapshot()


@state
def daemon_set_on_delete(control_plane: ControlPlane) -> Json:
    subject = _daemon_set(control_plane, strategy={"type": "OnDelete"})
    subject.deploy("2")
    subject.wait(_status(numberAvailable=3))
    return subject.snapshot()


@state
def daemon_set_cordoned_node(control_plane: ControlPlane) -> Json:
    """Its pods tolerate that, so the node is rolled as the others."""
    node = "/api/v1/nodes/node-1"
    control_plane.patch(node, {"spec": {"unschedulable": True}})
    subject = _daemon_set(control_plane)
    subject.deploy("2")
    subject.wait(_status(updatedNumberScheduled=3, numberAvailable=3))
    found = subject.snapshot()
    control_plane.patch(node, {"spec": {"unschedulable": None}})
    return found
