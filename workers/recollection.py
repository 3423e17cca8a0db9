"""The pod template a plan was made on, recalled from the cluster: the plan holds only its digest (invariant 8).

Controllers keep it in the workload's revisions. It is read where drift is found, compared, and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from commands.canonical import digest_of
from commands.draft import FieldChange, Plan
from commands.errors import ClusterError
from commands.objects import Object
from workers.drift import drift, has_planned_template
from workers.revisions import kept_as, revisions_of


class Listed(Protocol):
    @property
    def items(self) -> Sequence[Object]: ...


class Reader(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def list(self, kind: str, namespace: str) -> Listed: ...


def drift_told(cluster: Reader, plan: Plan, live: Object, beside: Object | None = None) -> tuple[FieldChange, ...]:
    """``drift``, with the lines that only the template it was made on can tell.

    Drift is drift all the same where that cannot be read: then the last line says so.
    """
    if not drift(plan, live, beside=beside):
        return ()
    try:
        return drift(plan, live, planned_template(cluster, plan, live), beside=beside)
    except ClusterError as error:
        return drift(plan, live, unread=str(error), beside=beside)


def planned_template(cluster: Reader, plan: Plan, live: Object) -> Object | None:
    """None where it is the live one still, and where no revision keeps it any more. Raises ``ClusterError``."""
    if has_planned_template(plan, live):
        return None
    children = cluster.list(kept_as(live), plan.promise.ref.namespace).items
    templates = (revision.template for revision in revisions_of(live, children))
    return next((template for template in templates if digest_of(template) == plan.promise.template), None)
