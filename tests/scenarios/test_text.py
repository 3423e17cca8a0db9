"""Text that people type cannot call a channel, break out of its place, or break anything."""

from __future__ import annotations

import pytest

from playground.workspace import Message
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Cast

CALLS = frozenset({"channel", "here", "everyone"})

NASTY = {
    "a call to the channel": "<!channel> <!here|here> <!everyone>",
    "a call as typed": "@channel @here @everyone",
    "somebody else": "<@U0MALLORY> <!subteam^S0ONCALL006>",
    "a fence": "``` `code` ```",
    "escapes": "&<>" * 150,
    "control characters": "a\x00b\x07c\x1b[31md\u202ee",
    "smart quotes": "it’s “done” — really",  # noqa: RUF001 - as phones write it
    "markup": "*bold* _it_ ~no~ <https://evil.test|prod>",
    "emoji and accents": "🔥" * 200 + "e\u0301" * 100,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_as_a_reason_it_is_shown_and_calls_nobody(scene: Scene, cast: Cast, text: str) -> None:
    web = scene.deployed("staging", replicas=1)
    said = scene.say(cast.dev, f"/deploy {web} 1.4.2 to staging reason='{text}'")
    assert said.error == ""
    done = scene.ended(scene.wait(lambda m: web in m.text), "succeeded")
    assert "*Reason:*" in done.plain()
    calls_nobody(scene, cast, done)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_as_a_denials_reason(scene: Scene, cast: Cast, text: str) -> None:
    web = scene.deployed("prod", replicas=1)
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.press(cast.sam, asked, "Deny")
    [form] = scene.workspace.wait(lambda: scene.workspace.open_modals(cast.sam))
    scene.workspace.submit(cast.sam, form, {"Why not? The requester and the channel read it.": text[:500]})
    ended = scene.ended(asked, "denied")
    assert "Denied by @sam: " in ended.plain()
    calls_nobody(scene, cast, ended)


@pytest.mark.parametrize("text", ["x" * 10_000, "&<>" * 3_333], ids=["plain", "escapes"])
def test_ten_thousand_characters_are_more_than_a_reason_may_have(scene: Scene, cast: Cast, text: str) -> None:
    said = scene.say(cast.dev, f"/deploy web 1.4.2 to staging reason='{text}'")
    assert isinstance(said.ack, dict), said.ack
    told = scene.told(cast.dev, "and 500 is what I keep: put the rest behind a link.")
    assert len(told.text) < 1_000
    assert scene.messages() == []


@pytest.mark.parametrize("text", [*NASTY.values(), "x" * 10_000], ids=[*NASTY, "ten thousand"])
def test_as_a_whole_command_it_is_a_usage_error_for_one(scene: Scene, cast: Cast, text: str) -> None:
    said = scene.say(cast.dev, f"/deploy {text}")
    assert isinstance(said.ack, dict), said.ack
    scene.workspace.wait(lambda: scene.whispers(cast.dev), SECONDS)
    assert scene.messages() == []
    assert all(not m.visible_pings & CALLS for m in scene.whispers(cast.dev))


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_as_a_mention_in_a_thread(scene: Scene, cast: Cast, text: str) -> None:
    talk = scene.say(cast.dev, "hello").message
    assert talk
    scene.say(cast.dev, f"@quarterdeck deploy {text}"[:4_000], thread=talk)
    told = scene.workspace.wait(lambda: scene.whispers(cast.dev), SECONDS)
    assert all(not m.visible_pings & CALLS for m in told)


@pytest.mark.parametrize("name", ["<!channel>", "`web`", "../../secrets/x", "web\x00", "WEB", "wéb"])
def test_as_a_workloads_name(scene: Scene, cast: Cast, name: str) -> None:
    scene.say(cast.dev, f"/deploy {name} 1.4.2 to staging")
    wrong = scene.workspace.wait(
        lambda: [m for m in scene.whispers(cast.dev) if "planning" not in m.text], SECONDS, "a refusal"
    )
    assert all(not m.pings & CALLS for m in wrong)
    assert scene.messages() == []


def test_phones_turn_quotes_and_dashes_and_are_understood(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    why = "it’s time"  # noqa: RUF001 - as phones write it
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging —reason “{why}”")
    assert f"Reason: {why}" in done.plain().replace("*", "")


def test_what_a_cluster_writes_calls_nobody_either(scene: Scene, cast: Cast) -> None:
    logs = scene.stack.cluster.logs
    logs.write("<!channel> ```", "password=hunter2", "&lt;@U0MALLORY&gt;", previous=True)
    try:
        web = scene.deployed("staging")
        failed = scene.ended(scene.ask(cast.dev, f"/deploy {web} crash to staging"), "failed")
        why = scene.replied(failed, "Why:")
    finally:
        logs.write("starting", "panic: cannot connect to database", previous=True)
    assert "<!channel>" in why.plain()
    assert "hunter2" not in why.plain()
    calls_nobody(scene, cast, failed)


def calls_nobody(scene: Scene, cast: Cast, message: Message) -> None:
    scene.rest()
    everything = [scene.now(message), *scene.thread(message)]
    allowed = {cast.dev.id, cast.sam.id, cast.oncall.id}
    assert set().union(*(m.pings for m in everything)) <= allowed
    assert scene.rung(cast.mallory) == []
    assert scene.rung(cast.guest) == []
