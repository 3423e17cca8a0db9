"""``quarterdeck audit export``: one entry for every move of an operation and for every refused attempt."""

from __future__ import annotations

from itertools import pairwise

from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def test_every_move_is_in_it_with_who_what_where_and_the_plans_digest(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod reason=because")
    entries = scene.audit(operation=operation(done))
    assert [(e["event"], e["from"], e["to"], e["actor"]) for e in entries] == [
        ("requested", None, "planning", cast.dev.id),
        ("planned", "planning", "awaiting approval", "quarterdeck"),
        ("vote received", "awaiting approval", "awaiting approval", cast.sam.id),
        ("approved", "awaiting approval", "queued", cast.sam.id),
        ("acting", "queued", "acting", "quarterdeck"),
        ("written", "acting", "observing", "quarterdeck"),
        ("succeeded", "observing", "succeeded", "quarterdeck"),
    ]
    namespace = scene.stack.namespaces["prod"]
    assert all(e["target"] == f"main/{namespace}/Deployment/{web}" for e in entries[1:])
    assert len({e["digest"] for e in entries[1:]}) == 1
    assert all(len(e["digest"]) == 64 for e in entries[1:])
    assert {(e["verb"], e["environment"], e["requester"], e["channel"]) for e in entries} == {
        ("deploy", "prod", cast.dev.id, scene.channel.id)
    }
    assert entries[0]["text"] == f"/deploy {web} 1.4.2 to prod reason=because"
    assert entries[0]["detail"] == "because"
    steps = [later["at"] - earlier["at"] for earlier, later in pairwise(entries)]
    assert min(steps) > -1, "two processes read everyone's clock to within milliseconds, not exactly"


def test_how_it_ended_is_in_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    failed = scene.ended(scene.ask(cast.dev, f"/deploy {web} missing to staging"), "failed")
    [entry] = scene.audit(operation=operation(failed), event="failed")
    assert entry["detail"] == f"Container {web}: image registry.test/web:missing not found."


def test_every_refused_press_is_in_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.press(cast.dev, asked, "Approve")
    scene.press(cast.mallory, asked, "Approve")
    scene.press(cast.mallory, asked, "Deny")
    refused = scene.audit(operation=operation(asked), event="click refused")
    assert [(e["verb"], e["actor"]) for e in refused] == [
        ("approve", cast.dev.id),
        ("approve", cast.mallory.id),
        ("deny", cast.mallory.id),
    ]
    assert "needs the role sre, which you do not hold." in refused[1]["detail"]


def test_every_refused_request_is_in_it(scene: Scene, cast: Cast) -> None:
    scene.say(cast.guest, "/ops logs web in prod")
    scene.say(cast.guest, "/ops restart web in home")
    scene.told(cast.guest, "`restart` in home needs the role sre")
    refused = scene.audit(event="refused", channel=scene.channel.id)
    assert [(e["verb"], e["environment"], e["actor"]) for e in refused] == [
        ("logs", "prod", cast.guest.id),
        ("restart", "home", cast.guest.id),
    ]


def test_a_pressed_roll_back_that_is_refused_is_in_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.press(cast.guest, done, "Roll back")
    scene.told(cast.guest, "`rollback` in staging needs the role developer or sre")
    [entry] = scene.audit(event="click refused", channel=scene.channel.id)
    assert (entry["verb"], entry["operation"], entry["actor"]) == ("rollback", operation(done), cast.guest.id)


def test_what_is_rejected_when_it_is_planned_is_in_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.say(cast.dev, f"/deploy {web} 1.4.1 to staging")
    scene.told(cast.dev, "nothing to change")
    [entry] = scene.audit(event="rejected", channel=scene.channel.id)
    assert entry["to"] == "rejected"
    assert "nothing to change" in entry["detail"]
