"""The last word before a write. A ``Permit`` exists only where every rule held at that moment, and no write goes without.

The record may be old, edited or from before the rules changed: so nothing in it is believed that can be recomputed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass
from typing import Final

from commands.config import Config
from commands.demand import Demand
from commands.draft import Exposure, Plan
from commands.errors import MembershipUnknown, NotAllowed
from commands.membership import Membership
from commands.operation import (
    Operation,
    State,
)
from commands.policy.approvals import counts, demands
from commands.policy.break_glass import check_break_glass
from commands.policy.circumstances import Circumstances
from commands.policy.objections import check_objections
from commands.policy.rights import is_authorised, is_denied, roles_for
from commands.policy.scope import denying, scope_of_operation
from commands.policy.sentences import mention, needed, people, the_role, the_rule
from commands.policy.standing import Known, Standing, holds, standing
from commands.proof.signatures import is_signed_course, is_signed_plan, is_signed_request, is_signed_vote
from commands.proof.signing import Key
from commands.wording import counted

_SEAL: Final = object()

UNSIGNED = (
    "an earlier version of Quarterdeck signed it, bot and worker have different keys (`quarterdeck check` tells), "
    "or somebody has written into Redis. Ask for it anew."
)

LATEST = 3600.0
"""Seconds after its plan and its last yes within which an operation begins to be written, or not at all."""

ROLLOUT = 3600.0
"""Seconds by which a way back may come later still, beside the deadline of its environment."""

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
    *, now: float, max_age: float = FRESH, key: Key | None = None, exposure: Exposure | None = None,
) -> Permit:  # fmt: skip
    """Leave to act, after everything has been judged again by the rules and the membership of now.

    ``labels`` are those of the target as it was just read, ``exposure`` is what is at stake now: rules may be about them.

    With a ``key`` only what the bot signed is believed: who asked, and who approved.

    Raises ``NotAllowed``, with a sentence that the whole channel may read, or ``MembershipUnknown``.
    """
    known = Known(membership, now, max_age)
    plan = _sound(operation)
    check_request(operation, key)
    check_plan(operation, key)
    _check_votes(operation, key)
    _check_age(operation, now)
    _check_place(config, operation, plan)
    _check_requester(config, known, operation, labels)
    check_break_glass(config, membership, operation.invocation, now=now, max_age=max_age)
    check_objections(config, operation, plan, circumstances, now)
    for asked in demands(config, operation, now, exposure):
        check_approvals(config, known, operation, asked)
    return Permit(operation, plan, now, _SEAL)


def permit_way_back(config: Config, operation: Operation, *, now: float, key: Key | None = None) -> Permit:
    """Leave to take back what broke, as the approved plan said: that it was allowed was judged before it was written.

    So rules that came since do not leave a broken change standing. Raises ``NotAllowed``.
    """
    plan = _begun(config, operation, State.ROLLING_BACK, now, key)
    if plan.promise.failing is None or not plan.promise.failing.goes_back:
        raise NotAllowed(f"The approved plan of {operation.id} does not say that it goes back by itself.")
    return Permit(operation, plan, now, _SEAL)


def permit_freeing(config: Config, operation: Operation, *, now: float, key: Key | None = None) -> Permit:
    """Leave to delete broken pods that are in the way of going back, as the approved plan said. Raises ``NotAllowed``."""
    plan = _begun(config, operation, operation.state, now, key)
    failing = plan.promise.failing
    if not (plan.promise.frees if operation.state is State.OBSERVING else failing and failing.frees):
        raise NotAllowed(f"The approved plan of {operation.id} does not say that pods are deleted.")
    return Permit(operation, plan, now, _SEAL)


def _begun(config: Config, operation: Operation, state: State, now: float, key: Key | None) -> Plan:
    """What has been written already, as it was approved. Raises ``NotAllowed``."""
    plan = _sound(operation, state)
    check_request(operation, key)
    check_plan(operation, key)
    _check_votes(operation, key)
    _check_place(config, operation, plan)
    _check_age(operation, now, LATEST + ROLLOUT + 2 * config.environments[operation.environment].deadline)
    if not operation.approved or operation.written is None:
        raise NotAllowed(f"{operation.id} was not approved and written, so that nothing follows from it.")
    if not is_signed_course(key, operation):
        raise NotAllowed(f"What {operation.id} wrote and came to bears no signature of ours: {UNSIGNED}")
    return plan


def _sound(operation: Operation, state: State = State.ACTING) -> Plan:
    """The plan, if it is the one that the record's digest promises."""
    plan = operation.plan
    if operation.state is not state or plan is None:
        raise NotAllowed(f"{operation.id} is {operation.state.value}, so there is nothing to carry out.")
    if plan.promise.digest != plan.digest:
        raise NotAllowed(
            f"The plan of {operation.id} is not the one that was shown: its digest does not match, unless an earlier version of Quarterdeck made it. Ask for it anew."
        )
    if plan.promise.verb != operation.invocation.verb or plan.promise.ref != operation.target:
        raise NotAllowed(f"The plan of {operation.id} is not for what was asked: its command or its target differs.")
    return plan


