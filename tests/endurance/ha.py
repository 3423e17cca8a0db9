"""``make ha``: several of each process and many operations, while any process is killed, and once half of each.

``OPERATIONS``, ``EACH`` (processes of a kind), ``LANES`` (operations at a time) and ``SEED`` are read from the environment.
Needs KUBEBUILDER_ASSETS. Prints the figures, and whatever was lost, doubled or left; then ends with 1.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from playground.workspace import Workspace
from tests.endurance.crowd import Crowd, several
from tests.endurance.reckoning import CLEARED, orphans, reckon, remaining
from tests.endurance.strikes import Strikes
from tests.faults.supervisor import supervised
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.stack import Stack


def main() -> None:
    count, each, lanes, seed = (
        _number(*word) for word in (("OPERATIONS", 200), ("EACH", 3), ("LANES", 12), ("SEED", 1))
    )
    with (
        ControlPlane() as cluster,
        RedisServer(appendonly=True) as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace) as stack,
    ):
        several(stack, each)
        crowd, strikes = Crowd(stack, count, lanes), Strikes(stack, seed)
        begun = time.monotonic()
        with supervised(stack), strikes.falling():
            half = threading.Timer(10, strikes.half)
            half.start()
            wrong = crowd.run()
            half.join()
        took = time.monotonic() - begun
        several(stack, each)
        wrong += reckon(stack, crowd.errands) + remaining(lambda: orphans(stack), CLEARED)
        _print(stack, crowd, strikes, took)
    print("\n".join(wrong) or "nothing lost, nothing doubled, nothing left")
    sys.exit(bool(wrong))


def _print(stack: Stack, crowd: Crowd, strikes: Strikes, took: float) -> None:
    seconds = sorted(errand.seconds for errand in crowd.errands)
    posted, edited = (
        len([c for c in stack.workspace.calls(m) if not c.error]) for m in ("chat.postMessage", "chat.update")
    )
    print(f"{len(crowd.errands)} operations in {took:.0f} s, {crowd.lanes} at a time, seed {strikes.seed}")
    print(
        f"killed: {strikes.struck.total()} ({', '.join(f'{n} {kind}s' for kind, n in sorted(strikes.struck.items()))})"
    )
    print(f"from the first word to the end: median {seconds[len(seconds) // 2]:.1f} s, slowest {seconds[-1]:.1f} s")
    print(f"messages posted: {posted}, edits: {edited}")


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual)


if __name__ == "__main__":
    main()
