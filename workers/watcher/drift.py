"""While a plan waits for approval its target is watched: what it was made from must still hold, or the approvals are void."""

from __future__ import annotations

from collections.abc import Callable

from commands import transitions
from commands.draft import FieldChange
from commands.operation import Operation
from commands.transitions import Transition
from workers.diff import drift
from workers.watcher.confirm import Confirm
from workers.watcher.feeds import Feeds
from workers.watcher.sight import Blind, look


class Drift:
    """Called by the loop's thread only."""

    def __init__(self, feeds: Feeds, confirm: Confirm, now: Callable[[], float]) -> None:
        self._feeds, self._confirm, self._now = feeds, confirm, now

    def look(self, operation: Operation) -> Transition | None:
        """Back to planning, where it drifted; None too while nothing can be said."""
        ref, plan = operation.target, operation.plan
        if ref is None or plan is None:
            return None
        sight = look(self._feeds, ref, whole=False)
        if isinstance(sight, Blind) or (sight.workload is not None and not drift(plan, sight.workload)):
            return None
        # The cache may be behind what the plan was made from, and would then send it back for ever.
        confirmed = self._confirm.read(operation.id, ref)
        if confirmed is None:
            return None
        if confirmed.object is None:
            changes: tuple[FieldChange, ...] = (FieldChange(f"{ref.kind}/{ref.name}", "there", None),)
        else:
            changes = drift(plan, confirmed.object)
        return transitions.drifted(operation, changes, self._now()) if changes else None
