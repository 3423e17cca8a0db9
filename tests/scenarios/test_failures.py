"""A rollout that breaks: the message says what, why and where within seconds, and how to go on."""

from __future__ import annotations

from typing import Any

import pytest

from playground.workspace import Message
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast

PROBE = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1, "failureThreshold": 1}


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_an_image_that_cannot_be_pulled_is_named(scene: Scene, cast: Cast, environment: str) -> None:
    web = scene.deployed(environment)
    failed = broken(scene, cast, f"/deploy {web} missing to {environment}")
    assert f"Container {web}: image registry.test/web:missing not found." in failed.plain()
    assert [button.text for button in failed.buttons()] == ["Roll back", "Retry", "Logs"]
    why = scene.replied(failed, "Why:").plain().replace("`", "")
    assert f"Container: {web}" in why
    assert "Image: registry.test/web:missing" in why
    assert "ImagePull" in why


def test_a_container_that_crashes_is_named_with_its_last_words(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} crash to staging")
    assert f"Container {web} exits with code 1 (CrashLoopBackOff)." in failed.plain()
    why = scene.replied(failed, "Why:").plain().replace("`", "")
    assert "Image: registry.test/web:crash" in why
    assert "Reason: CrashLoopBackOff" in why
    assert "Exit code: 1" in why
    assert "panic: cannot connect to database" in why


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("oom", "runs out of memory"),
        ("configmissing", "needs the ConfigMap web-config, which does not exist"),
        ("unauthorized", "may not be pulled (unauthorized)"),
    ],
)
def test_other_causes_are_told_in_words(scene: Scene, cast: Cast, tag: str, cause: str) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} {tag} to staging")
    assert cause in failed.plain()
    assert web in failed.plain().splitlines()[2]


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_other_kinds_break_just_as_visibly(scene: Scene, cast: Cast, kind: str) -> None:
    db = scene.deployed("staging", "registry.test/db:1", kind=kind)
    failed = broken(scene, cast, f"/deploy {db} missing to staging")
    assert f"Container {db}: image registry.test/db:missing not found." in failed.plain()


