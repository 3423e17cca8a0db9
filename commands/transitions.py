"""Every way in which an operation moves. A ``Transition`` is built nowhere else, and the store writes nothing else.

Pure: they take the record as it was read and the wall time in Unix seconds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, TypeVar

from commands.demand import Demand, Vote
from commands.draft import FieldChange, Plan
from commands.invocation import Invocation
from commands.notices.notice import Notice
from commands.operation import (
    Drift,
    Ending,
    Freed,
    Moment,
    Operation,
    Origin,
    Rival,
    Settled,
    State,
    Withdrawal,
    Written,
)
from commands.proof.signatures import signed_plan, signed_request
from commands.proof.signing import Key
from commands.running import Running
from commands.transition import BY_ITSELF, S, Transition

DRIFTS_KEPT: Final = (1, 4)
MOMENTS_KEPT: Final = (4, 20)
WITHDRAWN_KEPT: Final = (0, 10)
FREED_KEPT: Final = (0, 20)
"""Of each list in a record so many of the first and so many of the latest, for a target may drift for ever."""

T = TypeVar("T")


def _bounded(items: tuple[T, ...], kept: tuple[int, int]) -> tuple[T, ...]:
    first, latest = kept
    return items if len(items) <= first + latest else (*items[:first], *items[-latest:])


def _moved(op: Operation, state: State, at: float, **fields: Any) -> Operation:
    moments = op.moments if op.state is state else _bounded((*op.moments, Moment(state, at)), MOMENTS_KEPT)
    return replace(op, state=state, moments=moments, version=op.version + 1, **fields)


def _step(
    op: Operation, state: State, event: str, actor: str, at: float, detail: str = "", **fields: Any
) -> Transition:
    return Transition(op, _moved(op, state, at, **fields), event, actor, at, detail)


def request(
    id: str, invocation: Invocation, environment: str, at: float, origin: Origin | None = None, key: Key | None = None
) -> Transition:
    """Someone asked for it: planning begins. ``key`` signs that it was asked."""
    op = Operation(
        id=id, state=S.PLANNING, invocation=invocation, environment=environment, created=at,
        moments=(Moment(S.PLANNING, at),), version=1, origin=origin,
        schema=invocation.schema,
    )  # fmt: skip
    op = signed_request(key, op)
    return Transition(None, op, "requested", invocation.person.id, at, detail=_asked(invocation, origin))


def _asked(invocation: Invocation, origin: Origin | None) -> str:
    words = [f"{origin.relation} of {origin.id}"] if origin else []
    words += [str(invocation.argument(name)) for name in ("reason", "link") if invocation.argument(name)]
    return "; ".join(words)


def reject(op: Operation, sentence: str, at: float) -> Transition:
    """Planning found that it asks for nothing, or may not be. Private to the requester."""
    return _step(op, S.REJECTED, "rejected", BY_ITSELF, at, sentence, ending=Ending(sentence))


def planned(
    op: Operation, plan: Plan, demand: Demand | None, at: float, key: Key | None = None,
    rivals: tuple[Rival, ...] = (), notice: Notice | None = None,
) -> Transition:  # fmt: skip
    """The plan stands. It waits for approvals where the environment asks for them, else it is queued at once.

    The absolute arguments replace what was said, so that planning again means the same. ``key`` signs them.
    ``notice``: what is told with it.
    """
    invocation = replace(op.invocation, arguments={**op.invocation.arguments, **plan.promise.arguments})
    op = signed_request(key, replace(op, invocation=invocation))
    op = signed_plan(key, replace(op, plan=plan, demand=demand))
    state = S.AWAITING if demand else S.QUEUED
    move = _step(op, state, "planned", BY_ITSELF, at, plan.summary, target=plan.promise.ref, votes=(), rivals=rivals)
    return replace(move, notice=notice)


def vote(op: Operation, cast: Vote) -> Transition:
    """Someone said yes or no. It does not count yet: the membership has to be read first."""
    return _step(op, S.AWAITING, "vote received", cast.person, cast.at, cast.no or "", votes=(*op.votes, cast))


def count(op: Operation, cast: Vote, at: float, roles: tuple[str, ...] | None = None) -> Transition:
    """The person holds these roles, so the vote counts: the last yes asked for queues the operation, one no ends it."""
    if cast.no is not None:
        return _step(op, S.DENIED, "denied", cast.person, at, cast.no, ending=Ending(cast.no, by=cast.person))
    votes = tuple(replace(v, counted=True, roles=roles) if v == cast else v for v in op.votes)
    state = S.QUEUED if replace(op, votes=votes).approved else S.AWAITING
    return _step(op, state, "approved", cast.person, at, votes=votes)


def discount(op: Operation, cast: Vote, sentence: str, at: float) -> Transition:
    """The person does not hold the role: the vote is struck out, and the record says so."""
    votes = tuple(v for v in op.votes if v != cast)
    return _step(op, S.AWAITING, "vote refused", cast.person, at, sentence, votes=votes)


def withdraw(op: Operation, person: str, at: float) -> Transition:
    """Somebody takes their yes back, which is possible until it is acted on: if it is missed then, the plan waits again."""
    votes = tuple(v for v in op.votes if v.person != person or v.no is not None)
    state = op.state if replace(op, votes=votes).approved else S.AWAITING
    withdrawn = _bounded((*op.withdrawn, Withdrawal(person, at, op.round)), WITHDRAWN_KEPT)
    return _step(op, state, "approval withdrawn", person, at, votes=votes, withdrawn=withdrawn)


def remind(op: Operation, at: float) -> Transition:
    """Half its time has passed: whichever bot shows it next reminds those whose yes is missing, each once."""
    return _step(op, S.AWAITING, "approvers reminded", BY_ITSELF, at, reminded=op.round)


def expire(op: Operation, at: float) -> Transition:
    """Nobody approved in time."""
    sentence = "Nobody approved it in time; nothing was changed."
    return _step(op, S.EXPIRED, "expired", BY_ITSELF, at, sentence, ending=Ending(sentence))


def cancel(op: Operation, person: str, sentence: str, at: float) -> Transition:
    """A person calls it off; while observing that means "no longer followed"."""
    return _step(op, S.CANCELLED, "cancelled", person, at, sentence, ending=Ending(sentence, by=person))


def drifted(op: Operation, changes: tuple[FieldChange, ...], at: float) -> Transition:
    """What the plan was made from has moved: approvals are void, planning begins again."""
    detail = "; ".join(f"{c.path}: {c.old} → {c.new}" for c in changes)
    drifts = _bounded((*op.drifts, Drift(changes, at, op.round)), DRIFTS_KEPT)
    return _step(
        op, S.PLANNING, "drifted", BY_ITSELF, at, detail,
        round=op.round + 1, votes=(), plan=None, demand=None, drifts=drifts,
    )  # fmt: skip


def act(op: Operation, at: float) -> Transition:
    """A worker begins to carry it out."""
    return _step(op, S.ACTING, "acting", BY_ITSELF, at)


def wrote(op: Operation, written: Written, at: float) -> Transition:
    """The change is made: now it is watched."""
    return _step(op, S.OBSERVING, "written", BY_ITSELF, at, f"generation {written.generation}", written=written)


def settle(op: Operation, settled: Settled, at: float) -> Transition:
    """All pods are ready; its environment watches on for a while before it counts."""
    return _step(op, S.OBSERVING, "all ready", BY_ITSELF, at, settled=settled)


def succeed(op: Operation, sentence: str, at: float, running: tuple[Running, ...] = ()) -> Transition:
    """What was written last runs, complete and ready; of an operation that broke, that is the way back."""
    if op.state is not S.ROLLING_BACK:
        return _step(op, S.SUCCEEDED, "succeeded", BY_ITSELF, at, sentence, ending=Ending(sentence, running=running))
    told = f"{_broken(op)}It went back to {_way_back(op)}: {sentence}"
    return _step(op, S.ROLLED_BACK, "rolled back", BY_ITSELF, at, told, ending=Ending(told, running=running))


def breaks(op: Operation, ending: Ending, at: float) -> Transition:
    """Its rollout is proven broken. Where the plan says so, it is taken back; the evidence is kept first."""
    failing = op.plan.promise.failing if op.plan else None
    if op.state is S.OBSERVING and failing and failing.goes_back:
        return _step(op, S.ROLLING_BACK, "broken", BY_ITSELF, at, ending.sentence, broken=ending, settled=None)
    return fail(op, ending, at)


def undid(op: Operation, written: Written, at: float) -> Transition:
    """The way back is written: now that is watched, for as long as any rollout may take."""
    move = _step(
        op, S.ROLLING_BACK, "way back written", BY_ITSELF, at, f"generation {written.generation}", undone=written
    )
    moments = _bounded((*op.moments, Moment(S.ROLLING_BACK, at)), MOMENTS_KEPT)
    return replace(move, after=replace(move.after, moments=moments))


def frees(op: Operation, pod: Freed, at: float) -> Transition:
    """A broken pod that is in the way is about to be deleted, as the plan said; or cannot be."""
    freed = _bounded((*(each for each in op.freed if each.uid != pod.uid), pod), FREED_KEPT)
    event, detail = ("pod kept", f"{pod.name}: {pod.kept}") if pod.kept else ("pod deleted", pod.name)
    return _step(op, op.state, event, BY_ITSELF, at, detail, freed=freed)


def fail(op: Operation, ending: Ending, at: float) -> Transition:
    """It came to nothing, or what came of it is not known; of what is being taken back, that this came to nothing."""
    if op.state is not S.ROLLING_BACK:
        return _step(op, S.FAILED, "failed", BY_ITSELF, at, ending.sentence, ending=ending)
    told = replace(ending, sentence=f"{_broken(op)}Going back to {_way_back(op)} failed. {ending.sentence}")
    return _step(op, S.ROLLBACK_FAILED, "rollback failed", BY_ITSELF, at, told.sentence, ending=told)


def supersede(op: Operation, sentence: str, at: float, by: str | None = None) -> Transition:
    """Someone else changed the target meanwhile, or ``by`` asks for something else in its place: nothing more is written."""
    if op.state is S.ROLLING_BACK:
        sentence = f"{_broken(op)}{'What it was taken back to' if op.undone else 'It'} was changed again. {sentence}"
    return _step(op, S.SUPERSEDED, "superseded", by or BY_ITSELF, at, sentence, ending=Ending(sentence, by=by))


def _broken(op: Operation) -> str:
    return f"{op.broken.sentence} " if op.broken else ""


def _way_back(op: Operation) -> str:
    return op.plan.way_back.what if op.plan and op.plan.way_back else "what ran before"


def give_way(op: Operation, to: Operation, at: float) -> Transition:
    """Who asked for ``to`` has said that it takes the place of this one, which waits on the same target."""
    person = to.invocation.person.id
    return supersede(op, f"<@{person}> asks for {to.id} in its place; nothing was changed.", at, by=person)
