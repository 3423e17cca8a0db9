"""Having a process die at a named point of ``killable``, while everything else goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.supervisor import supervised
from tests.scenarios.stack import Stack


@contextmanager
def dies_at(stack: Stack, kind: str, point: str) -> Iterator[Path]:
    """One process of that kind runs, and kills itself there, once; a supervisor starts it again. Yields the marker.

    Raises ``AssertionError`` where the point was not reached: then the test has shown nothing.
    """
    marker, instance = stack.folder / f"{kind} died {point}", f"{kind}-mortal"
    marker.unlink(missing_ok=True)
    (stack.folder / f"{instance}.log").unlink(missing_ok=True)  # else its earlier life would seem ready
    program = ("tests.faults.killable", point, str(marker))
    stack.processes.pop(kind).terminate()
    stack.spawn(kind, program=program, instance=instance)
    stack.wait_ready(instance)
    with supervised(stack, {instance: program}):
        yield marker
        assert marker.exists(), f"never reached: {point}"


def struck(marker: Path) -> float:
    """When, in Unix seconds."""
    return marker.stat().st_mtime
