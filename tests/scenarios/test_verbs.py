"""Each verb's good path: in staging nobody is asked, in prod somebody of the approvers is."""

from __future__ import annotations

import pytest

from tests.scenarios.scene import IMAGE, Scene
from tests.scenarios.stack import Cast

RESTARTED = "kubectl.kubernetes.io/restartedAt"


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_deploy_changes_the_image_and_follows_the_rollout(scene: Scene, cast: Cast, environment: str) -> None:
    web = scene.deployed(environment)
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to {environment}")
    assert done.text == f"deploy {web} 1.4.1 → 1.4.2 in {environment}: succeeded"
    assert "2 of 2 pods ready." in done.plain()
    assert f"containers[{web}].image: registry.test/web:1.4.1 → registry.test/web:1.4.2" in done.plain().replace(
        "`", ""
    )
    assert ("Approved by @sam" in done.plain()) == (environment == "prod")
    assert scene.images(environment, web) == ["registry.test/web:1.4.2"]
    assert len(scene.writes(environment, web)) == 1


def test_nothing_is_written_before_somebody_approves(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    assert "0 of 1 approval · sre may approve until" in asked.plain().replace("*", "")
    assert [button.text for button in asked.buttons()] == ["Approve", "Deny", "Cancel"]
    assert scene.writes("prod", web) == []
    scene.press(cast.sam, asked, "Approve")
    scene.ended(asked, "succeeded")
    assert len(scene.writes("prod", web)) == 1


@pytest.mark.parametrize("environment", ["staging", "prod"])
@pytest.mark.parametrize(("said", "replicas"), [("6", 6), ("+2", 4), ("-1", 1)])
def test_scale_takes_a_number_or_so_many_more(
    scene: Scene, cast: Cast, environment: str, said: str, replicas: int
) -> None:
    web = scene.deployed(environment, replicas=2)
    done = scene.carried_out(cast.dev, f"/scale {web} {said} in {environment}")
    plural = "" if replicas == 1 else "s"
    assert done.text == f"scale {web} 2 → {replicas} replica{plural} in {environment}: succeeded"
    assert scene.live(environment, web)["spec"]["replicas"] == replicas


def test_scaled_to_none_it_is_done_when_none_is_left(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1)
    done = scene.carried_out(cast.dev, f"/scale {web} 0 in staging")
    assert "No pods, as wanted." in done.plain()
    assert not scene.pods("staging", web)


def test_what_is_paused_is_scaled_all_the_same(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1)
    waits = [{"op": "add", "path": "/spec/paused", "value": True}, {"op": "replace", "path": IMAGE, "value": "r/web:2"}]
    scene.change("staging", web, waits)
    done = scene.carried_out(cast.dev, f"/scale {web} 2 in staging")
    assert "2 of 2 pods ready." in done.plain()
    assert "it is paused: its number of pods changes all the same" in done.plain()


@pytest.mark.parametrize("environment", ["staging", "prod"])
@pytest.mark.parametrize(("said", "image"), [("", "web:1.4.2"), (" to 1", "web:1.4.1"), (" to 2", "web:1.4.2")])
def test_rollback_goes_to_the_revision_before_or_to_a_named_one(
    scene: Scene, cast: Cast, environment: str, said: str, image: str
) -> None:
    web = scene.deployed(environment)
    scene.rolled(environment, web, "registry.test/web:1.4.2")
    scene.rolled(environment, web, "registry.test/web:1.4.3")
    done = scene.carried_out(cast.dev, f"/rollback {web} in {environment}{said}")
    assert done.text == f"rollback {web} to revision {said[-1:] or 2} in {environment}: succeeded"
    assert scene.images(environment, web) == [f"registry.test/{image}"]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_restart_replaces_every_pod(scene: Scene, cast: Cast, environment: str) -> None:
    web = scene.deployed(environment)
    before = scene.pods(environment, web)
    done = scene.carried_out(cast.dev, f"/ops restart {web} in {environment}")
    assert done.text == f"restart {web} in {environment}: succeeded"
    assert RESTARTED in scene.live(environment, web)["spec"]["template"]["metadata"]["annotations"]
    assert not before & scene.pods(environment, web)


@pytest.mark.parametrize(
    "line", ["/deploy {}:1.4.2 prod", "/ops deploy {} 1.4.2 on production", "/deploy “{}” 1.4.2 prod"]
)
def test_the_same_thing_said_in_other_words(scene: Scene, cast: Cast, line: str) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, line.format(web))
    assert done.text == f"deploy {web} 1.4.1 → 1.4.2 in prod: succeeded"


def test_the_reason_and_the_link_stand_in_the_message_and_on_the_object(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    line = f'/deploy {web} 1.4.2 to staging reason="customers wait" link=https://tickets.test/42'
    done = scene.carried_out(cast.dev, line)
    assert "Reason: customers wait" in done.plain().replace("*", "")
    assert "https://tickets.test/42" in done.plain()
    annotations = scene.live("staging", web)["metadata"]["annotations"]
    assert annotations["quarterdeck/reason"] == "customers wait"
    assert annotations["quarterdeck/requester"] == cast.dev.id
