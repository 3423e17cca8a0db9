"""Approvals: what an environment asks for, and who may say yes or no to which plan. One path for buttons and typed words.

A yes is judged three times: when it is pressed (``may_approve``), when the membership has been read afresh
(``may_count``), and when a worker is about to write (``permit``). Each time it must satisfy what was asked when the
plan was made *and* what the configuration asks now.
"""

from __future__ import annotations

from commands.config import Config
from commands.demand import Demand, Vote
from commands.draft import Exposure
from commands.errors import NotAllowed
from commands.invocation import Person
from commands.membership import Membership
from commands.operation import (
    Operation,
    State,
)
from commands.policy.needs import needs
from commands.policy.outcomes import expired, how_it_stands
from commands.policy.sentences import mention, the_role, whom_to_ask
from commands.policy.standing import Known, holds, standing


def demand(
    config: Config, environment: str, now: float, verb: str = "", exposure: Exposure | None = None
) -> Demand | None:
    """What a plan made now has to wait for; None where nothing is asked for. Raises ``NotFound``."""
    asked = config.environment(environment).approvals
    found = needs(config, environment, verb, exposure, now)
    if asked is None or not found:
        return None
    first, *rest = found
    until = now + asked.expires
    return Demand(
        first.required, first.roles, until, asked.self_approval, first.because, tuple(rest), asked.confirm
    )  # fmt: skip


def demands(config: Config, operation: Operation, now: float, exposure: Exposure | None = None) -> tuple[Demand, ...]:
    """What was asked when the plan was made, and what is asked now. All of them count; nothing, where the glass is broken.

    ``exposure``: as it was just read; left out, the plan's.
    """
    if operation.invocation.breaks_glass:
        return ()
    known = exposure or (operation.plan.exposure if operation.plan else None)
    both = operation.demand, demand(config, operation.environment, now, operation.invocation.verb, known)
    return tuple(asked for asked in both if asked)


def asked_roles(config: Config, operation: Operation) -> frozenset[str]:
    """Every role whose holders may be asked: by what was asked when the plan was made, and by any rule of now."""
    then = operation.demand.all_roles if operation.demand else ()
    return approving_roles(config, operation.environment).union(then)


def approving_roles(config: Config, environment: str) -> frozenset[str]:
    """Every role whose holders any rule of now may ask there; none for an unknown environment."""
    settings = config.environments.get(environment)
    approvals = settings.approvals if settings else None
    sets = (approvals, *approvals.rules) if approvals else ()
    return frozenset[str]().union(*((*asked.approvers, *asked.each) for asked in sets))


def may_approve(
    config: Config, membership: Membership, operation: Operation, person: Person,
    *, digest: str, now: float, max_age: float,
) -> None:  # fmt: skip
    """Return if the person may say yes to the plan of that digest, the one that they were shown.

    Raises ``NotAllowed`` with a sentence for the person alone. ``MembershipUnknown`` comes last, when only the role is
    left to be judged: the vote may then be taken as pending.
    """
    _check_open(operation, digest, now)
    _check_requester(config, operation, person.id, now)
    given = [v for v in operation.votes if v.person == person.id and v.digest == digest and v.no is None]
    if given and not any(v.counted for v in given):
        raise NotAllowed(f"Your approval of {operation.id} is being counted already; its message will tell.")
    if given:
        raise NotAllowed(f"You have approved {operation.id} already; one person counts once. {_missing(operation)}")
    _check_role(config, Known(membership, now, max_age), operation, person, "Approving")


def may_count(
    config: Config, membership: Membership, operation: Operation, person: str, *, now: float, max_age: float
) -> tuple[str, ...]:
    """The roles asked for that the person (a user id) holds, if the pending yes counts, the membership having been read
    after it was given.

    Raises ``NotAllowed``, with the sentence to strike the vote out with, or ``MembershipUnknown``.
    """
    vote = next((v for v in operation.votes if v.person == person and not v.counted and v.no is None), None)
    if vote is None:
        raise NotAllowed(f"{mention(person)} has no vote on {operation.id} that is still to be counted.")
    _check_open(operation, vote.digest, vote.at)
    _check_requester(config, operation, person, now)
    known = Known(membership, now, max_age)
    _check_role(config, known, operation, known.member(person), "Approving")
    asked = operation.demand.all_roles if operation.demand else ()
    return tuple(role for role in asked if standing(config, known, known.member(person), [role]).held)


def may_deny(
    config: Config, membership: Membership, operation: Operation, person: Person,
    *, digest: str, now: float, max_age: float,
) -> None:  # fmt: skip
    """Return if the person may say no: the approvers may, also one who has said yes. Raises as ``may_approve`` does."""
    _check_open(operation, digest, now)
    _check_role(config, Known(membership, now, max_age), operation, person, "Denying")


def may_withdraw(operation: Operation, person: str) -> None:
    """Return if the person has a yes to take back, and it has not been acted on. Raises ``NotAllowed``."""
    if operation.state not in {State.AWAITING, State.QUEUED}:
        raise NotAllowed(f"{how_it_stands(operation)} An approval can be withdrawn only before that.")
    if not any(vote.person == person and vote.no is None for vote in operation.votes):
        raise NotAllowed(f"You have not approved {operation.id}, so there is nothing to withdraw.")


def counts(vote: Vote, asked: Demand, requester: str) -> bool:
    """Whether a vote can satisfy a demand at all, whoever holds which role."""
    return vote.at < asked.expires and (asked.self_approval or vote.person != requester)


def _check_open(operation: Operation, digest: str, at: float) -> None:
    """The plan that was shown is the one that waits, and its time has not run out."""
    if operation.state is not State.AWAITING or operation.plan is None or operation.demand is None:
        raise NotAllowed(how_it_stands(operation))
    if at >= operation.demand.expires:
        raise NotAllowed(expired(operation))
    if digest != operation.plan.digest:
        raise NotAllowed(
            f"The plan of {operation.id} has changed since that message was shown, so your answer was not taken. "
            "Look at the new plan on its message and answer that one."
        )


def _check_requester(config: Config, operation: Operation, person: str, now: float) -> None:
    if person != operation.invocation.person.id or all(a.self_approval for a in demands(config, operation, now)):
        return
    raise NotAllowed(
        f"You asked for {operation.id} yourself, and {operation.environment} wants somebody else's approval. "
        f"Ask somebody who holds {the_role(_roles(config, operation, now))}."
    )


def _check_role(config: Config, known: Known, operation: Operation, person: Person, doing: str) -> None:
    for asked in demands(config, operation, known.now):
        if not holds(config, known, person, asked.all_roles):
            others = person.id, operation.invocation.person.id
            asking = whom_to_ask(config, known.membership, asked.all_roles, besides=others)
            raise NotAllowed(
                f"{doing} {operation.id} in {operation.environment} needs {the_role(asked.all_roles)}, "
                f"which you do not hold. Ask {asking}."
            )


def _roles(config: Config, operation: Operation, now: float) -> tuple[str, ...]:
    return tuple(role for asked in demands(config, operation, now) for role in asked.all_roles)


def _missing(operation: Operation) -> str:
    total = operation.demand.total if operation.demand else 0
    return f"It has {sum(map(len, operation.given))} of {total}."
