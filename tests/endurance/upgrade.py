"""``make upgrade``: the processes of an earlier version are replaced by today's while operations are under way.

First that version runs alone, then both beside each other, then this one alone; each old process ends by SIGTERM. ``FROM``
is the version (anything that git knows; by default the last whose records ``tests/earlier`` holds), ``OPERATIONS`` how many.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.workspace import Workspace
from tests.endurance.crowd import Crowd, several
from tests.endurance.errand import KINDS as ERRANDS
from tests.endurance.reckoning import reckon
from tests.endurance.strikes import KINDS
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.stack import Stack

ENDS = 10.0
"""Seconds within which a process that is told to end has ended."""

NEW = "undoing"
"""An environment with rules that the earlier version does not know; it refuses a file that has them, as it should."""


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
        stack.environments[NEW] = {"cluster": "main", "namespace": stack.namespaces[NEW]}
        stack.write_config()
        for kind in KINDS:
            stack.spawn(kind, program=("tests.endurance.earlier", str(folder)))
        several(stack, 1)
        crowd = Crowd(stack, count, 9, [kind for kind in ERRANDS if kind.environment != NEW])
        with crowd.running() as ran:
            _until_ended(stack, crowd, count // 3)
            several(stack, 2)
            _until_ended(stack, crowd, 2 * count // 3)
            for kind in KINDS:
                old = stack.processes.pop(kind)
                old.send(signal.SIGTERM)
                old.assert_exit(0, ENDS)
            wrong = ran()
        wrong += reckon(stack, crowd.errands)
    print(f"{count} operations, begun under {version}, then under both, ended under this version")
    print("\n".join(wrong) or "nothing lost, nothing doubled, nothing left")
    sys.exit(bool(wrong))


def _until_ended(stack: Stack, crowd: Crowd, count: int) -> None:
    stack.workspace.wait(lambda: sum(errand.seconds > 0 for errand in crowd.errands) >= count, 120, f"{count} ends")


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
