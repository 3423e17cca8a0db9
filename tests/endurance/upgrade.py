"""``make upgrade``: the processes of an earlier version are replaced by today's while operations are under way.

An operation in each state that lasts is handed over; many more are asked for while the earlier version's bot runs beside
this one's. Each old process ends by SIGTERM. ``FROM``
is the version (anything that git knows; by default the last whose records ``tests/earlier`` holds), ``OPERATIONS`` how many.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playground.workspace import Workspace
from tests.endurance.crowd import Crowd, several
from tests.endurance.errand import KINDS as ERRANDS
from tests.endurance.errand import SECONDS, Errand, Kind
from tests.endurance.reckoning import reckon
from tests.endurance.strikes import KINDS
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.stack import PREFIX, Stack

ENDS = 10.0
"""Seconds within which a process that is told to end has ended."""

USED = ("staging", "prod", "hasty")
"""Environments with rules that earlier versions know as well; a file with others they refuse, as they should."""

APPROVED = Kind("/deploy {name} v2 to prod", "prod", "succeeded", 1, answer="Approve")
ROLLING = Kind("/deploy {name} v2-slow to staging", "staging", "succeeded", 1)


def main() -> None:
    count = int(os.environ.get("OPERATIONS") or 45)
    version = os.environ.get("FROM") or _git("log", "-1", "--format=%h", "--", "tests/earlier/*.json")
    with (
        sources(version) as folder,
        ControlPlane() as cluster,
        RedisServer(appendonly=True) as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace) as stack,
    ):
        spare = {name: space for name, space in stack.namespaces.items() if name not in USED}
        stack.environments |= {name: {"cluster": "main", "namespace": space} for name, space in spare.items()}
        stack.write_config()
        for kind in KINDS:
            stack.spawn(kind, program=("tests.endurance.earlier", str(folder)))
        several(stack, 1)
        handed = handed_over(stack)
        states = states_of(stack)
        several(stack, 2)
        crowd = Crowd(stack, count, 9, [kind for kind in ERRANDS if kind.environment in USED])
        with crowd.running() as ran:
            stack.workspace.wait(lambda: any(errand.seconds for errand in crowd.errands), SECONDS, "a first end")
            for errand in handed:
                errand.end()
            end(stack, "bot")
            wrong = ran()
        wrong += reckon(stack, [*handed, *crowd.errands])
    print(
        f"from {version}: what was {', '.join(states)} ended under this version; {count} more operations while its bot still ran"
    )
    print("\n".join(wrong) or "nothing lost, nothing doubled, nothing left")
    sys.exit(bool(wrong))


def handed_over(stack: Stack) -> list[Errand]:
    """One in each state that lasts. The earlier worker and watcher end before those could go on; its bot stays."""
    channel = stack.channel()
    waits, queued, rolls, planned = (Errand(stack, kind, channel) for kind in (APPROVED, APPROVED, ROLLING, APPROVED))
    for errand in (waits, queued, rolls, planned):
        errand.set_up()
    for errand in (waits, queued):
        errand.say()
        stack.workspace.wait(errand.asking, SECONDS, "a question")
    rolls.say()
    stack.workspace.wait(lambda: rolls.reads("observing"), SECONDS, "a rollout")
    end(stack, "watcher")
    end(stack, "worker")
    queued.answer()
    planned.say()
    stack.workspace.wait(lambda: len(states_of(stack)) == 4, SECONDS, "four states")
    return [waits, queued, rolls, planned]


def end(stack: Stack, kind: str) -> None:
    old = stack.processes.pop(kind)
    old.send(signal.SIGTERM)
    old.assert_exit(0, ENDS)


def states_of(stack: Stack) -> list[str]:
    """Of what is in flight, each once."""
    with closing(stack.redis.client()) as client:
        ids = [id.decode() for id in client.zrange(f"{PREFIX}flight", 0, -1)]
        records: list[Any] = [client.hget(f"{PREFIX}operation:{id}", "record") for id in ids]
    return sorted({json.loads(record)["state"] for record in records if record})


@contextmanager
def sources(version: str) -> Iterator[Path]:
    """That version's, in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="earlier-") as folder:
        archive = subprocess.run(["git", "archive", version], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        yield Path(folder)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
