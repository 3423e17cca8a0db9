"""Forgets pods whose node is no more, forty seconds after it went: no kubelet will ever end them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.request import DeleteOptions
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
QUARANTINE_SECONDS = 40.0


def _gone(change: Change) -> Iterable[Key]:
    return [("", change.object["metadata"]["name"])] if change.type == "DELETED" else []


class PodGc:
    """Keys are nodes that were deleted."""

    name = "pod-gc"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"nodes": _gone}

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        name, now = key[1], verbs.clock.now()
        if verbs.find(verbs.kind("Node"), *key):
            self._since.pop(name, None)
            return None
        left = self._since.setdefault(name, now) + QUARANTINE_SECONDS - now
        if left > 0:
            return left
        del self._since[name]
        kind = verbs.kind("Pod")
        for pod in verbs.list(kind):
            if pod["spec"].get("nodeName") == name:
                meta = pod["metadata"]
                verbs.delete(kind, meta["namespace"], meta["name"], DeleteOptions(grace_seconds=0, uid=meta["uid"]))
        return None


CONTROLLER = PodGc
