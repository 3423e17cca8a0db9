"""Several processes of a kind run, and some are killed: the others go on; or any is killed, at any moment."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.endurance.crowd import Crowd, several
from tests.endurance.errand import KINDS, entries
from tests.endurance.reckoning import reckon
from tests.endurance.strikes import KINDS as PROCESSES
from tests.endurance.strikes import Strikes
from tests.faults.conftest import Tell
from tests.faults.supervisor import is_ready, kill_whole, supervised
from tests.harness.processes import wait_until
from tests.scenarios.stack import SECONDS, Stack

pytestmark = pytest.mark.control_plane


def test_half_of_each_is_killed_in_the_midst_of_many_operations(stack: Stack) -> None:
    """One of two bots, of two workers and of two watchers, the leading one; the others carry on alone. ``make ha`` is the whole."""
    several(stack, 2)
    crowd = Crowd(stack, len(KINDS), lanes=len(KINDS))
    strikes = Strikes(stack, seed=0)
    before = len(entries(stack))
    with crowd.running() as ran:
        stack.workspace.wait(
            lambda: any(entry["event"] == "written" for entry in entries(stack)[before:]),
            SECONDS,
            "one that is observed",
        )
        strikes.half()
    assert strikes.struck == {"bot": 1, "worker": 1, "watcher": 1}
    assert ran() == []
    assert reckon(stack, crowd.errands) == []


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
        threading.Timer(chance.uniform(0, 5), strike, (chance.choice(PROCESSES), chance.random() < 0.5))
        for _ in range(3)
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
        wait_until(lambda kind=kind: is_ready(stack, f"{kind}-off"), SECONDS)
    stack.workspace.wait_for_sockets(1, SECONDS)
    story = tell()
    story.ask()
    story.approve()
    story.ends()
    story.true_in_the_end()
