"""Going back: the second write of an operation whose change broke, where its approved plan said so. At most once."""

from __future__ import annotations

from commands import transitions
from commands.errors import Missing
from commands.operation import Operation
from commands.policy import permit_way_back
from commands.store import Lease
from workers.jobs.context import ACTING_AGE, Context
from workers.undo import Overtaken, already_back, take_back
from workers.write import Stamp


def go_back(context: Context, operation: Operation, lease: Lease) -> None:
    """The stamp is looked for first, as in acting. Raises ``Overtaken``, and what acting raises."""
    assert operation.target  # noqa: S101 - something was written
    ref = operation.target
    cluster = context.clusters(ref.cluster)
    try:
        live = cluster.get(ref.kind, ref.namespace, ref.name)
    except Missing as error:
        raise Overtaken(f"{ref.kind} {ref.name} was deleted meanwhile.") from error
    written = already_back(live, operation, operation.since)
    if written is None:
        granted = permit_way_back(context.config, operation, now=context.now(), key=context.store.key)
        person, stamp = operation.invocation.person, Stamp.undoing(operation, context.permalink(operation.id))
        writing = context.knowing(lambda: context.written_as(person, operation.environment, cluster, ACTING_AGE))
        revisions = context.live(operation.invocation, operation.environment, live).revisions
        written = take_back(writing, granted, live, revisions, stamp, context.now())
    context.record(transitions.undid(operation, written, context.now()), lease)
