"""``history`` in the channel: whose each revision was, and its menus, which say what one would type."""

from __future__ import annotations

from playground.workspace import Message
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def menu(shown: Message, words: str) -> str:
    return next(control.text for control in shown.buttons() if words in control.text)


def test_history_tells_whose_it_was_and_goes_back_from_a_menu(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    shown = scene.ask(cast.dev, f"/ops history {web} in staging")
    rows = [line for line in shown.plain().splitlines() if " | " in line]
    assert f"@dev ({operation(done)}) | succeeded | current" in rows[1]

    scene.workspace.click(
        cast.dev, shown, menu(shown, "Compare"), option=f"diff rollback deployment/{web} in staging to 1"
    )
    compared = scene.after(shown)
    assert compared.text == f"rollback {web} to revision 1 in staging: preview"
    assert "registry.test/web:1.4.1" in compared.plain()

    scene.workspace.click(
        cast.dev, shown, menu(shown, "Roll back"), option=f"rollback deployment/{web} in staging to 1"
    )
    scene.ended(scene.after(compared), "succeeded")
    assert scene.images("staging", web) == ["registry.test/web:1.4.1"]


def test_who_picks_from_a_menu_needs_the_right_for_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("home")
    scene.rolled("home", web, "registry.test/web:1.4.2")
    shown = scene.ask(cast.mallory, f"/ops history {web} in home")
    scene.workspace.click(
        cast.mallory, shown, menu(shown, "Roll back"), option=f"rollback deployment/{web} in home to 1"
    )
    scene.told(cast.mallory, "No rule lets anyone run `rollback` in home.")
    assert scene.writes("home", web) == []


def test_what_somebody_else_changed_is_theirs(scene: Scene, cast: Cast) -> None:
    """Controllers copy what an operation wrote of itself to whatever comes after it."""
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.rolled("staging", web, "registry.test/web:1.4.3")
    rows = scene.ask(cast.dev, f"/ops history {web} in staging").plain().splitlines()
    [theirs] = [line for line in rows if line.startswith("3 | ")]
    [ours] = [line for line in rows if line.startswith("2 | ")]
    assert " | harness | " in theirs
    assert operation(done) in ours