def check_request(operation: Operation, key: Key | None) -> None:
    """Return if the bot heard this request. Raises ``NotAllowed``."""
    if not is_signed_request(key, operation):
        raise NotAllowed(f"The request of {operation.id} bears no signature of the bot: {UNSIGNED}")


def check_plan(operation: Operation, key: Key | None) -> None:
    """Return if a worker made the plan as it stands. Raises ``NotAllowed``."""
    if not is_signed_plan(key, operation):
        raise NotAllowed(f"The plan of {operation.id} bears no signature of a worker: {UNSIGNED}")


def _check_age(operation: Operation, now: float, latest: float = LATEST) -> None:
    """A record that somebody puts back into Redis long afterwards bears all its signatures, but is not acted on again."""
    began = max([operation.plan.made if operation.plan else 0.0, *(vote.at for vote in operation.approvals)])
    if now - began > latest:
        raise NotAllowed(f"It was too long ago that {operation.id} was planned and approved. Ask for it anew.")


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
        person = invocation.person
        denies = next(place for place, rule in denying(config, scope) if is_denied(config, known, person, rule))
        needs = f"{the_rule(config, denies)} denies it"
    raise NotAllowed(
        f"{mention(invocation.person.id)} may not run `{invocation.verb}` in {operation.environment} any more: {needs}."
    )


def check_approvals(config: Config, known: Known, operation: Operation, asked: Demand) -> None:
    """As many as are asked for, by people who hold the roles now. What is unknown counts neither for nor against.

    Raises ``NotAllowed`` or ``MembershipUnknown``.
    """
    votes = dict(_standings(config, known, operation, asked))
    held = {voter: _places(found, lambda each: each.held) for voter, found in votes.items()}
    if asked.is_met(held):
        return
    perhaps = {voter: _places(found, lambda each: each.held or each.unknown) for voter, found in votes.items()}
    if asked.is_met(perhaps):
        raise MembershipUnknown(frozenset[str]().union(*(each.wanted for found in votes.values() for each in found)))
    given = asked.seated(held)
    raise NotAllowed(
        f"{operation.id} has {sum(map(len, given))} of the {counted(asked.total, 'approval')} that {operation.environment} asks for, "
        f"{needed(asked, given)}{_fallen(perhaps)}. Ask for it anew."
    )


def _places(found: Sequence[Standing], fits: Callable[[Standing], bool]) -> list[int]:
    return [place for place, each in enumerate(found) if fits(each)]


def _standings(
    config: Config, known: Known, operation: Operation, asked: Demand
) -> Iterator[tuple[str, tuple[Standing, ...]]]:
    """By voter, how the person stands to each need."""
    for vote in operation.approvals:
        if counts(vote, asked, operation.invocation.person.id):
            person = known.member(vote.person)
            yield vote.person, tuple(standing(config, known, person, need.roles) for need in asked.needs)


def _fallen(perhaps: Mapping[str, Sequence[int]]) -> str:
    lost = [voter for voter, places in perhaps.items() if not places]
    return f" ({people(lost)} approved it, but {'do' if len(lost) > 1 else 'does'} not hold that role)" if lost else ""
