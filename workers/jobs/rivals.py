"""What waits for approval on the same target: told to those who are asked, and ended where who asks for this says so."""

from __future__ import annotations

from commands import transitions
from commands.draft import Ref
from commands.errors import NotAllowed
from commands.operation import Operation, Rival, State
from commands.policy import may_cancel
from workers.jobs.context import PLANNING_AGE, Context


def rivals(context: Context, operation: Operation, ref: Ref) -> tuple[Rival, ...]:
    """Those that go on waiting; just before its plan is written, for what ends here is over then.

    Raises ``NotAllowed`` where it is to take the place of what its author may not cancel, and ``MembershipUnknown``.
    """
    waiting = [other for other in context.store.operations.in_flight() if other.state is State.AWAITING]
    waiting = [other for other in waiting if other.target == ref and other.id != operation.id]
    if operation.invocation.supersedes:
        # what was asked for since knew of this one, and the author of this one not of that
        earlier = [other for other in waiting if other.created < operation.created]
        _replace(context, operation, earlier)
        waiting = [other for other in waiting if other not in earlier]
    return tuple(Rival(each.id, f"{each.invocation.verb} {each.what}", each.invocation.person.id) for each in waiting)


def _replace(context: Context, operation: Operation, earlier: list[Operation]) -> None:
    """All or none of them. Whoever dies before the plan is written leaves it due for planning, so that it still takes their place."""
    context.knowing(lambda: _check(context, operation, earlier))
    for other in earlier:
        context.store.operations.apply(transitions.give_way(other, operation, context.now()))


def _check(context: Context, operation: Operation, earlier: list[Operation]) -> None:
    person, membership = operation.invocation.person, context.membership(operation)
    for other in earlier:
        try:
            may_cancel(context.config, membership, other, person, now=context.now(), max_age=PLANNING_AGE)
        except NotAllowed as error:
            raise NotAllowed(f"{other.id} waits on the same target, and you may not replace it: {error}") from error
