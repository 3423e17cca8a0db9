"""Who is killed, and when: any process at any moment, alone or with its children; and half of each kind at once."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.endurance.meanwhile import again_and_again
from tests.faults.supervisor import kill_whole
from tests.scenarios.stack import Stack

KINDS = ("bot", "worker", "watcher")

PAUSE = (1.0, 4.0)
"""Seconds between two strikes, at least and at most."""


@dataclass
class Strikes:
    """``struck`` counts by kind. All by SIGKILL; ``seed`` decides whom and when."""

    stack: Stack
    seed: int
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def half(self) -> None:
        """Half of each kind at one moment, children and all, the first (and so who leads, most likely) among them."""
        for kind in KINDS:
            of_kind = [name for name in self.stack.processes if name.partition("-")[0] == kind]
            for name in of_kind[: (len(of_kind) + 1) // 2]:
                self._kill(name, whole=True)

    def any(self) -> None:
        name = self._chance.choice(sorted(self.stack.processes))
        self._kill(name, whole=self._chance.random() < 0.5)

    def _kill(self, name: str, *, whole: bool) -> None:
        """``whole``: as when a container ends. Else a worker's job lives on alone."""
        victim = self.stack.processes[name]
        if victim.running:
            kill_whole(victim) if whole else victim.kill()
            self.struck[name.partition("-")[0]] += 1

    def falling(self) -> AbstractContextManager[None]:
        """Strike again and again meanwhile."""
        return again_and_again(self.any, lambda: self._chance.uniform(*PAUSE))
