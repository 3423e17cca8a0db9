"""From the evidence in a pod's status to the message that says why, beside ``kubectl rollout status``, which waits for the deadline."""

from __future__ import annotations

import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.rollouts import kubectl
from tests.bench.table import Row
from tests.harness.workloads import deployment
from tests.scenarios.stack import Stack

ROUNDS = 4
DEADLINE = 10
"""``progressDeadlineSeconds`` of what kubectl follows; a Deployment's own default is 600."""

EVIDENCE = {
    "missing": "not found",
    "unauthorized": "401 Unauthorized",
    "configmissing": "not found",
    "keymissing": "couldn't find key",
    "crash": "CrashLoopBackOff",
    "oom": "CrashLoopBackOff",
    "ill": "CrashLoopBackOff",
}
"""By image tag: the words in a pod's status that are proof."""


def rows(stack: Stack) -> list[Row]:
    took = [_ours(stack, tag, number) for number in range(ROUNDS) for tag in EVIDENCE]
    theirs = _theirs(stack)
    kubectl_said = f"kubectl rollout status, deadline {DEADLINE} s"
    return [
        Row("from the evidence of a failure to its message, median", statistics.median(took), kubectl_said, theirs),
        Row("from the evidence of a failure to its message, slowest", max(took), kubectl_said, theirs),
    ]


def _ours(stack: Stack, tag: str, number: int) -> float:
    name = f"{tag}{number}"
    _deployed(stack, name)
    channel = stack.channel()
    with ThreadPoolExecutor(1) as pool:
        proven = pool.submit(_proven, stack, name, tag)
        stack.workspace.say(stack.cast.dev, channel, f"/deploy {name} {tag} to staging")
        stack.workspace.wait_message(channel, lambda m: m.text.endswith(": failed"), 20)
        said = time.perf_counter()
        return max(0.0, (said - proven.result()) * 1000)


def _theirs(stack: Stack) -> float:
    name, namespace = "waiting", stack.namespaces["staging"]
    _deployed(stack, name)
    with ThreadPoolExecutor(1) as pool:
        proven = pool.submit(_proven, stack, name, "missing")
        kubectl(stack, "set", "image", f"deployment/{name}", f"{name}=registry.test/{name}:missing", "-n", namespace)
        try:
            kubectl(stack, "rollout", "status", f"deployment/{name}", "-n", namespace)
        except subprocess.CalledProcessError:
            return (time.perf_counter() - proven.result()) * 1000
    raise AssertionError("kubectl took an image that is missing for a rollout that is done")


def _deployed(stack: Stack, name: str) -> None:
    obj = deployment(
        name, stack.namespaces["staging"], f"registry.test/{name}:v0", replicas=1, progress_deadline=DEADLINE
    )
    stack.cluster.apply(obj)
    stack.cluster.wait(stack.cluster.path_of(obj), lambda found: found.get("status", {}).get("availableReplicas") == 1)


def _proven(stack: Stack, name: str, tag: str) -> float:
    pods = f"/api/v1/namespaces/{stack.namespaces['staging']}/pods?labelSelector=app%3D{name}"
    stack.cluster.wait_items(pods, lambda found: any(EVIDENCE[tag] in str(pod.get("status")) for pod in found))
    return time.perf_counter()
