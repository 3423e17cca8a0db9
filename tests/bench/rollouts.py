"""From the words to the changed Deployment, and from its completion to the final message, beside kubectl's processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.table import Row
from tests.harness.workloads import deployment
from tests.scenarios.stack import Stack

ROUNDS = 12
PATH = "/apis/apps/v1/namespaces/{}/deployments/{}"


def rows(stack: Stack) -> list[Row]:
    changed, finals, set_image, status = [], [], [], []
    namespace = stack.namespaces["staging"]
    for name in ("ours", "theirs"):
        stack.cluster.apply(deployment(name, namespace, f"registry.test/{name}:v0", replicas=2))
        _complete(stack, name, "v0")
    for number in range(1, ROUNDS + 1):
        change, final = _ours(stack, stack.channel(), number)  # a channel takes a message a second
        changed.append(change)
        finals.append(final)
        setting, returning = _theirs(stack, number)
        set_image.append(setting)
        status.append(returning)
    median = statistics.median
    return [
        Row("from /deploy to the Deployment changed, median", median(changed), "kubectl set image", median(set_image)),
        Row("from complete to the final message, median", median(finals), "kubectl rollout status", median(status)),
        Row("from complete to the final message, slowest", max(finals), "kubectl rollout status", max(status)),
    ]


def _ours(stack: Stack, channel, number: int) -> tuple[float, float]:
    tag = f"v{number}"
    with ThreadPoolExecutor(2) as pool:
        began = time.perf_counter()
        wrote = pool.submit(_changed, stack, "ours", tag)
        complete = pool.submit(_complete, stack, "ours", tag)
        stack.workspace.say(stack.cast.dev, channel, f"/deploy ours {tag} to staging")
        stack.workspace.wait_message(channel, lambda m: f"→ {tag} in" in m.text and m.text.endswith(": succeeded"), 20)
        final = time.perf_counter()
        return (wrote.result() - began) * 1000, (final - complete.result()) * 1000


def _theirs(stack: Stack, number: int) -> tuple[float, float]:
    tag, namespace = f"v{number}", stack.namespaces["staging"]
    with ThreadPoolExecutor(2) as pool:
        began = time.perf_counter()
        wrote = pool.submit(_changed, stack, "theirs", tag)
        complete = pool.submit(_complete, stack, "theirs", tag)
        kubectl(stack, "set", "image", "deployment/theirs", f"theirs=registry.test/theirs:{tag}", "-n", namespace)
        kubectl(stack, "rollout", "status", "deployment/theirs", "-n", namespace)
        final = time.perf_counter()
        return (wrote.result() - began) * 1000, (final - complete.result()) * 1000


def _changed(stack: Stack, name: str, tag: str) -> float:
    stack.cluster.wait(PATH.format(stack.namespaces["staging"], name), lambda found: _image(found).endswith(tag), 20)
    return time.perf_counter()


def _complete(stack: Stack, name: str, tag: str) -> float:
    def complete(found) -> bool:
        status, wanted = found.get("status", {}), found["spec"]["replicas"]
        seen = status.get("observedGeneration", 0) >= found["metadata"]["generation"]
        counts = [status.get(key, 0) for key in ("updatedReplicas", "replicas", "availableReplicas")]
        return _image(found).endswith(tag) and seen and counts == [wanted] * 3

    stack.cluster.wait(PATH.format(stack.namespaces["staging"], name), complete, 20)
    return time.perf_counter()


def _image(found) -> str:
    return found["spec"]["template"]["spec"]["containers"][0]["image"]


def kubectl(stack: Stack, *words: str) -> None:
    command = ["kubectl", "--kubeconfig", str(stack.kubeconfig), *words]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HOME": str(stack.folder)})
