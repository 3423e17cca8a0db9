"""Several processes of a kind run, and some are killed: the others go on; or any is killed, at any moment."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.faults.conftest import KINDS, Tell
from tests.faults.supervisor import is_ready, kill_whole, supervised
from tests.harness.processes import wait_until
from tests.scenarios.stack import Stack

pytestmark = pytest.mark.control_plane

TAKEOVER = 15.0
"""Seconds within which a watcher that stands by leads, when the leader was killed."""


def second(stack: Stack, kind: str) -> None:
    stack.spawn(kind, instance=f"{kind}-2")
    wait_until(lambda: is_ready(stack, f"{kind}-2"), 30)


def test_the_leading_watcher_is_killed_and_another_takes_over(stack: Stack, tell: Tell) -> None:
    second(stack, "watcher")
    story = tell(tag="v2-slow")
    story.ask()
    story.approve()
    story.until("observing")
    kill_whole(stack.processes.pop("watcher"))
    story.hurt = time.time()
    story.ends(TAKEOVER)
    story.true_in_the_end()


def test_one_of_two_bots_and_of_two_workers_is_killed(stack: Stack, tell: Tell) -> None:
    second(stack, "bot")
    second(stack, "worker")
    stack.workspace.wait_for_sockets(2, 20)
    story = tell(tag="v2-slow")
    story.ask()
    story.asked()
    for kind in ("bot", "worker"):
        kill_whole(stack.processes.pop(kind))
    story.hurt = time.time()
    stack.workspace.wait(lambda: stack.workspace.sockets == 1, 20, "one socket")
    story.approve()
    story.ends()
    story.true_in_the_end()


@pytest.mark.parametrize("seed", range(3))
def test_any_process_is_killed_at_any_moment(stack: Stack, tell: Tell, seed: int) -> None:
    """Three times within five seconds, alone or (as where a container ends) with its children."""
    chance = random.Random(seed)
    story = tell(tag="v2-slow")

    def strike(kind: str, whole: bool) -> None:
        victim = stack.processes[kind]
        kill_whole(victim) if whole else victim.kill()
        story.hurt = time.time()

    timers = [
        threading.Timer(chance.uniform(0, 5), strike, (chance.choice(KINDS), chance.random() < 0.5)) for _ in range(3)
    ]
    with supervised(stack):
        for timer in timers:
            timer.start()
        story.ask_until_heard()
        story.approve()
        for timer in timers:
            timer.join()
        story.ends()
    story.true_in_the_end()


def test_machines_whose_clocks_are_minutes_apart(stack: Stack, tell: Tell) -> None:
    """Holds, due times, the age of what Slack said of people, an approval's expiry: written there, judged here."""
    for kind, seconds in (("bot", "600"), ("worker", "-600")):
        stack.processes.pop(kind).terminate()
        stack.spawn(kind, program=("tests.faults.skewed", seconds), instance=f"{kind}-off")
        wait_until(lambda kind=kind: is_ready(stack, f"{kind}-off"), 30)
    stack.workspace.wait_for_sockets(1, 20)
    story = tell()
    story.ask()
    story.approve()
    story.ends()
    story.true_in_the_end()
