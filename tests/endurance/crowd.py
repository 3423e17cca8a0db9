"""Several of each process, and several channels whose people ask for one thing after another."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tests.endurance.errand import KINDS, Errand, Kind
from tests.endurance.meanwhile import again_and_again
from tests.endurance.strikes import KINDS as PROCESSES
from tests.faults.supervisor import is_ready
from tests.scenarios.stack import Stack

MINUTE = 1.0
"""Seconds after which Slack's minute begins anew: 200 operations would else wait for its limits, and not for ours."""


def several(stack: Stack, of_each: int) -> None:
    """Bring that many of each kind up, each bot with a connection of its own."""
    names = [kind if number == 1 else f"{kind}-{number}" for kind in PROCESSES for number in range(1, of_each + 1)]
    for name in names:
        if name not in stack.processes:
            stack.spawn(name, instance=name)
    for name in names:
        stack.processes[name].wait_until(lambda name=name: is_ready(stack, name), 60)  # type: ignore[misc]
    stack.workspace.wait_for_sockets(of_each, 20)


@dataclass
class Crowd:
    """``count`` errands of all kinds in turn, ``lanes`` of them at a time, each lane in a channel of its own."""

    stack: Stack
    count: int
    lanes: int
    kinds: Sequence[Kind] = KINDS

    def __post_init__(self) -> None:
        channels = itertools.cycle([self.stack.channel() for _ in range(self.lanes)])
        kinds = itertools.cycle(self.kinds)
        self.errands = [Errand(self.stack, next(kinds), next(channels)) for _ in range(self.count)]

    @contextmanager
    def running(self) -> Iterator[Callable[[], list[str]]]:
        """Yields what waits for them all, and tells what went wrong with any."""
        with ThreadPoolExecutor(self.lanes) as pool, unhurried(self.stack):
            futures = [pool.submit(_told, errand) for errand in self.errands]
            yield lambda: [told for future in futures if (told := future.result())]

    def run(self) -> list[str]:
        with self.running() as ran:
            return ran()


def _told(errand: Errand) -> str:
    try:
        errand.run()
    except (AssertionError, TimeoutError) as error:
        return str(error).splitlines()[0]
    return ""


def unhurried(stack: Stack) -> AbstractContextManager[None]:
    """Slack's limits keep nobody waiting meanwhile."""
    return again_and_again(stack.new_minute, lambda: MINUTE)
