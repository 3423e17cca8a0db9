"""``quarterdeck``, with the process killing itself (SIGKILL) at a named point, once: the marker file says that it has.

Or it is told to end there (SIGTERM), as whatever replaces it would tell it: the process itself, not a job of its.

Shipped code has no switches for tests: the adapters that the composition root uses are wrapped here, from outside.

Run as ``python -m tests.faults.killable POINT MARKER <quarterdeck's own words>``. The holds that a death leaves behind
last a third of their time here, for a test sits each of them out; tests that kill shipped processes see the real ones.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
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


def be_told_to_end(marker: Path, side: str) -> None:
    """Once, and go on: what is begun may be ended."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getppid() if side == "worker" else os.getpid(), signal.SIGTERM)


def freeze(marker: Path, pid: int) -> None:
    """Once, stop another process: it neither answers nor closes its connections."""
    if not marker.exists():
        marker.touch()
        os.kill(pid, signal.SIGSTOP)


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


def posts(key: str) -> Callable[..., bool]:
    return lambda *_, metadata=None, **__: bool(metadata) and metadata["event_payload"]["key"].startswith(key)


def writes(*_: Any, dry_run: bool, **__: Any) -> bool:
    return not dry_run


def install(point: str, marker: Path, side: str) -> None:
    """Wrap what the point names ("…, worker too": not only its job; "…, gently": by SIGTERM). Imports only that side."""
    from commands.queue import Queue
    from commands.store.operations import Operations

    point, with_worker, _ = point.partition(", worker too")
    point, gently, _ = point.partition(", gently")
    kill = partial(be_told_to_end, marker, side) if gently else partial(die, marker, with_parent=bool(with_worker))
    match point.split(": "):
        case ["before enqueuing", job]:
            wrap(Queue, "enqueue", before=lambda name, *_: name == job, kill=kill)
        case ["before recording", event]:
            wrap(Operations, "apply", before=moved(event), kill=kill)
        case ["after recording", event]:
            wrap(Operations, "apply", after=moved(event), kill=kill)
        case ["after writing"]:
            from workers.cluster import Cluster

            wrap(Cluster, "patch", after=writes, kill=kill)
        case ["freezing before writing", server]:
            from workers.cluster import Cluster

            wrap(Cluster, "patch", before=writes, kill=partial(freeze, marker, int(server)))
        case ["after posting", key]:
            from bot.slack import Slack

            wrap(Slack, "post", after=posts(key), kill=kill)
        case ["before showing", state]:
            from bot.slack import Slack

            wrap(Slack, "update", before=shows(f": {state}"), kill=kill)
        case ["after showing", state]:
            from bot.slack import Slack

            wrap(Slack, "update", after=shows(f": {state}"), kill=kill)
        case _:
            raise SystemExit(f"no such point: {point}")


def hasten(side: str) -> None:
    """Outbox entries and operations that a dead process holds are free again, and posts have landed, after seconds."""
    of = {
        "bot": {"commands.store.outbox": ("HOLD", 5.0), "bot.posts": ("LANDING", 5.0)},
        "worker": {"workers.jobs.context": ("HOLD", 4.5)},
    }
    for module, (name, seconds) in of.get(side, {}).items():
        owner = importlib.import_module(module)
        assert getattr(owner, name) > seconds
        setattr(owner, name, seconds)


def main() -> None:
    point, marker, *words = sys.argv[1:]
    side = next((word for word in words if word in {"bot", "worker", "watcher"}), "")
    if not point.startswith("freezing"):  # there the cluster's time-outs count, which are shorter than the holds
        hasten(side)
    install(point, Path(marker), side)
    sys.argv = ["quarterdeck", *words]
    from quarterdeck.cli import main as quarterdeck

    quarterdeck()


if __name__ == "__main__":
    main()
