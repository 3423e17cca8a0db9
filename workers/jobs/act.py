"""Acting: one write to the cluster, exactly as shown and approved, at most once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from commands import transitions
from commands.draft import Draft, Exposure, FieldChange, Plan
from commands.errors import (
    ClusterError,
    ImpossibleTransition,
    MembershipUnknown,
    NotAllowed,
    NotFound,
    QuarterdeckError,
    Refusal,
    StoreError,
    Unreachable,
)
from commands.operation import Ending, Operation, State
from commands.policy import Permit, permit
from commands.store import Lease
from workers.beside import read_beside
from workers.cluster import Cluster, Object
from workers.jobs.context import ACTING_AGE, Context
from workers.jobs.free import free
from workers.jobs.go_back import go_back
from workers.recollection import drift_told
from workers.undo import Overtaken
from workers.write import Drifted, Stamp, already_written, apply

log = logging.getLogger(__name__)

Step = Callable[[Context, Operation, Lease], None]

ACTING_LIMIT = 600.0
"""Seconds after which acting ends when the cluster or the approvers' membership cannot be read."""


def act(context: Context, id: str) -> None:
    """Carry the operation out, if it is queued or was left in the middle. Harmless to repeat."""
    with context.holding(id) as lease:
        if lease is None:
            return
        operation = context.store.operations.load(id)
        if operation.state is State.QUEUED:
            operation = context.store.operations.apply(transitions.act(operation, context.now()), lease=lease)
        step = free if operation.undone else STEPS.get(operation.state)
        if step:
            _attempt(context, operation, lease, step)


def _attempt(context: Context, operation: Operation, lease: Lease, step: Step) -> None:
    unchanged = "Nothing was changed." if operation.written is None else "Nothing more was changed."
    try:
        step(context, operation, lease)
    except MembershipUnknown as error:
        _later(context, operation, lease, str(error))
    except Unreachable as error:
        context.tell_unreached(operation, error, ACTING_LIMIT, lease)
        _later(context, operation, lease, str(error), error.again)
    except NotAllowed as error:
        _fail(context, operation, lease, f"{error} {unchanged}", error.people)
    except Overtaken as error:
        context.record(transitions.supersede(operation, str(error), context.now()), lease)
    except (ClusterError, NotFound) as error:
        _fail(context, operation, lease, str(error))
    except (StoreError, ImpossibleTransition):
        raise
    except Exception as error:
        log.exception("%s: acting met a fault of our own", operation.id)
        _later(context, operation, lease, context.own_fault(error))


def _carry_out(context: Context, operation: Operation, lease: Lease) -> None:
    """Our own stamp is looked for before planning again: a retry must not take its own write for drift."""
    assert operation.plan  # noqa: S101 - the transition into acting demands it
    ref = operation.plan.promise.ref
    cluster = context.clusters(ref.cluster)
    live = cluster.get(ref.kind, ref.namespace, ref.name)
    beside = read_beside(cluster, ref.namespace, operation.beside)
    written = already_written(live, operation.id, operation.plan, operation.moments[-1].at, beside)
    if written is None:
        granted = context.knowing(lambda: _permit(context, operation, live))
        try:
            draft = _drafted_anew(context, cluster, operation, granted.plan, live, beside)
            if exposure := context.exposure(operation.environment, draft, live):  # rules are about what is at stake now
                granted = context.knowing(lambda: _permit(context, operation, live, exposure))
            person = operation.invocation.person
            writing = context.knowing(lambda: context.written_as(person, operation.environment, cluster, ACTING_AGE))
            stamp = Stamp.of(operation, context.permalink(operation.id))
            written = apply(writing, granted, draft, live, stamp, context.now(), beside)
        except Drifted as error:
            _replan(context, operation, error.changes, lease)
            return
    context.store.operations.apply(transitions.wrote(operation, written, context.now()), lease=lease)


STEPS: dict[State, Step] = {State.ACTING: _carry_out, State.OBSERVING: free, State.ROLLING_BACK: go_back}


def _permit(context: Context, operation: Operation, live: Object, exposure: Exposure | None = None) -> Permit:
    labels = live["metadata"].get("labels") or {}
    return permit(
        context.config, context.membership(operation), operation, labels, context.circumstances(operation),
        now=context.now(), max_age=ACTING_AGE, key=context.store.key, exposure=exposure,
    )  # fmt: skip


def _drafted_anew(
    context: Context, cluster: Cluster, operation: Operation, plan: Plan, live: Object, beside: Object | None
) -> Draft:
    """From live state: the record tells only what the values have to be (invariant 8). Raises ``Drifted``."""
    _, changes = context.command(operation)
    try:
        draft = changes.plan(operation.invocation, context.live(operation.invocation, operation.environment, live))
        return replace(draft, failing=plan.promise.failing)  # no command's business
    except Refusal as error:
        moved = drift_told(cluster, plan, live, beside)  # nothing where a pause, which is in no plan, is the reason
        raise Drifted(str(error), moved or (FieldChange("the plan", "as it was approved", str(error)),)) from error


def _replan(context: Context, operation: Operation, changes: tuple[FieldChange, ...], lease: Lease) -> None:
    context.record(transitions.drifted(operation, changes, context.now()), lease)
    context.queue.enqueue("plan", operation.id, operation.environment)


def _later(context: Context, operation: Operation, lease: Lease, sentence: str, again: float = 0.0) -> None:
    now = context.now()
    if now - operation.moments[-1].at > ACTING_LIMIT:
        _fail(context, operation, lease, f"{sentence} I stopped trying; look at the object before you ask again.")
    else:
        log.info("%s: acting is put off: %s", operation.id, sentence)
        context.store.operations.put_off(operation.id, max(again, now + 1))


def _fail(context: Context, operation: Operation, lease: Lease, sentence: str, people: tuple[str, ...] = ()) -> None:
    try:
        context.record(transitions.fail(operation, Ending(sentence, people=people), context.now()), lease)
    except QuarterdeckError as error:
        log.warning("%s: could not be failed, the sweep will try again: %s", operation.id, error)
