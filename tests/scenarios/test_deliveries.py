"""Slack delivers more than once, late, or to a bot that listens over HTTP: one operation, or none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Workspace
from tests.harness.ports import free_ports
from tests.harness.redis import RedisServer
from tests.scenarios.bound import stack_on
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast, Stack


@pytest.fixture(scope="module")
def http(cluster: Cluster) -> Iterator[Stack]:
    """The same, with the bot as a web server that takes Slack's signed requests."""
    [port] = free_ports(1)
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        stack_on(cluster, redis, workspace, http=port) as started,
    ):
        yield started.start()


@pytest.fixture(params=["socket", "http"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    stack: Stack = request.getfixturevalue("stack" if request.param == "socket" else "http")
    stack.new_minute()
    held = Scene(stack, stack.channel())
    yield held
    held.rest()


@pytest.fixture
def cast(scene: Scene) -> Cast:
    return scene.cast


@pytest.fixture
def signed(http: Stack) -> Scene:
    """Over HTTP only: what only signed requests have."""
    http.new_minute()
    return Scene(http, http.channel())


def test_a_deploy_over_either_wire(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod")
    assert done.text == f"deploy {web} 1.4.1 → 1.4.2 in prod: succeeded"


def test_a_command_that_comes_three_times_is_one_operation(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    said = scene.say(cast.dev, f"/scale {web} +2 in staging")
    again = [scene.workspace.redeliver(said) for _ in range(2)]
    done = scene.ended(scene.first(), "succeeded")
    assert [handle.error for handle in again] == ["", ""]
    assert all(operation(done) in str(handle.ack) for handle in [said, *again])
    scene.rest()
    assert len(scene.messages()) == 1
    assert scene.live("staging", web)["spec"]["replicas"] == 4
    assert len(scene.audit(event="requested", channel=scene.channel.id)) == 1


def test_a_command_that_comes_again_after_its_end_is_told_of_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    said = scene.say(cast.dev, f"/scale {web} +2 in staging")
    done = scene.ended(scene.first(), "succeeded")
    assert operation(done) in str(scene.workspace.redeliver(said).ack)
    scene.rest()
    assert len(scene.messages()) == 1
    assert scene.live("staging", web)["spec"]["replicas"] == 4


def test_the_same_words_said_anew_are_another_operation(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.carried_out(cast.dev, f"/scale {web} +2 in staging")
    scene.carried_out(cast.dev, f"/scale {web} +2 in staging")
    assert scene.live("staging", web)["spec"]["replicas"] == 6


def test_a_press_that_comes_three_times_counts_once(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("vault")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to vault"), "awaiting approval")
    press = scene.press(cast.sam, asked, "Approve")
    for _ in range(2):
        scene.workspace.redeliver(press)
    scene.replied(asked, "@sam approved")
    scene.rest()
    assert "1 of 2 approvals" in scene.now(asked).plain()
    assert len([r for r in scene.thread(asked) if "approved" in r.text]) == 1
    assert scene.writes("vault", web) == []


def test_a_mention_that_comes_three_times_is_one_operation(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    said = scene.say(cast.dev, f"@quarterdeck scale {web} +2 in staging")
    for _ in range(2):
        scene.workspace.redeliver(said)
    scene.ended(scene.wait(lambda m: m.text.startswith("scale ")), "succeeded")
    scene.rest()
    assert len([m for m in scene.messages() if m.user == scene.workspace.bot_user_id]) == 1
    assert scene.live("staging", web)["spec"]["replicas"] == 4


def test_a_command_that_comes_too_late_is_not_carried_out(signed: Scene) -> None:
    """The person has read a time-out of Slack's, and may have given up or gone elsewhere."""
    web = signed.deployed("staging")
    said = signed.say(signed.cast.dev, f"/deploy {web} 1.4.2 to staging", sent_ago=5)
    assert "That reached me too late to be carried out. Nothing was changed; please say it again." in str(said.ack)
    signed.rest()
    assert signed.messages() == []
    [refused] = signed.audit(channel=signed.channel.id)
    assert (refused["actor"], refused.get("operation")) == (signed.cast.dev.id, None), "audited, and no operation"
    assert signed.writes("staging", web) == []


def test_a_command_that_comes_just_in_time_is_carried_out(signed: Scene) -> None:
    web = signed.deployed("staging")
    signed.say(signed.cast.dev, f"/deploy {web} 1.4.2 to staging", sent_ago=0.5)
    signed.ended(signed.first(), "succeeded")
