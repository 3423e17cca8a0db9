"""Planning: from what somebody said to a plan that can be shown, approved and acted on."""

from __future__ import annotations

import logging
from dataclasses import replace

from commands import (
    transitions,
)
from commands.demand import Demand
from commands.destination import destination
from commands.draft import Draft, Plan, Ref
from commands.errors import (
    Busy,
    ClusterError,
    ImpossibleTransition,
    MembershipUnknown,
    Missing,
    NotFound,
    PreconditionFailed,
    QuarterdeckError,
    Refusal,
    StoreError,
    Unreachable,
    Unsuitable,
)
from commands.membership import ChannelFacts, is_fresh
from commands.notices import reviewing
from commands.objects import ref_of
from commands.operation import Operation, State, Written
from commands.policy import (
    Scope,
    asks_for_labels,
    authorise,
    check_audience,
    check_break_glass,
    check_objections,
    check_request,
    demand,
    scope_of_operation,
)
from commands.store import Lease
from workers.beside import read_beside
from workers.cluster import Object
from workers.jobs.act import act
from workers.jobs.context import PLANNING_AGE, Context
from workers.jobs.rivals import rivals
from workers.seal import seal
from workers.write import REPLICAS

log = logging.getLogger(__name__)

PLANNING_LIMIT = 60.0
"""Seconds after which planning ends when the cluster, or Slack's word on who somebody is, cannot be had."""


def plan(context: Context, id: str) -> None:
    """Plan the operation of that id, if it is to be planned. Harmless to repeat.

    Where nobody has to be asked the same job goes on to act: a second one would cost a fork and a handshake.
    """
    if _is_queued(context, id):
        act(context, id)


def _is_queued(context: Context, id: str) -> bool:
    with context.holding(id) as lease:
        if lease is None:
            return False
        operation = context.store.operations.load(id)
        if operation.state is not State.PLANNING:
            return False
        try:
            context.knowing(lambda: _allowed(context, operation))
            context.knowing(lambda: _visible(context, operation))
            made = _plan(context, operation)
            return _settle(context, operation, made, lease).state is State.QUEUED
        except MembershipUnknown as error:
            _later(context, operation, lease, f"{error} Nothing was changed; please try again.")
        except Unreachable as error:
            context.tell_unreached(operation, error, PLANNING_LIMIT, lease)
            _later(context, operation, lease, f"{error} Nothing was changed.", error.again)
        except PreconditionFailed as error:
            _later(context, operation, lease, f"{error} Nothing was changed.")
        except Busy as error:
            _reject(context, operation, lease, context.busy_sentence(error.holder))
        except (Refusal, ClusterError) as error:
            _reject(context, operation, lease, str(error))
        except (StoreError, ImpossibleTransition):
            raise
        except Exception as error:
            log.exception("%s: planning met a fault of our own", id)
            _later(context, operation, lease, f"{context.own_fault(error)} Nothing was changed.")
    return False


def _allowed(context: Context, operation: Operation) -> None:
    """Before anything is told of the object. Where a rule is about labels, they are read for that."""
    check_request(operation, context.store.key)
    scope = scope_of_operation(operation)
    _authorised(context, operation, scope)
    check_break_glass(
        context.config, context.membership(operation), operation.invocation, now=context.now(), max_age=PLANNING_AGE
    )
    if asks_for_labels(context.config, scope):
        _, changes = context.command(operation)
        target = context.live(operation.invocation, operation.environment).workload(
            operation.invocation.arguments[changes.target]
        )
        _allowed_exactly(context, operation, ref_of(target, ""), target)


def _authorised(context: Context, operation: Operation, scope: Scope) -> None:
    authorise(
        context.config, context.membership(operation), operation.invocation.person, scope,
        now=context.now(), max_age=PLANNING_AGE,
    )  # fmt: skip


def _visible(context: Context, operation: Operation) -> None:
    """Nothing is carried out where nobody could read of it. Raises ``Unsuitable`` or ``MembershipUnknown``."""
    where = f"in the channel where {operation.environment} is run"
    _postable(context, operation, destination(context.config, operation.environment, operation.invocation), where)
    if operation.invocation.breaks_glass and (rule := context.config.break_glass):
        _postable(context, operation, rule.channel, "in the channel where break-glass is told")


def _postable(context: Context, operation: Operation, channel: str, where: str) -> None:
    facts = _known(context, channel)
    if not facts.postable and facts.at < operation.created:  # it may have been invited since
        raise MembershipUnknown([channel])
    if not facts.postable:
        here = channel == operation.invocation.place.channel
        where = "in this channel" if here else f"{where} (<#{channel}>)"
        raise Unsuitable(f"I can't post {where}, so nothing was carried out. {_way_out(facts)}")


def _known(context: Context, channel: str) -> ChannelFacts:
    """Raises ``MembershipUnknown``."""
    facts = context.store.people.channel(channel)
    if facts is None or not is_fresh(facts, now=context.now(), max_age=PLANNING_AGE):
        raise MembershipUnknown([channel])
    return facts


