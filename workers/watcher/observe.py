"""Observing: from what the feeds hold to a verdict, and from the verdict to the operation's progress or end.

Nothing is decided from a feed that is not synced, nor (by the verdict's own rules) from an object older than our write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from commands import transitions
from commands.draft import Ref
from commands.operation import Diagnosis, Ending, Operation, Progress
from commands.store import Lease, Store
from commands.transitions import Transition
from workers.cluster import Cluster
from workers.diagnosis import diagnose
from workers.kinds import verdict
from workers.kinds.judgement import Verdict
from workers.watcher.cache import Object
from workers.watcher.feeds import Feeds, feeds_for
from workers.watcher.lookups import Lookups

EVIDENCE_SECONDS = 4.0
"""How long logs and events may take to be read: a cause without them is better than none."""

PROGRESS_EVERY = 1.0
"""Seconds between two notes of one operation's progress; the end is told at once."""


class Observer:
    """Called by the loop's thread only."""

    def __init__(
        self, store: Store, feeds: Feeds, lookups: Lookups, clusters: Callable[[str], Cluster],
        deadline: Callable[[str], float], now: Callable[[], float],
    ) -> None:  # fmt: skip
        """``deadline``: an environment's name → seconds after which what has not ended has failed."""
        self._store, self._feeds, self._lookups, self._clusters = store, feeds, lookups, clusters
        self._deadline, self._now = deadline, now
        self._noted: dict[str, Progress] = {}

    def look(self, operation: Operation, lease: Lease) -> Transition | None:
        """The move that ends it, or None. Notes progress on the way. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        ref, written = operation.target, operation.written
        if ref is None or written is None or not self._synced(ref):
            return None
        now = self._now()
        workload = self._workload(ref)
        if workload is None or workload["metadata"]["uid"] != ref.uid:
            gone = "deleted" if workload is None else "deleted and made anew"
            return transitions.supersede(operation, f"Somebody {gone} {ref.kind} {ref.name} meanwhile.", now)
        children, pods = self._below(ref)
        found = verdict(workload, children, pods, written, now, deadline=self._deadline(operation.environment))
        if found.outcome == "progressing" and now - written.at > self._deadline(operation.environment):
            sentence = f"not finished within {now - written.at:.0f} s: {found.sentence}"
            found = replace(found, outcome="broken", sentence=sentence)
        return self._judged(operation, found, workload, children, pods, lease)

    def forget(self, id: str) -> None:
        """It ended, or is another watcher's now."""
        self._noted.pop(id, None)
        self._lookups.forget(id)

    def _judged(
        self, operation: Operation, found: Verdict, workload: Object, children: Sequence[Object],
        pods: Sequence[Object], lease: Lease,
    ) -> Transition | None:  # fmt: skip
        now = self._now()
        match found.outcome:
            case "done":
                return transitions.succeed(operation, _sentence(found.sentence), now)
            case "superseded":
                return transitions.supersede(operation, _sentence(found.sentence), now)
            case "broken":
                diagnosis = self._evidence(operation, found, [workload, *children, *pods], pods)
                if diagnosis is None:
                    return None
                return transitions.fail(operation, Ending(_sentence(diagnosis.cause), diagnosis=diagnosis), now)
            case "progressing":
                self._note(operation.id, found.progress, lease)
                return None

    def _evidence(
        self, operation: Operation, found: Verdict, concerned: Sequence[Object], pods: Sequence[Object]
    ) -> Diagnosis | None:
        """Logs and events, read off the loop; None while they are being read. It is broken all the same without them."""
        assert operation.target  # noqa: S101 - looked at only with one
        since = operation.written.at if operation.written else 0.0
        read = partial(self._diagnose, operation.target, found, concerned, pods, since)
        answer = self._lookups.ask(operation.id, "diagnosis", read, EVIDENCE_SECONDS)
        if answer is None:
            return None
        if isinstance(answer.value, Diagnosis):
            return answer.value
        return diagnose(found, pods, (), lambda *_: "", since=since)

    def _diagnose(
        self, ref: Ref, found: Verdict, concerned: Sequence[Object], pods: Sequence[Object], since: float
    ) -> Diagnosis:
        cluster = self._clusters(ref.cluster)
        uids = {obj["metadata"]["uid"] for obj in concerned}
        events = [e for e in cluster.list("Event", ref.namespace).items if e["involvedObject"].get("uid") in uids]

        def read_logs(pod: str, container: str, lines: int, previous: bool) -> str:
            return cluster.logs(ref.namespace, pod, container, tail=lines, previous=previous)

        return diagnose(found, pods, events, read_logs, since=since)

    def _note(self, id: str, progress: Progress, lease: Lease) -> None:
        """Only what changed, and not too often: the loop's own rounds bring the latest."""
        before = self._noted.get(id)
        if before and (
            replace(before, at=0.0) == replace(progress, at=0.0) or progress.at - before.at < PROGRESS_EVERY
        ):
            return
        self._store.operations.note_progress(id, progress, lease)
        self._noted[id] = progress

    def _synced(self, ref: Ref) -> bool:
        feeds = [self._feeds.of(key.cluster, key.namespace, key.kind) for key in feeds_for(ref, whole=True)]
        return all(feed is not None and feed.synced for feed in feeds)

    def _workload(self, ref: Ref) -> Object | None:
        feed = self._feeds.of(ref.cluster, ref.namespace, ref.kind)
        return feed.cache.by_name(ref.name) if feed else None

    def _below(self, ref: Ref) -> tuple[Sequence[Object], Sequence[Object]]:
        """The ReplicaSets between, if there are any, and the pods."""
        sets = self._feeds.of(ref.cluster, ref.namespace, "ReplicaSet") if ref.kind == "Deployment" else None
        pods = self._feeds.of(ref.cluster, ref.namespace, "Pod")
        children = sets.cache.owned_by(ref.uid) if sets else ()
        owners = [ref.uid, *(child["metadata"]["uid"] for child in children)]
        return children, [pod for owner in owners for pod in (pods.cache.owned_by(owner) if pods else ())]


def _sentence(said: str) -> str:
    text = said[:1].upper() + said[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
