"""A second look, past the caches: before an operation ends, or starts anew, because its target is not what it was.

A feed in sync may still be behind the API server (a half-open connection is noticed only by its silence). What we wrote
ourselves is recognised by its generation; that something is gone, or is older than a plan, only the API server can say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from commands.draft import Ref
from commands.errors import Missing
from commands.objects import Object
from workers.watcher.lookups import Lookups

log = logging.getLogger(__name__)

SECONDS = 10.0


class Reader(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def get(self, kind: str, namespace: str, name: str) -> Object: ...


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What bears the name now; None where nothing does."""

    object: Object | None


class Confirm:
    def __init__(self, clusters: Callable[[str], Reader], lookups: Lookups) -> None:
        self._clusters, self._lookups = clusters, lookups

    def read(self, id: str, ref: Ref) -> Confirmed | None:
        """None while it is being read (the loop is woken), and where it could not be: then it is asked again in its time."""
        found = self._lookups.ask(id, "confirm", ref.cluster, partial(self._get, ref), SECONDS)
        if found is None:
            return None
        if isinstance(found.error, Missing):
            return Confirmed(None)
        if isinstance(found.value, dict):
            return Confirmed(found.value)
        log.info("%s: %s %s could not be read again: %s", id, ref.kind, ref.name, found.error or "no answer in time")
        return None

    def _get(self, ref: Ref) -> Object:
        return self._clusters(ref.cluster).get(ref.kind, ref.namespace, ref.name)
