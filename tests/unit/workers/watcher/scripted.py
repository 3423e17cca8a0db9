"""A cluster whose wire does as it is told: events in any order, broken connections, 410, silence. In memory.

Lists and gets tell the truth; a watch tells what it is allowed to. What the real API server does is tried elsewhere.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from commands.errors import ClusterError, Gone, Missing, Unreachable

Json = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    items: tuple[Json, ...]
    resource_version: str


class ScriptedCluster:
    """What a watcher uses of ``workers.cluster.Cluster``. ``calls`` counts what reached it, as ``list Pod``."""

    name = "main"

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.calls: list[str] = []
        self.refusals: dict[str, ClusterError] = {}
        """By kind: what listing and watching it raises."""
        self.silent = False
        """Watches are half open: they say nothing, and do not end."""
        self.silent_about: set[str] = set()
        """Only those of these kinds."""
        self.hold: threading.Event | None = None
        """Lists are answered when it is set."""
        self.log: Callable[[], str] = lambda: ""
        self.events: list[tuple[int, str, Json]] = []
        self._objects: dict[tuple[str, str], Json] = {}
        self._version = 100
        self._breaks: list[ClusterError | None] = []

    def put(self, obj: Json) -> Json:
        """Create it, or change it."""
        with self.changed:
            known = (obj["kind"], obj["metadata"]["name"]) in self._objects
            return self._tell("MODIFIED" if known else "ADDED", obj)

    def delete(self, obj: Json) -> None:
        with self.changed:
            del self._objects[obj["kind"], obj["metadata"]["name"]]
            self._tell("DELETED", obj, keep=False)

    def bookmark(self, kind: str) -> str:
        """Returns the resource version it told."""
        with self.changed:
            self._tell("BOOKMARK", {"kind": kind, "metadata": {}}, keep=False)
            return str(self._version)

    def end_watches(self, error: ClusterError | None = None) -> None:
        """The watches that run now end: quietly, as after ``timeoutSeconds``, or by an error."""
        with self.changed:
            self._breaks.append(error)
            self.changed.notify_all()

    def wait_for(self, call: str, times: int = 1, seconds: float = 45.0) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.calls.count(call) >= times, seconds), self.calls

    def list(self, kind: str, namespace: str, **_: Any) -> Listing:
        if self.hold:
            self.hold.wait(60)
        with self.changed:
            self._count(f"list {kind}")
            found = [obj for (each, _), obj in self._objects.items() if each == kind]
            items = [obj for obj in found if obj["metadata"].get("namespace", "prod") == namespace]
            return Listing(tuple(copy.deepcopy(items)), str(self._version))

    def get(self, kind: str, namespace: str, name: str) -> Json:
        with self.changed:
            self._count(f"get {kind}")
            if (kind, name) not in self._objects:
                raise Missing(f"There is no {kind} {name} in {namespace}.")
            return copy.deepcopy(self._objects[kind, name])

    def watch(
        self, kind: str, namespace: str, resource_version: str, *, timeout_seconds: int, **_: Any
    ) -> ScriptedWatch:
        assert timeout_seconds > 60
        return ScriptedWatch(self, kind, namespace, int(resource_version))

    def logs(self, namespace: str, pod: str, container: str, **_: Any) -> str:
        with self.changed:
            self._count(f"logs {pod}")
        return self.log()

    def _count(self, call: str) -> None:
        self.calls.append(call)
        self.changed.notify_all()
        refusal = self.refusals.get(call.split()[1])
        if refusal:
            raise refusal

    def _tell(self, type_: str, obj: Json, *, keep: bool = True) -> Json:
        self._version += 1
        told = copy.deepcopy(obj)
        told["metadata"]["resourceVersion"] = str(self._version)
        if keep:
            self._objects[obj["kind"], obj["metadata"]["name"]] = told
        self.events.append((self._version, type_, told))
        self.changed.notify_all()
        return copy.deepcopy(told)


class Monotonic:
    """In place of the module ``time``: seconds as the test says."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


class ScriptedWatch:
    def __init__(self, cluster: ScriptedCluster, kind: str, namespace: str, since: int) -> None:
        self._cluster, self._kind, self._namespace, self._since = cluster, kind, namespace, since
        self._closed = False

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        cluster = self._cluster
        with cluster.changed:
            cluster._count(f"watch {self._kind}")
            breaks = len(cluster._breaks)
        while True:
            with cluster.changed:
                cluster.changed.wait_for(lambda: self._closed or len(cluster._breaks) > breaks or self._next())
                if self._closed:
                    return
                if len(cluster._breaks) > breaks:
                    if cluster._breaks[breaks] is None:
                        return
                    raise cluster._breaks[breaks]
                self._since, type_, obj = self._next()
            yield type_, copy.deepcopy(obj)

    def close(self) -> None:
        with self._cluster.changed:
            self._closed = True
            self._cluster.changed.notify_all()

    def _next(self) -> tuple[int, str, Json] | None:
        if self._cluster.silent or self._kind in self._cluster.silent_about:
            return None
        return next((e for e in self._cluster.events if e[0] > self._since and e[2]["kind"] == self._kind), None)


def unreachable() -> Unreachable:
    return Unreachable("The API server of cluster main does not answer.")


def too_old() -> Gone:
    return Gone("too old resource version")


def eventually(condition: Callable[[], Any], seconds: float = 45.0) -> Any:
    """Poll what nobody can be waited on for; returns what it became."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        threading.Event().wait(0.005)
    return found
