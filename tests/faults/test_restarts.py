"""Redis (with its append-only file) and the API server go away and come back in the middle: everything still ends true."""

from __future__ import annotations

import pytest

from tests.faults.story import Story, supervised
from tests.harness.controlplane import ControlPlane
from tests.scenarios.stack import Stack

pytestmark = pytest.mark.control_plane


@pytest.fixture
def story(stack: Stack, control_plane: ControlPlane) -> Story:
    stack.start()
    return Story(stack, control_plane, "web", "v2-slow")


def restart_redis(story: Story) -> None:
    story.stack.redis.kill()
    story.stack.redis.start()


def test_redis_while_planning(story: Story, control_plane: ControlPlane):
    control_plane.stop_apiserver(kill=True)
    story.ask()
    restart_redis(story)
    control_plane.start_apiserver()
    story.approve()
    story.ends()
    story.true_in_the_end()


def test_redis_while_acting(story: Story, control_plane: ControlPlane):
    story.ask()
    story.stack.workspace.wait_message(story.channel, ": awaiting approval", 20)
    control_plane.stop_apiserver(kill=True)
    story.approve()
    story.until(lambda m: m.text.endswith((": acting", ": queued")))
    restart_redis(story)
    control_plane.start_apiserver()
    story.ends()
    story.true_in_the_end()


def test_redis_while_observing(story: Story):
    story.ask()
    story.approve()
    story.until(lambda m: m.text.endswith(": observing"))
    restart_redis(story)
    story.ends()
    story.true_in_the_end()


def test_the_api_server_while_observing(story: Story, control_plane: ControlPlane):
    story.ask()
    story.approve()
    story.until(lambda m: m.text.endswith(": observing"))
    control_plane.stop_apiserver(kill=True)
    control_plane.start_apiserver()
    story.ends()
    story.true_in_the_end()


def test_slack_is_down_at_the_end(story: Story):
    story.ask()
    story.approve()
    story.until(lambda m: m.text.endswith(": observing"))
    for method in ("chat.update", "chat.postMessage"):
        story.stack.workspace.faults.add(method, "500", times=2)
    story.ends()
    story.true_in_the_end()


def test_the_leading_watcher_is_killed_and_another_takes_over(story: Story):
    stack = story.stack
    stack.spawn("watcher", instance="watcher-2")
    stack.wait_ready("watcher-2")
    story.ask()
    story.approve()
    story.until(lambda m: m.text.endswith(": observing"))
    stack.processes.pop("watcher").kill()
    story.ends(timeout=20)
    story.true_in_the_end()


def test_one_of_two_bots_and_of_two_workers_is_killed(story: Story):
    stack = story.stack
    for kind in ("bot", "worker"):
        stack.spawn(kind, instance=f"{kind}-2")
        stack.wait_ready(f"{kind}-2")
    stack.workspace.wait_for_sockets(2, 20)
    story.ask()
    stack.workspace.wait_message(story.channel, ": awaiting approval", 20)
    for kind in ("bot", "worker"):
        stack.processes.pop(kind).kill()
    stack.workspace.wait(lambda: stack.workspace.sockets == 1, 20)
    story.approve()
    story.ends()
    story.true_in_the_end()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_process_is_killed_at_any_moment(story: Story, seed: int):
    import random
    import threading

    chance = random.Random(seed)
    victims = [chance.choice(("bot", "worker", "watcher")) for _ in range(3)]
    timers = [
        threading.Timer(chance.uniform(0, 5), lambda kind=kind: story.stack.processes[kind].kill()) for kind in victims
    ]
    with supervised(story.stack):
        for timer in timers:
            timer.start()
        story.ask_until_heard()
        story.approve()
        for timer in timers:
            timer.join()
        story.ends()
    story.true_in_the_end()