def test_a_registry_that_comes_back_is_waited_for(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.ended(scene.ask(cast.dev, f"/deploy {web} flaky to staging"), "succeeded")
    assert "2 of 2 pods ready." in done.plain()


def test_at_the_deadline_it_is_told_what_was_in_the_way_and_the_undo_is_not_taken_for_late(
    scene: Scene, cast: Cast
) -> None:
    """The condition that says so lingers until the controller has taken the undo up."""
    web = scene.deployed("staging", replicas=1, progress_deadline=2, container={"readinessProbe": PROBE})
    failed = broken(scene, cast, f"/deploy {web} unready to staging")
    told = "No progress for 2 s (ProgressDeadlineExceeded): 0 of 1 new pod ready, 1 old still running; container "
    assert f"{told}{web} runs but is not ready: its readiness probe fails: " in failed.plain()
    scene.press(cast.dev, failed, "Roll back")
    scene.ended(scene.after(failed), "succeeded")


def test_a_deadline_without_any_evidence_says_how_far_it_came(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1, progress_deadline=2)
    failed = broken(scene, cast, f"/deploy {web} endless to staging")
    assert "0 of 1 new pod ready, 1 old still running; waiting for 1 of 1 new pod: " in failed.plain()


def test_what_others_do_amid_a_good_rollout_is_no_failure(scene: Scene, cast: Cast) -> None:
    """A node evicts a new pod, a budget allows no eviction, and somebody scales it."""
    web = scene.deployed("staging", strategy={"rollingUpdate": {"maxSurge": "100%"}}, minReadySeconds=2)
    cluster = scene.stack.cluster
    namespace = scene.stack.namespaces["staging"]
    budget = {"maxUnavailable": 0, "selector": {"matchLabels": {"app": web}}}
    place = {"name": web, "namespace": namespace}
    cluster.apply({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": place, "spec": budget})
    message = scene.ask(cast.dev, f"/deploy {web} 2 to staging")
    pods = f"/api/v1/namespaces/{namespace}/pods"
    found = cluster.wait_items(f"{pods}?labelSelector=app%3D{web}", lambda items: any(map(is_new_and_ready, items)))
    evicted = next(filter(is_new_and_ready, found))["metadata"]["name"]
    evict(scene, f"{pods}/{evicted}")
    scene.change("staging", web, [{"op": "replace", "path": "/spec/replicas", "value": 3}])
    done = scene.ended(message, "succeeded")
    assert "3 of 3 pods ready." in done.plain()
    assert cluster.get(f"{pods}/{evicted}")["status"]["phase"] == "Failed"


def evict(scene: Scene, pod: str) -> None:
    """As a node does that runs out of memory: kwok's does not."""
    cluster = scene.stack.cluster
    if isinstance(cluster, SimulatedCluster):
        place, name = pod.split("/")[4], pod.split("/")[6]
        cluster.simulator.run(lambda verbs: cluster.simulator.kubelet.evict(verbs, place, name))
    else:
        cluster.patch(f"{pod}/status", {"status": {"phase": "Failed", "reason": "Evicted"}})
    cluster.wait(pod, lambda found: found["status"]["phase"] == "Failed")


def is_new_and_ready(pod: dict[str, Any]) -> bool:
    return str(pod["spec"]["containers"][0]["image"]).endswith(":2") and "'ready': True" in str(pod["status"])


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_roll_back_is_a_new_linked_operation_with_approvals_of_its_own(
    scene: Scene, cast: Cast, environment: str
) -> None:
    web = scene.deployed(environment)
    failed = broken(scene, cast, f"/deploy {web} missing to {environment}")
    press = scene.press(cast.dev, failed, "Roll back")
    assert press.confirm
    told = scene.told(cast.dev, f"is being planned (rollback of {operation(failed)})")
    back = scene.after(failed)
    if environment == "prod":
        assert back.text.endswith(": awaiting approval")
        scene.press(cast.sam, back, "Approve")
    back = scene.ended(back, "succeeded")
    assert back.text == f"rollback {web} to revision 1 in {environment}: succeeded"
    assert f"{operation(back)}, rollback of {operation(failed)}" in back.plain()
    assert operation(back) in told.plain()
    assert scene.images(environment, web) == ["registry.test/web:1.4.1"]
    assert scene.now(failed).text.endswith(": failed")


def test_roll_back_pressed_twice_rolls_back_once(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} missing to staging")
    scene.press(cast.dev, failed, "Roll back")
    back = scene.ended(scene.after(failed), "succeeded")
    scene.press(cast.sam, failed, "Roll back", stale=True)
    scene.told(cast.sam, f"That button was pressed already: it became {operation(back)}.")
    assert len(scene.messages()) == 2
    assert len(scene.writes("staging", web)) == 2


def test_roll_back_does_not_undo_what_somebody_else_did_since(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} missing to staging")
    scene.rolled("staging", web, "registry.test/web:hotfix")
    scene.press(cast.dev, failed, "Roll back")
    scene.told(cast.dev, f"{web} was changed again after {operation(failed)}")
    assert len(scene.messages()) == 1
    assert scene.images("staging", web) == ["registry.test/web:hotfix"]


def test_retry_is_a_new_operation_that_asks_for_the_same(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} missing to staging")
    scene.rolled("staging", web, "registry.test/web:1.4.1")
    scene.press(cast.dev, failed, "Retry")
    again = scene.ended(scene.after(failed), "failed")
    assert again.text == f"deploy {web} 1.4.1 → missing in staging: failed"
    assert f"retry of {operation(failed)}" in again.plain()


def test_logs_are_for_the_eyes_of_who_pressed(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = broken(scene, cast, f"/deploy {web} crash to staging")
    scene.press(cast.mallory, failed, "Logs")
    logs = scene.told(cast.mallory, f"({web}) in staging").plain()
    assert f"failing pod (of 3). Its container {web}: CrashLoopBackOff." in logs
    assert "listening on :8080" in logs
    assert len(scene.messages()) == 1


def test_a_scale_goes_back_to_the_number_before(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1)
    done = scene.carried_out(cast.dev, f"/scale {web} 3 in staging")
    scene.press(cast.dev, done, "Roll back")
    back = scene.ended(scene.after(done), "succeeded")
    assert back.text == f"scale {web} 3 → 1 replica in staging: succeeded"


def broken(scene: Scene, cast: Cast, line: str) -> Message:
    message = scene.ask(cast.dev, line)
    if message.button("Approve"):
        scene.press(cast.sam, message, "Approve")
    return scene.ended(message, "failed")  # long before the deadline, which is ten minutes
