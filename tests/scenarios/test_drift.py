"""The target changes while it waits for approval: approvals are void, and what moved is said."""

from __future__ import annotations

import pytest

from playground.workspace import Message
from tests.scenarios.scene import IMAGE, Scene, operation
from tests.scenarios.stack import Cast


def test_the_message_says_what_moved_and_asks_again(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    hotfix(scene, web)
    drifted = scene.replied(asked, "it changed while it waited; approvals given before are void")
    assert f"containers[{web}].image" in drifted.plain()
    assert "- registry.test/web:1.4.1" in drifted.plain()
    assert "+ registry.test/web:hotfix" in drifted.plain()
    again = scene.wait(lambda m: m.text == f"deploy {web} hotfix → 1.4.2 in vault: awaiting approval")
    assert again.ts == asked.ts
    assert "0 of 2 approvals" in again.plain()
    assert "Earlier approvals are void; please look again." in again.plain()
    scene.replied(asked, "changed and needs approval again (0 of 2 approvals)")
    assert scene.writes("vault", web) == []


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_what_the_plan_does_not_write_is_told_too(scene: Scene, cast: Cast, kind: str) -> None:
    """Somebody sets variables, one of them a password: the plan knows hashes only, so the revision of before is asked."""
    web = scene.deployed("vault", kind=kind)
    with_variables(scene, web, REPLICAS_OF="3", MODE="hunter1", DB_PASSWORD="hunter2")
    asked = approved_by_sam(scene, cast, web)
    with_variables(scene, web, LOG_LEVEL="debug", DB_PASSWORD="hunter3")
    drifted = scene.replied(asked, "it changed while it waited").plain()
    for told in (
        "REPLICAS_OF].value\n- 3",
        "MODE].value\n- (secret 1)",
        "DB_PASSWORD].value\n- (secret 2)\n+ (secret 3)",
        "LOG_LEVEL].value\n+ debug",
    ):
        assert f"containers[{web}].env[{told}" in drifted
    assert "hunter" not in drifted
    scene.replied(asked, "changed and needs approval again")
    assert f"`containers[{web}].env[LOG_LEVEL].value`: (absent) → `debug`" in scene.now(asked).plain()


def test_a_button_of_the_plan_before_is_refused(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    hotfix(scene, web)
    scene.replied(asked, "changed and needs approval again")
    scene.press(cast.robin, asked, "Approve", stale=True)
    told = scene.told(cast.robin, f"The plan of {operation(asked)} has changed since that message was shown")
    assert "Look at the new plan on its message and answer that one." in told.plain()
    assert "0 of 2 approvals" in scene.now(asked).plain()


def test_the_new_plan_is_carried_out_once_it_is_approved(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    hotfix(scene, web)
    scene.replied(asked, "changed and needs approval again")
    scene.press(cast.sam, asked, "Approve")
    scene.press(cast.robin, asked, "Approve")
    ended = scene.ended(asked, "succeeded")
    assert "`registry.test/web:hotfix` → `registry.test/web:1.4.2`" in ended.plain()
    assert len(scene.writes("vault", web)) == 1


def test_a_plan_that_somebody_else_carried_out_asks_for_nothing_any_more(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    scene.rolled("vault", web, "registry.test/web:1.4.2")
    ended = scene.ended(asked, "rejected")
    assert f"{web} in vault already " in ended.plain(), "runs it, or asks for it while that rollout is under way"
    assert " registry.test/web:1.4.2" in ended.plain()
    assert ended.buttons() == []


def test_a_target_that_is_deleted_is_told(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    scene.stack.cluster.delete(scene.path("vault", web))
    ended = scene.ended(asked, "rejected")
    assert f"Deployment {web} was deleted meanwhile; nothing was changed." in ended.plain()
    assert "There is" not in ended.plain()


def test_what_moves_by_itself_is_no_drift(scene: Scene, cast: Cast) -> None:
    """A pod is replaced, somebody scales: neither is what a deploy's plan was made of."""
    web = scene.deployed("vault")
    asked = approved_by_sam(scene, cast, web)
    scene.change("vault", web, {"spec": {"replicas": 3}})
    scene.stack.cluster.wait(scene.path("vault", web), lambda d: d["status"].get("readyReplicas") == 3)
    scene.press(cast.robin, asked, "Approve", stale=True)
    scene.ended(asked, "succeeded")
    assert scene.live("vault", web)["spec"]["replicas"] == 3


def approved_by_sam(scene: Scene, cast: Cast, web: str) -> Message:
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to vault"), "awaiting approval")
    scene.press(cast.sam, asked, "Approve")
    scene.replied(asked, "@sam approved")
    return scene.now(asked)


def with_variables(scene: Scene, web: str, **values: str) -> None:
    env = [{"name": name, "value": value} for name, value in values.items()]
    scene.change("vault", web, [{"op": "add", "path": IMAGE.replace("image", "env"), "value": env}])
    scene.stack.cluster.wait(
        scene.path("vault", web), lambda w: w["status"]["observedGeneration"] == w["metadata"]["generation"]
    )


def hotfix(scene: Scene, web: str) -> None:
    value = "registry.test/web:hotfix"
    scene.change("vault", web, [{"op": "replace", "path": IMAGE, "value": value}])