def _way_out(facts: ChannelFacts) -> str:
    if facts.why == "missing_scope":
        return (
            "My Slack app lacks a scope; who runs me has to update it from `quarterdeck manifest` and install it again."
        )
    if facts.why == "archived":
        return "It is archived; ask in another channel, or have it unarchived."
    if facts.id.startswith("D"):
        return "Nobody can be added to a conversation between two people; ask in a channel, or in a message to me."
    return "Invite me there (type `/invite` and my name) and ask again."


def _plan(context: Context, operation: Operation) -> Plan:
    command, changes = context.command(operation)
    _still_there(context, operation)
    view = context.live(operation.invocation, operation.environment)
    drafted = changes.plan(operation.invocation, view)
    _unmoved_since_origin(context, operation, drafted)
    holder = context.store.operations.holder(drafted.patch.ref.claim)
    if holder and holder != operation.id:
        raise Busy(f"{holder} is at work on it.", holder)
    ref, read = drafted.patch.ref, context.clusters(drafted.patch.ref.cluster)
    live = view.workload(f"{ref.kind}/{ref.name}")
    context.knowing(lambda: _allowed_exactly(context, operation, ref, live))
    person = operation.invocation.person
    cluster = context.knowing(lambda: context.written_as(person, operation.environment, read, PLANNING_AGE))
    undoes = bool(operation.origin and operation.origin.undone)
    draft, way = context.prepared(operation.environment, command.name, drafted, live, view.revisions, undoes=undoes)
    made = seal(
        cluster, command.name, draft, read_beside(read, ref.namespace, draft.patch.beside) or live, context.now()
    )
    exposure = context.exposure(operation.environment, draft, live, neighbours=True)
    made = replace(made, exposure=exposure, labels=live["metadata"].get("labels") or {}, way_back=way)
    check_objections(context.config, operation, made, context.circumstances(operation), context.now())
    return made


def _still_there(context: Context, operation: Operation) -> None:
    """Planned again, what was planned on may be gone. Raises ``NotFound``: near names, as for a slip, would mislead."""
    if (ref := operation.target) is None:
        return
    try:
        context.clusters(ref.cluster).get(ref.kind, ref.namespace, ref.name)
    except Missing as error:
        raise NotFound(f"{ref.kind} {ref.name} was deleted meanwhile; nothing was changed.") from error


def _allowed_exactly(context: Context, operation: Operation, ref: Ref, live: Object) -> None:
    """Once more, now that it is known which object is meant: rules may be about its name and its labels."""
    _authorised(context, operation, scope_of_operation(operation, ref, live["metadata"].get("labels") or {}))


def _unmoved_since_origin(context: Context, operation: Operation, draft: Draft) -> None:
    """A Roll back button undoes what its own operation wrote, not what somebody else did since. Raises ``Unsuitable``."""
    if operation.origin is None or operation.origin.undone is None:
        return
    origin = context.store.operations.load(operation.origin.undone)
    if origin.written and not _stands(origin.written, draft):
        raise Unsuitable(
            f"{draft.patch.ref.name} was changed again after {origin.id}, so its Roll back button no longer fits. "
            f"Nothing was changed; say `{context.typed('rollback')}` yourself to choose a revision "
            f"(`{context.typed('history')}` lists them)."
        )


def _stands(written: Written, draft: Draft) -> bool:
    """Whether what was written is still what the draft begins from: the template, and replicas or bounds where both are about them."""
    replicas = [edit.old for edit in draft.patch.edits if edit.path == REPLICAS]
    counts = written.replicas is None or replicas in ([], [written.replicas])
    return written.template == draft.template and counts and written.bounds in {None, draft.bounds}


def _settle(context: Context, operation: Operation, made: Plan, lease: Lease) -> Operation:
    now, rule = context.now(), context.config.break_glass
    told, asked = None, None
    if operation.invocation.breaks_glass and rule:  # planning has checked that it may
        told = reviewing.opened(rule, operation, made, now)
    else:
        asked = demand(context.config, operation.environment, now, operation.invocation.verb, made.exposure)
        context.knowing(lambda: _heard(context, operation, asked))
    others = rivals(context, operation, made.promise.ref)
    move = transitions.planned(operation, made, asked, now, context.store.key, others if asked else (), told)
    return context.record(move, lease)


def _heard(context: Context, operation: Operation, asked: Demand | None) -> None:
    """Whom it asks can read it. Raises ``Unsuitable`` or ``MembershipUnknown``."""
    place = _known(context, destination(context.config, operation.environment, operation.invocation))
    known = context.store.people.membership([operation.invocation.person.id, *(place.readers or ())])
    check_audience(context.config, known, operation, asked, place, now=context.now(), max_age=PLANNING_AGE)


def _later(context: Context, operation: Operation, lease: Lease, sentence: str, again: float = 0.0) -> None:
    """Try again in a second, or then, until it is too late for an answer to be of use."""
    now = context.now()
    if now - operation.moments[-1].at > PLANNING_LIMIT:
        _reject(context, operation, lease, sentence)
    else:
        log.info("%s: planning is put off: %s", operation.id, sentence)
        context.store.operations.put_off(operation.id, max(again, now + 1))


def _reject(context: Context, operation: Operation, lease: Lease, sentence: str) -> None:
    try:
        context.record(transitions.reject(operation, sentence, context.now()), lease)
    except QuarterdeckError as error:
        log.warning("%s: could not be rejected, the sweep will try again: %s", operation.id, error)
