"""Keeps programs running: starts them in order, restarts what dies, and ends all of them when one cannot be kept up."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Sequence
from threading import Event

from commands.errors import QuarterdeckError
from quarterdeck.supervisor.child import Child, Hear
from quarterdeck.supervisor.program import Program
from quarterdeck.supervisor.restarts import FIRST_PAUSE, Restarts

log = logging.getLogger(__name__)

END_SECONDS = 9.0
"""From SIGTERM to SIGKILL for all together: each of our processes ends by itself a second sooner (``running.GRACE``)."""
_LOOK = 0.1


class GivenUp(QuarterdeckError):
    """A process keeps dying; the sentence has its last words."""


class Supervisor:
    """All methods are for the one thread that runs it, except ``signal`` and ``pids``."""

    def __init__(self, programs: Sequence[Program], hear: Hear) -> None:
        self._programs = list(programs)
        self._hear = hear
        self._children: dict[str, Child] = {}
        self._restarts: dict[str, Restarts] = {program.name: Restarts() for program in programs}
        self._due: dict[str, float] = {}
        self._asked: set[int] = set()
        """Processes that were sent a signal: how they end says nothing of them."""

    @property
    def pids(self) -> dict[str, int]:
        """By name, of those that run now."""
        return {name: child.pid for name, child in list(self._children.items()) if child.code is None}

    def signal(self, name: str, number: signal.Signals) -> int | None:
        """Send a signal to one of them, as who plays a fault does. Returns its process id, None if it does not run."""
        child = self._children.get(name)
        if child is None or child.code is not None:
            return None
        self._asked.add(child.pid)
        child.send(number)
        return child.pid

    def start(self) -> None:
        """Those that do not run yet, in order."""
        for program in self._programs:
            if program.name not in self._children:
                self._start(program)

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set. Raises ``GivenUp``."""
        while not stop.wait(_LOOK):
            for program in self._programs:
                self._look(program)

    def end(self) -> None:
        """All of them, within ``END_SECONDS`` whatever they do; those that carry others when the others have ended.

        Each is told once: a worker that is told twice gives up the job that it carries out.
        """
        deadline = time.monotonic() + END_SECONDS
        children = [self._children[program.name] for program in self._programs if program.name in self._children]
        for carries in (False, True):
            told = [child for child in children if child.program.carries is carries]
            for child in told:
                child.send(signal.SIGTERM)
            for child in told:
                child.end(deadline - time.monotonic())

    def _look(self, program: Program) -> None:
        child = self._children[program.name]
        if child.code is None:
            return
        if program.name not in self._due:
            self._due[program.name] = time.monotonic() + self._died(child)
        elif time.monotonic() >= self._due[program.name]:
            del self._due[program.name]
            self._start(program)

    def _died(self, child: Child) -> float:
        """Seconds until it is started again. Raises ``GivenUp``."""
        child.heard_out()
        name, how = child.program.name, _how(child)
        if child.pid in self._asked:
            self._asked.discard(child.pid)
            return FIRST_PAUSE
        restarts = self._restarts[name] = self._restarts[name].died(child.ran_for)
        if restarts.given_up:
            raise GivenUp(f"{name} keeps ending ({how}, {restarts.deaths} times in a row); {_last_words(child)}")
        log.warning("%s ended (%s); it is started again in %.1f s", name, how, restarts.pause)
        return restarts.pause

    def _start(self, program: Program) -> None:
        child = self._children[program.name] = Child(program, self._hear)
        log.info("%s runs as process %d", program.name, child.pid)


def _how(child: Child) -> str:
    code = child.code or 0
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _last_words(child: Child) -> str:
    return f"its last words: {child.last_line}" if child.last_line else "it said nothing"
