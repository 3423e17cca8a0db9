"""While a plan waits for approval its target is watched: what it was made from must still hold, or the approvals are void."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from commands import transitions
from commands.draft import FieldChange, Plan
from commands.objects import Object
from commands.operation import Operation
from commands.progress import Progress
from commands.transition import Transition
from workers.drift import drift, has_planned_template
from workers.recollection import Reader, planned_template
from workers.watcher.confirm import Confirm
from workers.watcher.feeds import Feeds
from workers.watcher.lookups import Lookups
from workers.watcher.pace import Pace
from workers.watcher.sight import Blind, Sight, look

BLINK = 5.0
"""Seconds for which a feed may be out of sync before people are told."""

SECONDS = 4.0
"""How long the template as it was planned may take to be read: drift is told without it rather than late."""


class Drift:
    """Called by the loop's thread only."""

    def __init__(
        self,
        feeds: Feeds,
        confirm: Confirm,
        clusters: Callable[[str], Reader],
        lookups: Lookups,
        pace: Pace,
        told: Callable[[str], Progress | None],
        now: Callable[[], float],
    ) -> None:
        """``told``: what was last said of an operation on its message, by whomever."""
        self._pace, self._told_before = pace, told
        self._seen: set[str] = set()
        self._feeds, self._confirm, self._clusters, self._lookups, self._now = feeds, confirm, clusters, lookups, now

    def look(self, operation: Operation) -> Transition | None:
        """Back to planning, where it drifted; None too while nothing can be said."""
        ref, plan = operation.target, operation.plan
        if ref is None or plan is None:
            return None
        sight = look(self._feeds, ref, whole=False, beside=operation.beside)
        if isinstance(sight, Blind):
            self._tell(operation, sight)
            return None
        self._untell(operation)
        if _holds(plan, sight):
            return None
        # The cache may be behind what the plan was made from, and would then send it back for ever.
        confirmed = self._confirm.read(operation.id, ref, operation.beside)
        if confirmed is None or isinstance(confirmed, Blind):
            return None
        if confirmed.object is None:
            changes: tuple[FieldChange, ...] | None = (FieldChange(f"{ref.kind}/{ref.name}", "there", None),)
        else:
            changes = self._told(operation.id, plan, confirmed.object, confirmed.beside)
        return transitions.drifted(operation, changes, self._now()) if changes else None

    def _tell(self, operation: Operation, blind: Blind) -> None:
        """That nobody sees whether it changes, once that has lasted. Acting reads it again in any case."""
        if blind.trouble is None or blind.seconds < BLINK:
            return
        sentence = f"I can't see whether it changes while it waits; before anything is written I look. {blind.trouble}"
        self._seen.discard(operation.id)
        self._pace.offer(operation.id, Progress(sentence, 0, 0, 0, 0, self._now()))

    def _untell(self, operation: Operation) -> None:
        """Once: a watcher before this one may have told it. Raises ``StoreUnavailable``."""
        if operation.id in self._seen:
            return
        told = self._told_before(operation.id)
        if told and told.sentence and told.at >= operation.since:
            self._pace.offer(operation.id, Progress("", 0, 0, 0, 0, self._now()))
        self._seen.add(operation.id)

    def forget(self, id: str) -> None:
        """The operation moved."""
        self._seen.discard(id)

    def _told(self, id: str, plan: Plan, live: Object, beside: Object | None) -> tuple[FieldChange, ...] | None:
        """None while the template as it was planned is read. When it is there, the object is confirmed once more."""
        moved = drift(plan, live, beside=beside)
        if not moved or has_planned_template(plan, live):
            return moved
        cluster = plan.promise.ref.cluster
        found = self._lookups.ask(id, "planned", cluster, partial(self._planned, plan, live), SECONDS)
        return None if found is None else drift(plan, live, found.value, str(found.error or ""), beside=beside)

    def _planned(self, plan: Plan, live: Object) -> Object | None:
        return planned_template(self._clusters(plan.promise.ref.cluster), plan, live)


def _holds(plan: Plan, sight: Sight) -> bool:
    return sight.workload is not None and not drift(plan, sight.workload, beside=sight.beside)
