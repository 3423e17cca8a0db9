"""The one write that takes a broken change back, by itself: as its approved plan said, and over nobody else's change.

It expects the object as our own write left it: its uid, our stamp, and the very values that we wrote. The values that it
goes back to are in the cluster; the plan knows them by hash (invariant 8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from commands.canonical import digest_of
from commands.draft import Edit, Failing, Guard, Patch, Ref
from commands.errors import Invalid, NotFound, OutcomeUnknown, PreconditionFailed, QuarterdeckError
from commands.live import Revision
from commands.objects import Object, annotation, bare_template, replicas_wanted, template_of
from commands.operation import Operation, Written
from commands.policy import Permit
from workers.authors import author_of
from workers.cluster import FIELD_MANAGER, Cluster
from workers.paths import pointer
from workers.write import OPERATION, REPLICAS, SOMEONE_ELSES, UNDONE, Stamp, json_patch, written_of

_STAMP = "/metadata/annotations" + pointer(OPERATION)
_TEMPLATE = "/spec/template"
_ATTEMPTS = 3


class Overtaken(QuarterdeckError):
    """Somebody else changed the target since: what they did stands, and nothing was written."""


def take_back(
    cluster: Cluster, permit: Permit, live: Object, revisions: Callable[[Object], Sequence[Revision]],
    stamp: Stamp, now: float,
) -> Written:  # fmt: skip
    """Write the way back, unless it is written already. ``now`` (Unix seconds) is used where the server tells no time.

    Raises ``Overtaken``, ``NotFound`` (the cluster no longer keeps what it would go back to) and ``ClusterError``'s kinds.
    """
    operation, ref = permit.operation, permit.plan.promise.ref
    for _ in range(_ATTEMPTS):
        if done := already_back(live, operation, now):
            return done
        patch = way_back(operation, live, revisions)
        try:
            answer = cluster.patch(ref.kind, ref.namespace, ref.name, json_patch(patch, live, stamp), dry_run=False)
        except OutcomeUnknown:
            live = cluster.get(ref.kind, ref.namespace, ref.name)
            if done := already_back(live, operation, now):
                return done
            raise
        except PreconditionFailed:  # nothing was written; read again to know why
            live = cluster.get(ref.kind, ref.namespace, ref.name)
        else:
            return written_of(answer.object, permit.plan, now)
    raise Invalid(f"The API server does not take the way back of {ref.kind} {ref.name}, although nothing has moved.")


def already_back(live: Object, operation: Operation, begun: float) -> Written | None:
    """What our way back returned, as far as the object still tells; None without its stamp on that very object.

    Where somebody has overwritten it since, the template is ``SOMEONE_ELSES``.
    """
    plan, ref = operation.plan, operation.target
    failing = plan.promise.failing if plan else None
    if plan is None or failing is None or ref is None or live["metadata"].get("uid") != ref.uid:
        return None
    if not annotation(live, OPERATION) == annotation(live, UNDONE) == operation.id:
        return None
    written = written_of(live, plan, begun)
    return written if _is_back(live, failing) else replace(written, template=SOMEONE_ELSES)


def _is_back(live: Object, failing: Failing) -> bool:
    template = failing.template in {None, digest_of(bare_template(template_of(live)))}
    return template and failing.replicas in {None, replicas_wanted(live)}


def way_back(operation: Operation, live: Object, revisions: Callable[[Object], Sequence[Revision]]) -> Patch:
    """From what we wrote to what the plan names. Raises ``Overtaken`` and ``NotFound``."""
    promise = operation.plan.promise if operation.plan else None
    if promise is None or promise.failing is None or operation.written is None:
        raise NotFound(f"{operation.id} has nothing to take back.")
    failing, ref = promise.failing, promise.ref
    _check_ours(operation, operation.written, ref, live)
    edits: list[Edit] = []
    if failing.replicas is not None:
        edits.append(Edit(REPLICAS, replicas_wanted(live), failing.replicas))
    if failing.template is not None:
        edits.append(Edit(_TEMPLATE, template_of(live), _kept(failing.template, ref.name, revisions(live))))
    return Patch(ref, tuple(edits), (Guard(_STAMP, operation.id),))


def _kept(template: str, name: str, revisions: Sequence[Revision]) -> Object:
    for revision in revisions:
        bare = bare_template(revision.template)
        if digest_of(bare) == template:
            return bare
    raise NotFound(
        f"what {name} ran before is no longer among its revisions, of which revisionHistoryLimit keeps some."
    )


def _check_ours(operation: Operation, written: Written, ref: Ref, live: Object) -> None:
    """What we wrote stands as we wrote it. Raises ``Overtaken``."""
    if live["metadata"].get("uid") != ref.uid:
        raise Overtaken(f"{ref.kind} {ref.name} was deleted and made anew meanwhile.")
    if digest_of(template_of(live)) != written.template:
        raise Overtaken(f"{_who(live, 'template')} changed the pod template meanwhile.")
    if written.replicas is not None and replicas_wanted(live) != written.replicas:
        raise Overtaken(f"{_who(live, 'replicas')} set the replicas to {replicas_wanted(live)} meanwhile.")
    if annotation(live, OPERATION) != operation.id:
        raise Overtaken(f"{_who(live, 'template')} wrote over {operation.id} meanwhile.")


def _who(live: Object, field: str) -> str:
    author = author_of(live, "spec", field, besides=FIELD_MANAGER)
    return f"the field manager {author}" if author else "somebody"
