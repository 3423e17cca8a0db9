"""Rules that ask for more than they did when the plan was made: it is planned anew by them, as if its target had moved."""

from __future__ import annotations

from commands.config import Config
from commands.demand import Demand
from commands.draft import FieldChange
from commands.errors import MembershipUnknown, NotAllowed
from commands.membership import Membership
from commands.operation import Operation
from commands.policy.acting import check_approvals
from commands.policy.approvals import demand
from commands.policy.sentences import listed, the_role
from commands.policy.standing import Known


def stricter(
    config: Config, membership: Membership, operation: Operation, *, now: float, max_age: float
) -> tuple[FieldChange, ...]:
    """What is asked for now, where those who have said yes to an approved plan are not enough for that.

    Nothing where it cannot be told: a worker judges again before it writes.
    """
    then, plan = operation.demand, operation.plan
    asked = demand(config, operation.environment, now, operation.invocation.verb, plan.exposure if plan else None)
    if then is None or asked is None or _words(then) == _words(asked):
        return ()
    try:
        check_approvals(config, Known(membership, now, max_age), operation, asked)
    except NotAllowed:
        return (FieldChange("approvals", _words(then), _words(asked)),)
    except MembershipUnknown:
        return ()
    return ()


def _words(asked: Demand) -> str:
    """``1 from the role sre and 1 from the role dba``."""
    return listed([f"{need.required} from {the_role(need.roles)}" for need in asked.needs], "and")
