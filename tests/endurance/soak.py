"""``make soak MINUTES=30``: mixed operations and questions, on and on; each minute a line of a table; at the end what grows.

Needs KUBEBUILDER_ASSETS. The last line says ``flat``, or what grows over the second half; then it ends with 1.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playground.workspace import Workspace
from tests.endurance import meters
from tests.endurance.crowd import several, unhurried
from tests.endurance.errand import KINDS, SECONDS, Errand, Kind
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.stack import Stack

LANES = 3
EVERY = 10.0
"""Seconds between two readings."""

A_LINE = 6
"""Readings to each line of the table."""

QUESTIONS = (
    "/ops status {name} in {place}",
    "/ops logs {name} in {place}",
    "/ops history {name} in {place}",
    "/ops operations",
)

DRIFTED = Kind("/deploy {name} v3 to prod", "prod", "succeeded", 1, answer="Approve")


class Drifting(Errand):
    """Somebody changes the target while it waits: the plan is made anew, and approved then."""

    def answer(self) -> None:
        self.stack.workspace.wait(lambda: self.reads("awaiting approval"), SECONDS)
        image = {
            "op": "replace",
            "path": "/spec/template/spec/containers/0/image",
            "value": f"registry.test/{self.name}:v2",
        }
        self.stack.cluster.patch(self.path, [image])
        told = "it changed while it waited"
        self.stack.workspace.wait(lambda: any(told in reply.plain() for reply in self.thread()), SECONDS, told)
        super().answer()


@dataclass
class Soak:
    """``LANES`` channels; ``done`` counts what has ended as it had to."""

    stack: Stack
    over: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    wrong: list[str] = field(default_factory=list)

    def lane(self) -> None:
        """One thing after another, its workload taken away at the end: what may grow is Quarterdeck, not the cluster."""
        channel = self.stack.channel()
        for kind in itertools.cycle((*KINDS, DRIFTED)):
            if self.over.is_set():
                return
            errand = (Drifting if kind is DRIFTED else Errand)(self.stack, kind, channel)
            try:
                errand.run()
                self.ask_about(errand)
                self.done += 1
            except (AssertionError, TimeoutError) as error:
                self.wrong.append(str(error).splitlines()[0])
            self.stack.cluster.delete(errand.path)

    def ask_about(self, errand: Errand) -> None:
        workspace, dev = self.stack.workspace, self.stack.cast.dev
        for question in QUESTIONS:
            answered = len(workspace.private(dev, errand.channel)) + len(workspace.messages(errand.channel))
            workspace.say(dev, errand.channel, question.format(name=errand.name, place=errand.kind.environment))
            workspace.wait(
                lambda answered=answered: len(workspace.private(dev, errand.channel)) + len(workspace.messages(errand.channel)) > answered,
                SECONDS, question,
            )  # fmt: skip

    @contextmanager
    def going_on(self) -> Iterator[None]:
        lanes = [threading.Thread(target=self.lane) for _ in range(LANES)]
        with unhurried(self.stack):
            for lane in lanes:
                lane.start()
            try:
                yield
            finally:
                self.over.set()
                for lane in lanes:
                    lane.join()


def main() -> None:
    minutes = float(os.environ.get("MINUTES") or 30)
    with (
        ControlPlane() as cluster,
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace, forked=False) as stack,
    ):
        several(stack, 1)
        soak = Soak(stack)
        with soak.going_on():
            grows = watched(soak, minutes)
    print(*soak.wrong, sep="\n")
    print(f"grows: {', '.join(grows)}" if grows else "flat")
    sys.exit(bool(grows or soak.wrong))


def watched(soak: Soak, minutes: float) -> list[str]:
    """Print a line a minute; returns what grows."""
    begun, times, readings = time.monotonic(), list[float](), list[meters.Reading]()
    waiting = threading.Event()
    while not times or times[-1] < minutes:
        waiting.wait(EVERY)
        readings.append(meters.read(soak.stack))
        times.append((time.monotonic() - begun) / 60)
        if len(times) == 1:
            print(meters.header(readings[0]))
        if len(times) % A_LINE == 0:
            print(meters.row(times[-1], soak.done, readings[-1]), flush=True)
    return meters.growing(times, readings)


if __name__ == "__main__":
    main()
