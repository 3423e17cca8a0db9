"""Pods that come to life by the word in their image's tag, without nodes or images: for tests of workload controllers.

``unready`` never gets ready, ``slow`` after five seconds, any other tag at once. Deleted pods end at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.controller import Key, own
from playground.cluster.request import DeleteOptions
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
SLOW_SECONDS = 5.0


class PodPlayer:
    name = "test-kubelet"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"pods": own}

    def __init__(self) -> None:
        self.asleep = False
        """While it is, pods stay as the test makes them."""

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("Pod")
        pod = verbs.find(kind, *key)
        if pod is None or self.asleep:
            return None
        if "deletionTimestamp" in pod["metadata"]:
            verbs.delete(kind, *key, DeleteOptions(grace_seconds=0))
            return None
        images = [container["image"] for container in pod["spec"]["containers"]]
        wait = parse(pod["metadata"]["creationTimestamp"]) + SLOW_SECONDS - verbs.clock.now()
        slow = any("slow" in image for image in images) and wait > 0
        ready = not slow and not any("unready" in image for image in images)
        known = next(iter(pod.get("status", {}).get("conditions", [])), {})
        status = "True" if ready else "False"
        if known.get("status") != status:
            condition = {"type": "Ready", "status": status, "lastTransitionTime": verbs.clock.stamp()}
            verbs.set_status(kind, pod, {"phase": "Running", "conditions": [condition]})
        return wait if slow else None
