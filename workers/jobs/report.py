"""Answering a question: what is asked of a cluster, which is only read, or of a lock, which may move with the answer."""

from __future__ import annotations

import logging
from dataclasses import replace

from commands.declaration import Locks, Reads
from commands.errors import (
    ClusterError,
    MembershipUnknown,
    NotAllowed,
    NotFound,
    QuarterdeckError,
    Refusal,
    Silent,
    Stale,
    StoreError,
)
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.locks.locking import Locking
from commands.objects import name_of, owner_of
from commands.policy import Scope, asks_for_labels, authorise, scope_of
from commands.registry import arguments_of, right_of
from commands.report import Report
from commands.store import Question
from commands.times import duration
from workers.jobs.context import PLANNING_AGE, Context

log = logging.getLogger(__name__)

ANSWERING_LIMIT = 30.0
"""Seconds for which Slack is asked who somebody is."""

LATEST = 3600.0
"""Seconds for which a question is kept at most. An older one bears its signature, but was put back by somebody."""


def report(context: Context, id: str) -> None:
    """Answer the question of that id, if it is still asked. Harmless to repeat."""
    try:
        question = context.store.reports.load(id)
    except NotFound:
        context.store.operations.forget_due(id)
        return
    if question.answer is not None:
        return
    if not context.store.reports.was_asked(question) or context.now() - question.created > LATEST:
        log.warning("%s: nobody asked this through the bot within the hour, so nobody is answered", id)
        context.store.operations.forget_due(id)
        return
    try:
        answer = context.knowing(lambda: _answer(context, question))
    except MembershipUnknown as error:
        if context.now() - question.created < ANSWERING_LIMIT:
            context.store.operations.put_off(id, context.now() + 1)
            return
        _refuse(context, question, f"{error} Please try again.")
    except NotAllowed as error:
        context.store.audit.refuse(question.invocation, str(error), context.now())
        _refuse(context, question, str(error))
    except (Refusal, ClusterError, StoreError) as error:
        _refuse(context, question, _told(error, context.now()))
    except Exception as error:
        log.exception("%s: answering met a fault of our own", id)
        _refuse(context, question, context.own_fault(error))
    else:
        _give(context, question, answer)


def _told(error: QuarterdeckError, now: float) -> str:
    if isinstance(error, Silent):
        return f"{error} I ask it again in {duration(error.again - now)}; ask me then."
    return str(error)


def _give(context: Context, question: Question, answer: Report | Locking) -> None:
    if isinstance(answer, Report):
        context.store.reports.answer(question, answer, context.now())
        return
    try:
        context.store.locks.apply(answer, question)
    except Stale:  # somebody moved it this very moment: decided anew by what it is now
        context.store.operations.put_off(question.id, context.now())


def _refuse(context: Context, question: Question, sentence: str) -> None:
    """A mistake concerns the person who made it, wherever the answer would have stood."""
    context.store.reports.answer(replace(question, private=True), Report(sentence), context.now())


def _answer(context: Context, question: Question) -> Report | Locking:
    invocation = question.invocation
    command = context.registry.get(invocation.verb)
    live = context.live(invocation, invocation.environment)
    if not context.registry.is_anyones(invocation):
        _authorise(context, invocation, live)
    if isinstance(command.effect, Locks):
        move = command.effect.decide(invocation, live)
        if not move.own:
            _authorise(context, invocation, live)
        return move
    assert isinstance(command.effect, Reads)  # noqa: S101 - the bot asks nothing else
    return command.effect.report(invocation, live)


def _authorise(context: Context, invocation: Invocation, live: Live) -> None:
    membership = context.store.people.membership([invocation.person.id])
    authorise(
        context.config, membership, invocation.person, _scope(context, invocation, live),
        now=context.now(), max_age=PLANNING_AGE,
    )  # fmt: skip


def _scope(context: Context, invocation: Invocation, live: Live) -> Scope:
    """Read only where a rule may be about labels, or a pod is named: then its workload is judged.

    What is not there bears no labels, so that only a rule about them refuses. Without an environment there is no object.
    """
    right, said = right_of(invocation), arguments_of(invocation).get("workload")
    scope, is_pod = scope_of(invocation, right), str(said).startswith("pod/")
    if said is None or invocation.environment is None or not (is_pod or asks_for_labels(context.config, scope)):
        return scope_of(invocation, right, {})
    try:
        found = _owner(live, said) if is_pod else live.subject(said)
    except NotFound:
        return replace(scope, workload=said.rpartition("/")[2], labels={}, exact=True)
    return replace(scope, workload=name_of(found), labels=found["metadata"].get("labels") or {}, exact=True)


def _owner(live: Live, said: str) -> Object:
    """The workload of a pod; the pod itself where that is none of ours, such as a Job. Raises ``NotFound``."""
    pod = live.pod(said.removeprefix("pod/"))
    try:
        return live.subject(owner) if (owner := owner_of(pod)) else pod
    except NotFound:
        return pod
