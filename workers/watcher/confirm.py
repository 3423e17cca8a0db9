"""A second look, past the caches: before an operation ends, or starts anew, because its target is not what it was.

A feed in sync may still be behind the API server (a half-open connection is noticed only by its silence). What we wrote
ourselves is recognised by its generation; that something is gone, or is older than a plan, only the API server can say.
And one feed may be behind another: a workload tells of ready pods that the feed of pods does not show yet.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from commands.draft import Beside, Ref
from commands.errors import Missing
from commands.objects import Object
from workers.beside import read_beside
from workers.watcher.feed import Listed
from workers.watcher.lookups import Lookups
from workers.watcher.sight import Blind

log = logging.getLogger(__name__)

SECONDS = 10.0

PODS_SECONDS = 3.0
"""A rollout that is done waits no longer for what its pods run."""


class Reader(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def get(self, kind: str, namespace: str, name: str) -> Object: ...
    def list(self, kind: str, namespace: str, *, label_selector: str) -> Listed: ...


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What bears the name now; None where nothing does. ``beside``: the same of what is written in its stead."""

    object: Object | None
    beside: Object | None = None


class Confirm:
    def __init__(self, clusters: Callable[[str], Reader], lookups: Lookups) -> None:
        self._clusters, self._lookups = clusters, lookups
        self._failing: dict[str, float] = {}
        """Since when (monotonic) what each is about could not be read."""

    def read(self, id: str, ref: Ref, beside: Beside | None = None) -> Confirmed | Blind | None:
        """None while it is being read (the loop is woken); ``Blind`` where it could not be: then it is asked again in its time."""
        found = self._lookups.ask(id, "confirm", ref.cluster, partial(self._get, ref, beside), SECONDS)
        if found is None:
            return None
        if isinstance(found.error, Missing) or isinstance(found.value, Confirmed):
            self.forget(id)
            return found.value or Confirmed(None)
        log.info("%s: %s %s could not be read again: %s", id, ref.kind, ref.name, found.error or "no answer in time")
        now = time.monotonic()
        trouble = str(found.error or f"The cluster {ref.cluster} did not answer in time.")
        return Blind(trouble, now - self._failing.setdefault(id, now))

    def pods(self, id: str, ref: Ref, labels: str) -> Sequence[Object] | None:
        """Those with these labels, whoever owns them; none where they could not be read. None while they are being read."""
        found = self._lookups.ask(id, "pods", ref.cluster, partial(self._list, ref, labels), PODS_SECONDS)
        return None if found is None else found.value or ()

    def forget(self, id: str) -> None:
        self._failing.pop(id, None)

    def _get(self, ref: Ref, beside: Beside | None) -> Confirmed:
        cluster = self._clusters(ref.cluster)
        return Confirmed(cluster.get(ref.kind, ref.namespace, ref.name), read_beside(cluster, ref.namespace, beside))

    def _list(self, ref: Ref, labels: str) -> Sequence[Object]:
        return self._clusters(ref.cluster).list("Pod", ref.namespace, label_selector=labels).items
