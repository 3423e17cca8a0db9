"""Calling an operation off: before it is carried out nothing happens, afterwards it is no longer followed."""

from __future__ import annotations

from playground.workspace import Message
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def test_while_it_waits_nothing_is_changed(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast)
    scene.press(cast.dev, asked, "Cancel")
    scene.told(cast.dev, f"{operation(asked)} is cancelled; nothing was changed.")
    ended = scene.ended(asked, "cancelled")
    assert "Called off by @dev; nothing was changed." in ended.plain()
    assert [button.text for button in ended.buttons()] == ["Ask again"]
    scene.press(cast.sam, asked, "Approve", stale=True)
    scene.told(cast.sam, f"{operation(asked)} was cancelled by @dev: nothing was changed.")
    assert scene.writes("prod", web) == []


def test_by_words_with_its_id(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast)
    scene.say(cast.dev, f"/ops cancel {operation(asked)}")
    scene.told(cast.dev, f"{operation(asked)} is cancelled; nothing was changed.")
    scene.ended(asked, "cancelled")
    assert scene.writes("prod", web) == []


def test_whoever_may_run_the_command_may_cancel_it_too(scene: Scene, cast: Cast) -> None:
    _, asked = waiting(scene, cast)
    scene.press(cast.mallory, asked, "Cancel")
    ended = scene.ended(asked, "cancelled")
    assert "Called off by @mallory; nothing was changed." in ended.plain()


def test_a_guest_may_not(scene: Scene, cast: Cast) -> None:
    _, asked = waiting(scene, cast)
    scene.press(cast.guest, asked, "Cancel")
    scene.told(cast.guest, "`deploy` in prod needs the role developer or sre, which you do not hold")
    scene.rest()
    assert scene.now(asked).text.endswith(": awaiting approval")
    [entry] = scene.audit(event="click refused", operation=operation(asked))
    assert (entry["actor"], entry["verb"]) == (cast.guest.id, "cancel")


def test_while_it_rolls_out_it_is_only_no_longer_followed(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    running = scene.until(scene.ask(cast.dev, f"/deploy {web} unready to staging"), "observing")
    scene.press(cast.dev, running, "Stop following")
    scene.told(cast.dev, f"{operation(running)} is no longer followed; the rollout goes on.")
    ended = scene.ended(running, "cancelled")
    assert "No longer followed; the rollout goes on. @dev stopped following it." in ended.plain()
    assert scene.images("staging", web) == ["registry.test/web:unready"]
    scene.press(cast.dev, ended, "Roll back")
    back = scene.ended(scene.after(ended), "succeeded")
    assert back.text == f"rollback {web} to revision 1 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


def test_what_has_ended_cannot_be_called_off(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.say(cast.dev, f"/ops cancel {operation(done)}")
    scene.told(cast.dev, f"{operation(done)} needed no approval and has succeeded. Its message tells the rest.")
    scene.rest()
    assert scene.now(done).text.endswith(": succeeded")


def test_an_id_that_does_not_exist_is_said_to_be_unknown(scene: Scene, cast: Cast) -> None:
    scene.say(cast.dev, "/ops cancel op-2222")
    scene.told(cast.dev, "op-2222")
    assert scene.messages() == []


def waiting(scene: Scene, cast: Cast) -> tuple[str, Message]:
    web = scene.deployed("prod")
    return web, scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
