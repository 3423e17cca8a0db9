"""What a cluster does for processes that die: starts them again; and how tests kill them, children and all."""

from __future__ import annotations

import os
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.harness.processes import Child
from tests.scenarios.stack import Stack

SHIPPED = ("quarterdeck",)


@contextmanager
def supervised(stack: Stack, programs: Mapping[str, tuple[str, ...]] | None = None) -> Iterator[list[Child]]:
    """Start whatever ends again, as any supervisor would: ``programs`` by instance, else what is shipped. Yields who has ended."""
    programs, gone = programs or {}, list[Child]()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            for instance, child in list(stack.processes.items()):
                if not child.running and not done.is_set():
                    gone.append(child)
                    stack.spawn(instance, program=programs.get(instance, SHIPPED))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield gone
    finally:
        done.set()
        thread.join()


def is_ready(stack: Stack, instance: str) -> bool:
    """What its /readyz says: it is connected, not merely started."""
    try:
        with urllib.request.urlopen(f"http://{stack.health[instance]}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def kill_whole(child: Child) -> None:
    """The process and its children, as when a container ends: a worker's job dies with it."""
    for pid in [*children(child.pid), child.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    child.kill()


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
