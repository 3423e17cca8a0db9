"""Answering a question: read, never write."""

from __future__ import annotations

import logging
from dataclasses import replace

from commands.declaration import Reads
from commands.errors import ClusterError, MembershipUnknown, NotAllowed, NotFound, Refusal, StoreError
from commands.invocation import Invocation
from commands.live import Live
from commands.policy import Scope, asks_for_labels, authorise, scope_of
from commands.registry import right_of
from commands.report import Report
from commands.store import Question
from workers.jobs.context import PLANNING_AGE, Context

log = logging.getLogger(__name__)

ANSWERING_LIMIT = 30.0
"""Seconds for which Slack is asked who somebody is."""


def report(context: Context, id: str) -> None:
    """Answer the question of that id, if it is still asked. Harmless to repeat."""
    try:
        question = context.store.reports.load(id)
    except NotFound:
        context.store.operations.forget_due(id)
        return
    if question.answer is not None:
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
        _refuse(context, question, str(error))
    except Exception as error:
        log.exception("%s: answering met a fault of our own", id)
        _refuse(context, question, context.own_fault(error))
    else:
        context.store.reports.answer(question, answer, context.now())


def _refuse(context: Context, question: Question, sentence: str) -> None:
    """A mistake concerns the person who made it, wherever the answer would have stood."""
    context.store.reports.answer(replace(question, private=True), Report(sentence), context.now())


def _answer(context: Context, question: Question) -> Report:
    invocation = question.invocation
    command = context.registry.get(invocation.verb)
    live = context.live(invocation, invocation.environment)
    if not context.registry.is_anyones(invocation):
        membership = context.store.people.membership([invocation.person.id])
        authorise(
            context.config, membership, invocation.person, _scope(context, invocation, live),
            now=context.now(), max_age=PLANNING_AGE,
        )  # fmt: skip
    assert isinstance(command.effect, Reads)  # noqa: S101 - the bot asks nothing else
    return command.effect.report(invocation, live)


def _scope(context: Context, invocation: Invocation, live: Live) -> Scope:
    """Labels are read only where a rule is about them. What is not there bears none, so that only such a rule refuses."""
    right, said = right_of(invocation), invocation.argument("workload")
    scope = scope_of(invocation, right)
    if said is None or not asks_for_labels(context.config, scope):
        return scope_of(invocation, right, {})
    kind, slash, name = str(said).partition("/")
    try:
        found = live.pod(name) if slash and kind == "pod" else live.workload(str(said))
    except NotFound:
        return scope_of(invocation, right, {})
    return scope_of(invocation, right, found["metadata"].get("labels") or {})
