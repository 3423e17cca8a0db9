"""What is ready and does not stay so is the failure of the operation that rolled it out, where the environment has a ``bake``."""

from __future__ import annotations

import pytest

from playground.workspace import Message
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast

pytestmark = pytest.mark.parametrize("cluster", ["simulator"], indirect=True)
"""kwok's stages know no container that is ready first and ends later."""

FELL = "all pods were ready, but did not stay so: container {} "


def test_a_crash_after_all_was_ready_fails_the_operation_and_is_shown(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("baking", replicas=1)
    failed = scene.ended(scene.ask(cast.dev, f"/deploy {web} brief to baking"), "failed")
    assert FELL.format(web) in failed.plain().casefold()
    shows_why(scene, failed)
    assert scene.images("baking", web) == ["registry.test/web:brief"]


def test_it_goes_back_once_and_is_held(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("cooling", replicas=1)
    done = scene.ended(scene.ask(cast.dev, f"/deploy {web} brief to cooling"), "rolled back")
    assert FELL.format(web) in done.plain().casefold()
    assert "It went back to revision 1" in done.plain()
    shows_why(scene, done)
    assert scene.images("cooling", web) == ["registry.test/web:1.4.1"]
    assert len(scene.writes("cooling", web)) == 2
    scene.say(cast.dev, f"/deploy {web} 1.4.2 to cooling")
    scene.told(cast.dev, f"{web} in cooling is held by {operation(done)} since")


def shows_why(scene: Scene, message: Message) -> None:
    why = scene.replied(message, "Why:").plain().replace("`", "")
    assert "Exit code: 1" in why
    assert "Last lines of the log" in why
