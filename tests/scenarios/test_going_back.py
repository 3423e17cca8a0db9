"""Where an environment says so, what breaks goes back by itself: one more write, with the reason kept."""

from __future__ import annotations

from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def test_a_broken_image_is_taken_back_once_and_the_workload_is_held(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("undoing")
    done = scene.ended(scene.ask(cast.dev, f"/deploy {web} missing to undoing"), "rolled back")
    told = done.plain()
    assert f"Container {web}: image registry.test/web:missing not found. It went back to revision 1" in told
    assert f"{web} is held" in told
    assert "image registry.test/web:missing not found" in scene.replied(done, "Why:").plain().replace("`", "")
    assert scene.images("undoing", web) == ["registry.test/web:1.4.1"]
    assert len(scene.writes("undoing", web)) == 2
    scene.say(cast.dev, f"/deploy {web} 1.4.2 to undoing")
    scene.told(cast.dev, f"{web} in undoing is held by {operation(done)} since")
    scene.say(cast.dev, f"/ops diff deploy {web} 1.4.2 to undoing")
    scene.wait(f"As things stand it would be refused: {web} in undoing is held by {operation(done)} since")
    scene.say(cast.dev, f"/ops status {web} in undoing")
    status = scene.wait(f"{web} in undoing: ready").plain()
    assert f"({operation(done)}), which went back by itself" in status
    assert f"{web} in undoing is held by {operation(done)} since" in status
    scene.say(cast.dev, "/ops status in undoing")
    assert web in scene.wait("Locked or held: ").plain().partition("Locked or held: ")[2]


def test_the_broken_pod_of_an_ordered_statefulset_is_deleted_on_the_way_back(scene: Scene, cast: Cast) -> None:
    """Nothing but its deletion lets the controller go on (kubernetes#67250)."""
    db = scene.deployed("undoing", "registry.test/db:1", kind="StatefulSet")
    done = scene.ended(scene.ask(cast.dev, f"/deploy {db} missing to undoing"), "rolled back")
    assert f"Deleted because it was broken and in the way: {db}-1." in done.plain()
    assert scene.images("undoing", db) == ["registry.test/db:1"]
