"""``status`` where there are 5,000 pods, from the words to the answer in the channel, beside ``kubectl get pods -o json``."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from playground.workspace import Workspace
from tests.bench.rollouts import kubectl
from tests.bench.table import Row
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.harness.workloads import deployment
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Stack

PODS = 5_000
ROUNDS = 5
WHERE = "staging"
PATIENCE = 300.0
"""Seconds within which so many pods are made."""


def rows() -> list[Row]:
    with (
        ControlPlane() as cluster,
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace, forked=False) as stack,
    ):
        stack.start("bot", "worker")
        _fill(stack)
        one = _median(lambda: _asked(stack, f"/ops status web in {WHERE}"))
        every = _median(lambda: _asked(stack, f"/ops status in {WHERE}"))
        theirs = _median(
            lambda: _timed(lambda: kubectl(stack, "get", "pods", "-n", stack.namespaces[WHERE], "-o", "json"))
        )
    beside = "kubectl get pods -o json"
    return [
        Row(f"status of an environment of {PODS:,} pods, median", every, beside, theirs),
        Row(f"status of one workload of {PODS:,} pods, median", one, beside, theirs),
    ]


def _fill(stack: Stack) -> None:
    made = deployment("web", stack.namespaces[WHERE], replicas=PODS)
    stack.cluster.apply(made)
    path = stack.cluster.path_of(made)
    stack.cluster.wait(path, lambda found: found.get("status", {}).get("replicas") == PODS, PATIENCE)


def _asked(stack: Stack, line: str) -> float:
    """A channel of its own: it takes a message a second."""
    scene = Scene(stack, stack.channel())
    return _timed(lambda: scene.ask(stack.cast.dev, line))


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def _median(measured: Callable[[], float]) -> float:
    return statistics.median(measured() for _ in range(ROUNDS))
