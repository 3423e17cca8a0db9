"""Who may run which command where, and who may see an operation. What no rule allows is refused."""

from __future__ import annotations

from collections.abc import Iterable

from commands.config import Config
from commands.errors import NotAllowed
from commands.invocation import Person
from commands.membership import Membership
from commands.operation import Operation, State
from commands.policy.outcomes import how_it_stands
from commands.policy.sentences import KEEPER, the_role, whom_to_ask
from commands.policy.standing import Known, holds

READS = "status"
"""Who may run this in an environment may see the operations there."""


def authorise(
    config: Config, membership: Membership, person: Person, verb: str, environment: str | None,
    *, now: float, max_age: float,
) -> None:  # fmt: skip
    """Return if a rule lets the person run the command there; for no environment, if one does anywhere.

    Raises ``NotAllowed``, which names the rule that would allow it, or ``MembershipUnknown``.
    """
    known = Known(membership, now, max_age)
    if not holds(config, known, person, roles_for(config, [verb], environment)):
        raise NotAllowed(_refusal(config, membership, person, verb, environment))


def roles_for(config: Config, verbs: Iterable[str], environment: str | None) -> tuple[str, ...]:
    """The roles that may run one of the commands there, in the file's order; none for an unknown environment."""
    if environment is not None and environment not in config.environments:
        return ()
    wanted = tuple(verbs)
    rules = (rule for rule in config.permissions if any(rule.covers(verb, environment) for verb in wanted))
    return tuple(dict.fromkeys(role for rule in rules for role in rule.roles))


def verbs_allowed(
    config: Config, membership: Membership, person: Person, verbs: Iterable[str],
    *, environment: str | None = None, now: float, max_age: float,
) -> frozenset[str]:  # fmt: skip
    """Those of the commands ``verbs`` that the person may run there, or anywhere. Raises ``MembershipUnknown``."""
    known = Known(membership, now, max_age)
    return frozenset(v for v in verbs if holds(config, known, person, roles_for(config, [v], environment)))


def environments_visible(
    config: Config, membership: Membership, person: Person,
    *, verb: str | None = None, now: float, max_age: float,
) -> tuple[str, ...]:  # fmt: skip
    """The environments, in the file's order, where the person may run the command, or any. Raises ``MembershipUnknown``."""
    known = Known(membership, now, max_age)
    return tuple(name for name in config.environments if holds(config, known, person, _roles_in(config, verb, name)))


def _roles_in(config: Config, verb: str | None, environment: str) -> tuple[str, ...]:
    return roles_for(config, [verb] if verb else _every_verb(config), environment)


def _every_verb(config: Config) -> frozenset[str]:
    return frozenset(verb for rule in config.permissions for verb in rule.commands)


def may_see(
    config: Config, membership: Membership, person: Person, operation: Operation, *, now: float, max_age: float
) -> bool:
    """Its requester, its approvers, and who may run its command or ``status`` there. Raises ``MembershipUnknown``."""
    if person.id == operation.invocation.person.id:
        return True
    roles = {*roles_for(config, [operation.invocation.verb, READS], operation.environment)}
    if operation.environment in config.environments:
        roles |= {*_approvers(config, operation)}
    return holds(config, Known(membership, now, max_age), person, sorted(roles))


def _approvers(config: Config, operation: Operation) -> tuple[str, ...]:
    approvals = config.environments[operation.environment].approvals
    asked = operation.demand.roles if operation.demand else ()
    return (*asked, *(approvals.approvers if approvals else ()))


CANCELLABLE = frozenset({State.PLANNING, State.AWAITING, State.QUEUED, State.OBSERVING})


def may_cancel(
    config: Config, membership: Membership, operation: Operation, person: Person, *, now: float, max_age: float
) -> None:
    """Its requester may, and whoever may run its command there. Raises ``NotAllowed`` or ``MembershipUnknown``."""
    if operation.state not in CANCELLABLE:
        raise NotAllowed(how_it_stands(operation))
    if person.id == operation.invocation.person.id:
        return
    authorise(config, membership, person, operation.invocation.verb, operation.environment, now=now, max_age=max_age)


def _refusal(config: Config, membership: Membership, person: Person, verb: str, environment: str | None) -> str:
    if environment is not None and environment not in config.environments:
        return f"quarterdeck.yaml has no such environment (any more). There are: {', '.join(config.environments)}."
    what = f"`{verb}` in {environment}" if environment else f"`{verb}`"
    roles = roles_for(config, [verb], environment)
    if not roles:
        return f"No rule lets anyone run {what}. Ask {KEEPER} to add one under permissions."
    asked = whom_to_ask(config, membership, roles, besides=[person.id])
    keeper = "" if asked == KEEPER else f", or {KEEPER}"
    return f"{what} needs {the_role(roles)}, which you do not hold{_limits(config, roles)}. Ask {asked}{keeper}."


def _limits(config: Config, roles: Iterable[str]) -> str:
    """Why somebody is not in a role that seems to be everyone's."""
    if any(config.roles[role].everyone for role in roles if role in config.roles):
        return ' ("*" is no guest, no bot and nobody from outside this workspace)'
    return ""
