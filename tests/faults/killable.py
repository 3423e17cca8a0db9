"""``quarterdeck``, with the process killing itself (SIGKILL) at a named point, once: the marker file says that it has.

Shipped code has no switches for tests: the adapters that the composition root uses are wrapped here, from outside.
Run as ``python -m tests.faults.killable POINT MARKER <quarterdeck's own words>``.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def die(marker: Path, *, with_parent: bool = False) -> None:
    """Once: who finds the marker lives."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return
    if with_parent:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(owner: type, name: str, *, before: Callable[..., bool] | None = None, after: Callable[..., bool] | None = None,
         kill: Callable[[], None]) -> None:  # fmt: skip
    """Kill around a method, where ``before`` or ``after`` (given its arguments) says so."""
    real = getattr(owner, name)

    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        if before and before(*args, **kwargs):
            kill()
        answer = real(self, *args, **kwargs)
        if after and after(*args, **kwargs):
            kill()
        return answer

    setattr(owner, name, wrapped)


def moved(event: str) -> Callable[..., bool]:
    return lambda move, **_: move.event == event


def shows(words: str) -> Callable[..., bool]:
    return lambda channel, ts, view, metadata=None: view.text.endswith(words)


def install(point: str, kill: Callable[[], None], kill_both: Callable[[], None]) -> None:
    """Wrap what the point names. Imports only the side that the process is."""
    from commands.queue import Queue
    from commands.store.operations import Operations

    match point:
        case "request stored, not enqueued":
            wrap(Queue, "enqueue", before=lambda job, _: job == "plan", kill=kill)
        case "vote received, not counted":
            wrap(Operations, "apply", after=moved("vote received"), kill=kill)
        case "approved, not enqueued":
            wrap(Operations, "apply", after=moved("approved"), kill=kill)
        case "planned, job gone":
            wrap(Operations, "apply", after=moved("planned"), kill=kill)
        case "acting, not written":
            wrap(Operations, "apply", after=moved("acting"), kill=kill_both)
        case "verdict, not recorded":
            wrap(Operations, "apply", before=moved("succeeded"), kill=kill)
        case "written, not recorded" | "written, not recorded, worker gone too":
            from workers.cluster import Cluster

            both = point.endswith("too")
            wrap(Cluster, "patch", after=lambda *_, dry_run, **__: not dry_run, kill=kill_both if both else kill)
        case "posted, not noted":
            from bot.slack import Slack

            wrap(Slack, "post", after=lambda *_, **__: True, kill=kill)
        case "before the final update" | "after the final update":
            from bot.slack import Slack

            when = {point.split(maxsplit=1)[0]: shows(": succeeded")}
            wrap(Slack, "update", kill=kill, **when)
        case _:
            raise SystemExit(f"no such point: {point}")


def main() -> None:
    point, marker, *words = sys.argv[1:]
    install(point, lambda: die(Path(marker)), lambda: die(Path(marker), with_parent=True))
    sys.argv = ["quarterdeck", *words]
    from quarterdeck.cli import main as quarterdeck

    quarterdeck()


if __name__ == "__main__":
    main()
