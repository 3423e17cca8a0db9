"""Where an autoscaler owns the replicas, its bounds are what people set: on the HPA itself, as any change."""

from __future__ import annotations

from tests.scenarios.scene import IMAGE, Scene, operation
from tests.scenarios.stack import Cast


def test_the_bounds_are_changed_as_approved_and_the_pods_follow(scene: Scene, cast: Cast) -> None:
    web = scene.autoscaled("prod", 1, 4)
    asked = scene.ask(cast.dev, f"/scale {web} min=3 in prod")
    waits = scene.until(asked, "awaiting approval").plain()
    assert f"scale {web} 1-4 → 3-4 replicas (HPA {web}-cpu) in prod: awaiting approval" in waits
    assert "`spec.minReplicas`: `1` → `3`" in waits
    assert f"HPA {web}-cpu takes it from 2 to 3 replicas, whatever its metrics say" in waits
    scene.press(cast.sam, asked, "Approve")
    ended = scene.ended(asked, "succeeded").plain()
    assert f"HPA {web}-cpu keeps 3 to 4 replicas; 3 of 3 pods ready." in ended
    assert bounds(scene, "prod", web) == (3, 4)
    stamp = scene.live("prod", f"{web}-cpu")["metadata"]["annotations"]["quarterdeck/operation"]
    assert stamp == operation(asked)
    assert scene.live("prod", web)["spec"]["replicas"] == 3
    assert scene.writes("prod", web) == []
    assert len(scene.writes("prod", f"{web}-cpu")) == 1


def test_a_bound_that_moves_while_it_waits_voids_the_approvals(scene: Scene, cast: Cast) -> None:
    """The other bound too: people approved what they were shown."""
    web = scene.autoscaled("vault", 1, 4)
    asked = scene.until(scene.ask(cast.dev, f"/scale {web} min=3 in vault"), "awaiting approval")
    scene.press(cast.sam, asked, "Approve")
    scene.wait(lambda m: m.ts == asked.ts and "1 of 2 approvals" in m.plain())
    scene.change("vault", f"{web}-cpu", [{"op": "replace", "path": "/spec/maxReplicas", "value": 5}])
    drifted = scene.replied(asked, "it changed while it waited; approvals given before are void").plain()
    assert "spec.maxReplicas\n- 4\n+ 5" in drifted
    again = scene.wait(
        lambda m: m.text == f"scale {web} 1-5 → 3-5 replicas (HPA {web}-cpu) in vault: awaiting approval"
    )
    assert again.ts == asked.ts
    scene.stack.cluster.delete(scene.path("vault", f"{web}-cpu"))
    gone = f"No HPA scales {web} in vault, so it has no bounds. Say `scale {web} 2 in vault` with the number you want."
    scene.wait(lambda m: m.ts == asked.ts and gone in m.plain())
    assert scene.writes("vault", f"{web}-cpu") == []


def test_who_sets_others_meanwhile_is_named(scene: Scene, cast: Cast) -> None:
    """It is on its way, for a rollout is."""
    web = scene.autoscaled("staging", 1, 4)
    scene.change("staging", web, [{"op": "replace", "path": IMAGE, "value": "registry.test/web:slow"}])
    asked = scene.until(scene.ask(cast.dev, f"/scale {web} min=2 max=5 in staging"), "observing")
    scene.change("staging", f"{web}-cpu", [{"op": "replace", "path": "/spec/maxReplicas", "value": 6}])
    ended = scene.ended(asked, "superseded").plain()
    assert f"The field manager harness set the bounds of HPA {web}-cpu to 2-6 meanwhile." in ended


def test_roll_back_takes_the_old_bounds_back(scene: Scene, cast: Cast) -> None:
    web = scene.autoscaled("staging", 1, 4)
    done = scene.carried_out(cast.dev, f"/scale {web} min=3 max=6 in staging")
    scene.press(cast.dev, done, "Roll back")
    back = scene.ended(scene.after(done), "succeeded")
    assert back.text == f"scale {web} 3-6 → 1-4 replicas (HPA {web}-cpu) in staging: succeeded"
    assert bounds(scene, "staging", web) == (1, 4)
    assert scene.live("staging", web)["spec"]["replicas"] == 3, "within what it goes back to, it stays as it is"
    scene.change("staging", f"{web}-cpu", [{"op": "replace", "path": "/spec/maxReplicas", "value": 7}])
    scene.press(cast.dev, back, "Roll back")
    scene.told(cast.dev, "was changed again after")


def test_replicas_that_it_would_set_again_are_warned_of_with_what_to_write(scene: Scene, cast: Cast) -> None:
    web = scene.autoscaled("prod", 1, 4)
    asked = scene.until(scene.ask(cast.dev, f"/scale {web} 6 in prod"), "awaiting approval")
    instead = f"scale {web} min=6 max=6 in prod"
    assert f"replicas are owned by HPA {web}-cpu (1-4), which sets them again: say `{instead}` instead" in asked.plain()
    scene.press(cast.dev, asked, "Cancel")
    done = scene.carried_out(cast.dev, f"/{instead}")
    assert f"HPA {web}-cpu keeps exactly 6 replicas; 6 of 6 pods ready." in done.plain()


def test_what_cannot_be_is_refused_in_one_sentence(scene: Scene, cast: Cast) -> None:
    bare, web = scene.deployed("staging"), scene.autoscaled("staging", 1, 4)
    for line, told in {
        f"/scale {bare} min=3 in staging": f"No HPA scales {bare} in staging, so it has no bounds.",
        f"/scale {web} min=5 in staging": "It keeps 1 to 4 replicas now: say max= too.",
        f"/scale {web} max=4 in staging": f"HPA {web}-cpu in staging already keeps 1 to 4 replicas: nothing to change.",
        f"/scale {web} min=0 in staging": "`0` is not a number from 1 to 10000.",
        f"/scale {web} 3 max=5 in staging": "Say either the replicas or max=, not both.",
    }.items():
        scene.say(cast.dev, line)
        scene.told(cast.dev, told)


def test_of_no_replicas_the_bounds_alone_are_the_end(scene: Scene, cast: Cast) -> None:
    web = scene.autoscaled("staging", 1, 4)
    scene.change("staging", web, [{"op": "replace", "path": "/spec/replicas", "value": 0}])
    done = scene.carried_out(cast.dev, f"/scale {web} min=2 in staging")
    assert f"while it has none HPA {web}-cpu does nothing" in done.plain()
    assert f"The bounds of HPA {web}-cpu are 2-4; it does nothing while {web} has no replicas." in done.plain()
    assert scene.live("staging", web)["spec"]["replicas"] == 0


def bounds(scene: Scene, environment: str, name: str) -> tuple[int, int]:
    spec = scene.live(environment, f"{name}-cpu")["spec"]
    return spec["minReplicas"], spec["maxReplicas"]
