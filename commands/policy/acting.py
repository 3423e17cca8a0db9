"""The last word before a write. A ``Permit`` exists only where every rule held at that moment, and no write goes without.

The record may be old, edited or from before the rules changed: so nothing in it is believed that can be recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass
from typing import Final

from commands.config import Config
from commands.draft import Plan
from commands.errors import MembershipUnknown, NotAllowed
from commands.membership import Membership
from commands.operation import Demand, Operation, State
from commands.policy.approvals import counts, demands
from commands.policy.objections import Circumstances, check_objections
from commands.policy.rights import is_authorised, roles_for
from commands.policy.scope import denying, scope_of_operation
from commands.policy.sentences import mention, people, the_role, the_rule
from commands.policy.standing import Known, Standing, holds, standing
from commands.signatures import is_signed_request, is_signed_vote
from commands.signing import Key

_SEAL: Final = object()

UNSIGNED = (
    "somebody has written into Redis, or bot and worker have different keys (`quarterdeck check` tells). "
    "Ask for it anew."
)

FRESH = 60.0
"""Seconds: a worker refuses to act on a membership older than this (invariant 11)."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to carry out exactly this plan, given at ``at`` (Unix seconds). Only ``permit`` can make one."""

    operation: Operation
    plan: Plan
    at: float
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a Permit is given by commands.policy.permit, and made nowhere else")


def permit(
    config: Config, membership: Membership, operation: Operation, labels: Mapping[str, str], circumstances: Circumstances,
    *, now: float, max_age: float = FRESH, key: Key | None = None,
) -> Permit:  # fmt: skip
    """Leave to act, after everything has been judged again by the rules and the membership of now.

    ``labels`` are those of the target as it was just read: rules may be about them.

    With a ``key`` only what the bot signed is believed: who asked, and who approved.

    Raises ``NotAllowed``, with a sentence that the whole channel may read, or ``MembershipUnknown``.
    """
    known = Known(membership, now, max_age)
    plan = _sound(operation)
    check_request(operation, key)
    _check_votes(operation, key)
    _check_place(config, operation, plan)
    _check_requester(config, known, operation, labels)
    check_objections(config, operation, plan, circumstances, now)
    for asked in demands(config, operation, now):
        _check_approvals(config, known, operation, asked)
    return Permit(operation, plan, now, _SEAL)


def _sound(operation: Operation) -> Plan:
    """The plan, if it is the one that the record's digest promises."""
    plan = operation.plan
    if operation.state is not State.ACTING or plan is None:
        raise NotAllowed(f"{operation.id} is {operation.state.value}, so there is nothing to carry out.")
    if plan.promise.digest != plan.digest:
        raise NotAllowed(f"The plan of {operation.id} is not the one that was shown: its digest does not match.")
    if plan.promise.verb != operation.invocation.verb or plan.promise.ref != operation.target:
        raise NotAllowed(f"The plan of {operation.id} is not for what was asked: its command or its target differs.")
    return plan


def check_request(operation: Operation, key: Key | None) -> None:
    """Return if the bot heard this request. Raises ``NotAllowed``."""
    if not is_signed_request(key, operation):
        raise NotAllowed(f"The request of {operation.id} bears no signature of the bot: {UNSIGNED}")


def _check_votes(operation: Operation, key: Key | None) -> None:
    forged = [vote.person for vote in operation.approvals if not is_signed_vote(key, operation.id, vote)]
    if forged:
        raise NotAllowed(f"{people(forged)} did not approve {operation.id} through the bot: {UNSIGNED}")


def _check_place(config: Config, operation: Operation, plan: Plan) -> None:
    """The object lies where the environment's rules hold, so that no other environment's rules are evaded."""
    environment = config.environments.get(operation.environment)
    if environment is None:
        raise NotAllowed(f"{operation.environment} is no longer an environment in quarterdeck.yaml.")
    ref = plan.promise.ref
    if (ref.cluster, ref.namespace) != (environment.cluster, environment.namespace):
        raise NotAllowed(
            f"{operation.environment} is now {environment.cluster}/{environment.namespace} in quarterdeck.yaml, "
            f"but {operation.id} was planned for {ref.cluster}/{ref.namespace}. Ask for it anew."
        )


def _check_requester(config: Config, known: Known, operation: Operation, labels: Mapping[str, str]) -> None:
    invocation, scope = operation.invocation, scope_of_operation(operation, labels=labels)
    if is_authorised(config, known, invocation.person, scope):
        return
    roles = roles_for(config, scope)
    needs = f"it needs {the_role(roles)}" if roles else "no rule allows it to anyone"
    if holds(config, known, invocation.person, roles):
        needs = f"{the_rule(config, next(place for place, _ in denying(config, scope)))} denies it"
    raise NotAllowed(
        f"{mention(invocation.person.id)} may not run `{invocation.verb}` in {operation.environment} any more: {needs}."
    )


def _check_approvals(config: Config, known: Known, operation: Operation, asked: Demand) -> None:
    """As many as are asked for, by people who hold the role now. What is unknown counts neither for nor against."""
    votes = dict(_standings(config, known, operation, asked))
    held = [voter for voter, found in votes.items() if found.held]
    open_ = {voter: found.wanted for voter, found in votes.items() if found.unknown}
    if len(held) >= asked.required:
        return
    if len(held) + len(open_) >= asked.required:
        raise MembershipUnknown(frozenset[str]().union(*open_.values()))
    raise NotAllowed(
        f"{operation.id} has {len(held)} of the {asked.required} approvals that {operation.environment} asks for, "
        f"from {the_role(asked.roles)}{_fallen(votes)}. Ask for it anew."
    )


def _standings(config: Config, known: Known, operation: Operation, asked: Demand) -> Iterator[tuple[str, Standing]]:
    for vote in operation.approvals:
        if counts(vote, asked, operation.invocation.person.id):
            yield vote.person, standing(config, known, known.member(vote.person), asked.roles)


def _fallen(votes: dict[str, Standing]) -> str:
    lost = [voter for voter, found in votes.items() if not found.held and not found.unknown]
    return f" ({people(lost)} approved it, but {'do' if len(lost) > 1 else 'does'} not hold that role)" if lost else ""
