"""The pod template a plan was made on, recalled from the cluster: the plan holds only its digest (invariant 8).

Controllers keep it in the workload's revisions. It is read where drift is found, compared, and stored nowhere.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from commands.canonical import digest_of
from commands.draft import FieldChange, Plan
from commands.errors import ClusterError
from commands.objects import Object, name_of
from workers.drift import drift, has_planned_template
from workers.revisions import kept_as, revisions_of

log = logging.getLogger(__name__)


class Listed(Protocol):
    @property
    def items(self) -> Sequence[Object]: ...


class Reader(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def list(self, kind: str, namespace: str) -> Listed: ...


def drift_told(cluster: Reader, plan: Plan, live: Object) -> tuple[FieldChange, ...]:
    """``drift``, with the lines that only the template it was made on can tell."""
    return drift(plan, live, planned_template(cluster, plan, live)) if drift(plan, live) else ()


def planned_template(cluster: Reader, plan: Plan, live: Object) -> Object | None:
    """None where it is the live one still, where no revision keeps it any more, and where none can be read.

    Drift is drift all the same: what it was is worth a look-up, not an error.
    """
    if has_planned_template(plan, live):
        return None
    try:
        children = cluster.list(kept_as(live), plan.promise.ref.namespace).items
    except ClusterError as error:
        log.info("the revisions of %s %s cannot be read: %s", live["kind"], name_of(live), error)
        return None
    templates = (revision.template for revision in revisions_of(live, children))
    return next((template for template in templates if digest_of(template) == plan.promise.template), None)
