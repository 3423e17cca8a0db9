"""Forgets events an hour after they last happened, as the API server's ``--event-ttl`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from playground.cluster.clock import parse
from playground.cluster.controller import Key, own
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

TTL_SECONDS = 3600.0


class EventTtl:
    name = "event-ttl"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"events": own}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("Event")
        event = verbs.find(kind, *key)
        if event is None:
            return None
        last = event["lastTimestamp"] or event["metadata"]["creationTimestamp"]
        left = parse(last) + TTL_SECONDS - verbs.clock.now()
        if left > 0:
            return left
        verbs.delete(kind, *key)
        return None


CONTROLLER = EventTtl()
