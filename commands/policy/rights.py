"""Who may run which command where, and who may see an operation. What no rule allows is refused, and what one denies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from commands.config import Config, Permission
from commands.errors import NotAllowed
from commands.invocation import Person
from commands.membership import Membership
from commands.operation import Operation, State
from commands.policy.approvals import asked_roles
from commands.policy.outcomes import how_it_stands
from commands.policy.scope import Scope, allowing, denying, scope_of_operation
from commands.policy.sentences import KEEPER, listed, the_role, the_rule, whom_to_ask
from commands.policy.standing import Known, holds, standing

READS = "status"
"""Who may run this in an environment may see the operations there."""


def authorise(
    config: Config, membership: Membership, person: Person, scope: Scope, *, now: float, max_age: float
) -> None:
    """Return if a rule lets the person do it and none denies it; for no environment, if that is so anywhere.

    Raises ``NotAllowed``, which names the rule that would allow it or the one that denies it, or ``MembershipUnknown``.
    """
    known = Known(membership, now, max_age)
    if not is_authorised(config, known, person, scope):
        raise NotAllowed(_denial(config, known, person, scope) or _refusal(config, known, person, scope))


def is_authorised(config: Config, known: Known, person: Person, scope: Scope) -> bool:
    """The same as yes or no. Raises ``MembershipUnknown``."""
    if not holds(config, known, person, roles_for(config, scope)):
        return False
    return not any(is_denied(config, known, person, rule) for _, rule in denying(config, scope))


def is_shown(config: Config, known: Known, person: Person, scope: Scope) -> bool:
    """Whether no rule denies it to the person: what a list of an environment, which they may read, may name to them.

    Raises ``MembershipUnknown``.
    """
    return not any(is_denied(config, known, person, rule) for _, rule in denying(config, scope))


def is_denied(config: Config, known: Known, person: Person, rule: Permission) -> bool:
    """Whether a rule that denies is for the person. One for ``*`` is for everybody, not for full members alone.

    Raises ``MembershipUnknown``.
    """
    return _is_everyones(config, rule) or holds(config, known, person, rule.roles)


def _is_everyones(config: Config, rule: Permission) -> bool:
    return any(config.roles[role].everyone for role in rule.roles)


def roles_for(config: Config, scope: Scope) -> tuple[str, ...]:
    """The roles that some rule lets do it, in the file's order, whatever may be denied them; none for an unknown environment."""
    return tuple(dict.fromkeys(role for _, rule in allowing(config, scope) for role in rule.roles))


def verbs_allowed(
    config: Config, membership: Membership, person: Person, verbs: Iterable[str],
    *, environment: str | None = None, now: float, max_age: float,
) -> frozenset[str]:  # fmt: skip
    """Those of the commands ``verbs`` that the person may run there, or anywhere. Raises ``MembershipUnknown``."""
    known = Known(membership, now, max_age)
    return frozenset(v for v in verbs if _may_somewhere(config, known, person, v, environment))


def _may_somewhere(config: Config, known: Known, person: Person, verb: str, environment: str | None) -> bool:
    places = [environment] if environment else list(config.environments)
    return any(is_authorised(config, known, person, Scope(verb, place)) for place in places)


def environments_visible(
    config: Config, membership: Membership, person: Person,
    *, verb: str | None = None, now: float, max_age: float,
) -> tuple[str, ...]:  # fmt: skip
    """The environments, in the file's order, where the person may run the command, or any. Raises ``MembershipUnknown``."""
    known = Known(membership, now, max_age)
    verbs = [verb] if verb else sorted(_every_verb(config))
    return tuple(
        name for name in config.environments if any(is_authorised(config, known, person, Scope(v, name)) for v in verbs)
    )


def _every_verb(config: Config) -> frozenset[str]:
    return frozenset(verb for rule in config.permissions for verb in rule.commands)


def may_see(
    config: Config, membership: Membership, person: Person, operation: Operation, *, now: float, max_age: float
) -> bool:
    """Its requester, its approvers, and who may run its command or ``status`` there. Raises ``MembershipUnknown``."""
    if person.id == operation.invocation.person.id:
        return True
    known = Known(membership, now, max_age)
    scope = _planned(operation)
    if any(is_authorised(config, known, person, replace(scope, verb=verb)) for verb in (scope.verb, READS)):
        return True
    return holds(
        config, known, person, asked_roles(config, operation) if operation.environment in config.environments else ()
    )


