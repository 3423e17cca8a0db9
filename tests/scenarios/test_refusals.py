"""What is not done is told to the person alone, and the channel and the cluster stay as they are."""

from __future__ import annotations

import pytest

from playground.workspace import User
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_what_runs_already_is_not_deployed_again(scene: Scene, cast: Cast, environment: str) -> None:
    web = scene.deployed(environment)
    refused(
        scene,
        cast.dev,
        f"/deploy {web} 1.4.1 to {environment}",
        "already runs registry.test/web:1.4.1: nothing to change.",
    )
    assert scene.writes(environment, web) == []


def test_so_many_replicas_as_there_are_is_nothing_to_change(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=2)
    refused(
        scene, cast.dev, f"/scale {web} 2 in staging", f"{web} in staging already has 2 replicas: nothing to change."
    )
    assert scene.writes("staging", web) == []


def test_the_revision_that_runs_is_nothing_to_go_back_to(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    refused(scene, cast.dev, f"/rollback {web} in staging to 1", "already runs revision 1: nothing to change.")
    refused(scene, cast.dev, f"/rollback {web} in staging", "has no revision to go back to. There is: 1 (current).")
    refused(scene, cast.dev, f"/rollback {web} in staging to 9", "has no revision 9. There is: 1 (current).")


def test_an_unknown_workload_lists_the_nearest_names(scene: Scene, cast: Cast) -> None:
    scene.deployed("staging", name="payments-api")
    scene.deployed("staging", name="payments-web")
    told = refused(
        scene, cast.dev, "/deploy payment-api 1.4.2 to staging", "There is no workload `payment-api` in staging."
    )
    assert "Did you mean `payments-api` or `payments-web`?" in told


def test_a_busy_target_tells_who_what_and_since_when(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    first = scene.until(scene.ask(cast.dev, f"/deploy {web} unready to staging"), "observing")
    told = refused(scene, cast.mallory, f"/scale {web} 3 in staging", f"{operation(first)} is at work on it")
    assert f"deploy {web} 1.4.1 → unready in staging" in told
    assert "asked for by @dev, since " in told
    assert "Nothing was changed; try again when it has ended." in told
    assert len(scene.messages()) == 1
    scene.press(cast.dev, first, "Stop following")
    scene.ended(first, "cancelled")
    scene.carried_out(cast.mallory, f"/deploy {web} 1.4.1 to staging")


def test_of_two_changes_that_wait_for_one_target_one_is_made(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    first = scene.until(scene.ask(cast.dev, f"/deploy {web} unready to prod"), "awaiting approval")
    second = scene.until(scene.ask(cast.mallory, f"/scale {web} 3 in prod"), "awaiting approval")
    scene.press(cast.sam, first, "Approve")
    scene.until(first, "observing")
    ended = scene.ended(second, "rejected")
    assert f"{operation(first)} is at work on it" in ended.plain()
    scene.press(cast.robin, second, "Approve", stale=True)
    scene.told(cast.robin, f"{operation(second)} was rejected when it was planned: nothing was changed.")
    scene.press(cast.dev, first, "Stop following")
    scene.ended(first, "cancelled")
    assert len(scene.writes("prod", web)) == 1


def test_the_environment_is_asked_for_where_there_are_several(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    told = refused(scene, cast.dev, f"/deploy {web} 1.4.2", "In which environment?")
    assert "`staging`, `prod`" in told
    assert "Usage: deploy WORKLOAD VERSION to ENVIRONMENT" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/deploy web 1.4.2 to prd", "There is no environment `prd`. Did you mean `prod`?"),
        ("/ops deplyo web 1.4.2 to prod", "There is no command `deplyo`. Did you mean `deploy`?"),
        ("/scale web lots in prod", "`lots`"),
        ("/deploy web 1.4.2 to prod contaner=app", "deploy has no `contaner`. Did you mean `container`?"),
        ("/scale web 10 in prod for 2h", "for 2h"),
        ("/deploy", "deploy needs a workload and a version."),
    ],
)
def test_a_slip_of_the_finger_is_pointed_at(scene: Scene, cast: Cast, line: str, told: str) -> None:
    said = scene.say(cast.dev, line)
    assert isinstance(said.ack, dict), "told in the answer to the command itself"
    assert told in scene.told(cast.dev, told).plain()
    assert scene.messages() == []


def test_a_guest_is_refused_and_told_which_rule_would_allow_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    told = refused(
        scene, cast.guest, f"/deploy {web} 1.4.2 to staging", "`deploy` in staging needs the role developer or sre"
    )
    assert '"*" is no guest, no bot and nobody from outside this workspace' in told
    assert "Ask @sam or @robin, or whoever keeps quarterdeck.yaml." in told
    assert scene.writes("staging", web) == []
    [entry] = scene.audit(event="refused", channel=scene.channel.id)
    assert (entry["actor"], entry["verb"], entry["environment"]) == (cast.guest.id, "deploy", "staging")
    assert entry["text"] == f"/deploy {web} 1.4.2 to staging"


def test_what_no_rule_allows_names_the_role_that_would(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("home")
    told = refused(
        scene,
        cast.mallory,
        f"/ops restart {web} in home",
        "`restart` in home needs the role sre, which you do not hold.",
    )
    assert "Ask @sam or @robin, or whoever keeps quarterdeck.yaml." in told


def test_what_no_rule_gives_to_anyone_says_so(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("home")
    told = refused(scene, cast.sam, f"/rollback {web} in home", "No rule lets anyone run `rollback` in home.")
    assert "Ask whoever keeps quarterdeck.yaml to add one under permissions." in told


def test_a_paused_deployment_is_refused_with_the_way_out(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.change("staging", web, {"spec": {"paused": True}})
    told = refused(scene, cast.dev, f"/deploy {web} 1.4.2 to staging", f"{web} in staging is paused")
    assert f"kubectl rollout resume deployment/{web}" in told


def refused(scene: Scene, person: User, line: str, sentence: str) -> str:
    """Say it; the person alone is told. Returns what they read; the channel reads nothing of it."""
    before = scene.messages()
    scene.say(person, line)
    told = scene.told(person, sentence).plain()
    scene.rest()
    assert [m.ts for m in scene.messages()] == [m.ts for m in before]
    return told


def test_what_exceeds_a_limit_or_falls_into_a_freeze_is_told_with_its_rule(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("quiet")
    told = refused(
        scene, cast.dev, f"/scale {web} 5 in quiet", "quiet allows no more than 4 replicas (environments.quiet"
    )
    assert ".limits.replicas.max (line " in told
    refused(scene, cast.dev, f"/deploy {web} latest to quiet", "quiet takes no image whose tag is latest")
    told = refused(
        scene, cast.dev, f"/ops restart {web} in quiet", "quiet is frozen without an end in sight: They sleep"
    )
    assert "(hush, freezes[0] (line " in told
    assert scene.writes("quiet", web) == []
    scene.carried_out(cast.dev, f"/scale {web} 3 in quiet")


def test_what_is_frozen_is_listed_to_who_asks(scene: Scene, cast: Cast) -> None:
    scene.say(cast.dev, "/ops freezes in quiet")
    shown = scene.told(cast.dev, "1 freeze in force in quiet; none to come within 14 days").plain()
    assert "hush | quiet | " in shown
    assert " | no end in sight | restart | They sleep" in shown
    scene.say(cast.dev, "/ops freezes in prod")
    scene.told(cast.dev, "Nothing is frozen in prod, and no freeze begins within 14 days")
