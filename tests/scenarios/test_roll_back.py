"""Roll back on a message goes back to what that operation replaced, whatever came before and in between."""

from __future__ import annotations

import pytest

from playground.workspace import Message
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast

KINDS = pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])


@KINDS
def test_of_two_deploys_each_goes_back_to_what_it_replaced(scene: Scene, cast: Cast, kind: str) -> None:
    """After the second was rolled back, the revision before the current one is the second's: not what the first replaced."""
    web = scene.deployed("staging", kind=kind)
    first = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    second = scene.carried_out(cast.dev, f"/deploy {web} 1.4.3 to staging")
    rolled_back(scene, cast, second)
    assert scene.images("staging", web) == ["registry.test/web:1.4.2"]
    back = rolled_back(scene, cast, first)
    assert back.text == f"rollback {web} to revision 1 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


@KINDS
def test_what_came_and_went_in_between_does_not_count(scene: Scene, cast: Cast, kind: str) -> None:
    web = scene.deployed("staging", kind=kind)
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.rolled("staging", web, "registry.test/web:hotfix")
    scene.rolled("staging", web, "registry.test/web:1.4.2")
    rolled_back(scene, cast, done)
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


def test_in_words_it_is_still_the_revision_before(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.rolled("staging", web, "registry.test/web:hotfix")
    scene.rolled("staging", web, "registry.test/web:1.4.2")
    done = scene.carried_out(cast.dev, f"/rollback {web} in staging")
    assert done.text == f"rollback {web} to revision 3 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:hotfix"]


def test_in_words_it_is_no_revision_that_is_known_to_have_broken(scene: Scene, cast: Cast) -> None:
    """After two deploys that broke, the revision before is the first of them."""
    web = scene.deployed("staging")
    for broken in ("crash", "missing"):
        scene.ended(scene.ask(cast.dev, f"/deploy {web} {broken} to staging", holding=r"\bop-"), "failed")
    done = scene.carried_out(cast.dev, f"/rollback {web} in staging")
    assert done.text == f"rollback {web} to revision 1 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


def test_a_revision_that_was_rolled_out_again_is_found_under_its_new_number(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.rolled("staging", web, "registry.test/web:1.4.1")
    scene.rolled("staging", web, "registry.test/web:1.4.2")
    back = rolled_back(scene, cast, done)
    assert back.text == f"rollback {web} to revision 3 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


@KINDS
def test_a_revision_that_is_no_longer_kept_is_told_with_what_to_do(scene: Scene, cast: Cast, kind: str) -> None:
    web = scene.deployed("staging", kind=kind, revisionHistoryLimit=1)
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    for image in ("hotfix", "hotfix2", "1.4.2"):
        scene.rolled("staging", web, f"registry.test/web:{image}")
    scene.press(cast.dev, done, "Roll back")
    told = scene.told(cast.dev, f"What {web} ran before (it was revision 1) is no longer among its revisions").plain()
    assert "There are: 5 (current), 4." in told
    assert "say `rollback` with one of these, or deploy the version that you want" in told
    assert scene.images("staging", web) == ["registry.test/web:1.4.2"]


def test_a_rollback_can_be_rolled_back(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.rolled("staging", web, "registry.test/web:1.4.2")
    scene.rolled("staging", web, "registry.test/web:1.4.3")
    done = scene.carried_out(cast.dev, f"/rollback {web} in staging to 1")
    back = rolled_back(scene, cast, done)
    assert back.text == f"rollback {web} to revision 3 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:1.4.3"]


def rolled_back(scene: Scene, cast: Cast, done: Message) -> Message:
    """Press Roll back, and wait until it is done."""
    known = {message.ts for message in scene.messages()}
    scene.press(cast.dev, done, "Roll back")
    back = scene.wait(lambda m: m.ts not in known and f"rollback of {operation(done)}" in m.plain())
    return scene.ended(back, "succeeded")
