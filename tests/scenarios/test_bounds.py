"""Where an autoscaler owns the replicas, its bounds are what people set: on the HPA itself, as any change."""

from __future__ import annotations

from tests.scenarios.scene import Scene, operation
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
    live = scene.live("prod", f"{web}-cpu")
    assert (live["spec"]["minReplicas"], live["spec"]["maxReplicas"]) == (3, 4)
    assert live["metadata"]["annotations"]["quarterdeck/operation"] == operation(asked)
    assert scene.live("prod", web)["spec"]["replicas"] == 3
    assert scene.writes("prod", web) == []
    assert len(scene.writes("prod", f"{web}-cpu")) == 1
