"""While a plan waits for approval its target is watched: drift voids the approvals at once."""

from __future__ import annotations

from commands import transitions
from commands.draft import FieldChange
from commands.operation import Operation
from commands.transitions import Transition
from workers.diff import drift
from workers.watcher.feeds import Feeds


def drifted(operation: Operation, feeds: Feeds, now: float) -> Transition | None:
    """Back to planning, where what the plan was made from is no longer so. None too while the feed is not synced."""
    ref, plan = operation.target, operation.plan
    feed = feeds.of(ref.cluster, ref.namespace, ref.kind) if ref else None
    if ref is None or plan is None or feed is None or not feed.synced:
        return None
    live = feed.cache.by_name(ref.name)
    if live is None:
        return transitions.drifted(operation, (FieldChange(f"{ref.kind}/{ref.name}", "there", None),), now)
    changes = drift(plan, live)
    return transitions.drifted(operation, changes, now) if changes else None