def _planned(operation: Operation) -> Scope:
    """What it is about, wherever it is looked at from: its object's labels are known once there is a plan."""
    labels = operation.plan.labels if operation.plan else None
    return replace(scope_of_operation(operation), labels=labels, channel=None)


CANCELLABLE = frozenset({State.PLANNING, State.AWAITING, State.QUEUED, State.OBSERVING})


def may_cancel(
    config: Config, membership: Membership, operation: Operation, person: Person, *, now: float, max_age: float
) -> None:
    """Its requester may, and whoever may run its command there; only they hear how it stands.

    Raises ``NotAllowed`` or ``MembershipUnknown``.
    """
    if person.id != operation.invocation.person.id:
        authorise(config, membership, person, _planned(operation), now=now, max_age=max_age)
    if operation.state not in CANCELLABLE:
        raise NotAllowed(how_it_stands(operation))


def _what(scope: Scope) -> str:
    """`` `deploy` of pay in prod``."""
    of = f" of {scope.workload}" if scope.workload else ""
    where = f" in {scope.environment}" if scope.environment else ""
    return f"`{scope.verb}`{of}{where}"


def _denial(config: Config, known: Known, person: Person, scope: Scope) -> str | None:
    """Where rules allow it, the one that denies it. Where they allow it in other channels only, one that denies it there too.

    What is not known of the person denies nothing: the refusal stands without it.
    """
    for where in (scope, replace(scope, channel=None, exact=False)):
        if standing(config, known, person, roles_for(config, where)).held:
            for place, rule in denying(config, where):
                if _is_everyones(config, rule) or standing(config, known, person, rule.roles).held:
                    denied = f"{_what(scope)} is denied to the role {listed(rule.roles)} by {the_rule(config, place)}."
                    return f"{denied} Ask {KEEPER} if that is wrong."
    return None


def _refusal(config: Config, known: Known, person: Person, scope: Scope) -> str:
    if scope.environment is not None and scope.environment not in config.environments:
        return f"quarterdeck.yaml has no such environment (any more). There are: {', '.join(config.environments)}."
    wide = Scope(scope.verb, scope.environment)
    roles, wider = roles_for(config, scope), roles_for(config, wide)
    if not wider:
        return f"No rule lets anyone run {_what(replace(scope, workload=None))}. Ask {KEEPER} to add one under permissions."
    only = "" if roles else ", or ".join(dict.fromkeys(_only(rule) for _, rule in allowing(config, wide)))
    theirs = standing(config, known, person, wider)
    if only and (theirs.held or theirs.unknown):
        return f"No rule lets anyone run {_what(scope)}: the rules allow it only {only}. Ask {KEEPER} to add one under permissions."
    needed = roles or wider
    asked = whom_to_ask(config, known.membership, needed, besides=[person.id])
    keeper = "" if asked == KEEPER else f", or {KEEPER}"
    elsewhere = f", and the rules allow it only {only}" if only else _theirs(config, known, person, scope)
    what = _what(scope if needed != wider or only else replace(scope, workload=None))
    return f"{what} needs {the_role(needed)}, which you do not hold{_limits(config, needed)}{elsewhere}. Ask {asked}{keeper}."


def _theirs(config: Config, known: Known, person: Person, scope: Scope) -> str:
    """Which rules allow it to the person there, but for other workloads or in other channels. Raises ``MembershipUnknown``."""
    told = [
        f"; {the_rule(config, place)} allows it to you only {_only(rule)}"
        for place, rule in allowing(config, Scope(scope.verb, scope.environment))
        if holds(config, known, person, rule.roles)
    ]
    return "".join(told)


def _only(rule: Permission) -> str:
    """What a rule that allows is for: ``for pay-* labelled team=shop in #deploys``."""
    labels = [f"{key}={value}" for key, value in rule.labels.items()]
    told = [f"for {listed(rule.workloads)}"] if rule.workloads else ["for what is"] if labels else []
    told += [f"labelled {listed(labels, 'and')}"] if labels else []
    told += [f"in {listed(f'<#{channel}>' for channel in rule.channels)}"] if rule.channels else []
    return " ".join(told)


def _limits(config: Config, roles: Iterable[str]) -> str:
    """Why somebody is not in a role that seems to be everyone's."""
    if any(config.roles[role].everyone for role in roles):
        return ' ("*" is no guest, no bot and nobody from outside this workspace)'
    return ""
