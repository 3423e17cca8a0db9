"""The evidence of a broken rollout: logs and events, read off the loop before the operation ends.

It is broken all the same where they cannot be read in time: a cause without them is better than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from commands.draft import Ref
from commands.errors import ClusterError
from commands.objects import Object
from commands.operation import Diagnosis
from workers.diagnosis import diagnose
from workers.kinds.judgement import Verdict
from workers.redact import redact
from workers.secrets import hiding
from workers.watcher.cache import uid_of
from workers.watcher.feed import ONLY, Listed
from workers.watcher.lookups import Lookups
from workers.watcher.sight import Sight

SECONDS = 4.0
"""How long they may take to be read."""


class Witness(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def list(self, kind: str, namespace: str, *, field_selector: str) -> Listed: ...
    def get(self, kind: str, namespace: str, name: str) -> Object: ...
    def logs(self, namespace: str, pod: str, container: str, *, tail: int | None, previous: bool) -> str: ...


class Evidence:
    def __init__(self, clusters: Callable[[str], Witness], lookups: Lookups) -> None:
        self._clusters, self._lookups = clusters, lookups

    def of(self, id: str, ref: Ref, verdict: Verdict, sight: Sight, since: float, masks: bool) -> Diagnosis | None:
        """None while it is being gathered; the loop is woken when it is there. ``since`` (Unix seconds): older events are no news.

        ``masks``: read the Secrets that the pods use, and mask what they hold.
        """
        gather = partial(self._gather, ref, verdict, sight, since, masks)
        found = self._lookups.ask(id, "evidence", ref.cluster, gather, SECONDS)
        if found is None:
            return None
        if isinstance(found.value, Diagnosis):
            return found.value
        return _bare(verdict, sight, () if masks else sight.events, since)

    def _gather(self, ref: Ref, verdict: Verdict, sight: Sight, since: float, masks: bool) -> Diagnosis:
        cluster = self._clusters(ref.cluster)
        try:
            hide = hiding(cluster, ref.namespace, sight.pods) if masks else redact
        except ClusterError as error:  # what cannot be masked is not shown
            withheld = f"(the log and the events are withheld, for what the Secrets hold could not be read: {error})"
            return replace(_bare(verdict, sight, (), since), logs=redact(withheld))

        def read_logs(pod: str, container: str, lines: int, previous: bool) -> str:
            return cluster.logs(ref.namespace, pod, container, tail=lines, previous=previous)

        unread: tuple[str, ...] = ()
        try:
            events = _events(cluster, ref, sight)
        except ClusterError as error:
            events, unread = sight.events, (f"(the events could not be read: {hide(str(error))})",)
        found = diagnose(verdict, sight.pods, events, read_logs, children=sight.children, since=since, hide=hide)
        return replace(found, events=(*found.events, *unread))


def _bare(verdict: Verdict, sight: Sight, events: Sequence[Object], since: float) -> Diagnosis:
    """Without any log."""
    return diagnose(verdict, sight.pods, events, lambda *_: "", children=sight.children, since=since)


def _events(cluster: Witness, ref: Ref, sight: Sight) -> Sequence[Object]:
    """Those about the workload and what it owns, as they are at this moment. Raises ``ClusterError``."""
    listed = cluster.list("Event", ref.namespace, field_selector=ONLY["Event"]).items
    uids = {ref.uid, *_uids(sight.children), *_uids(sight.pods)}
    return [event for event in listed if (event.get("involvedObject") or {}).get("uid") in uids]


def _uids(objects: Iterable[Object]) -> Iterable[str]:
    return map(uid_of, objects)
