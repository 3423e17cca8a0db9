"""Whether those who have to say yes can read the question where it would stand."""

from __future__ import annotations

from itertools import islice

from commands.config import Config
from commands.demand import Demand
from commands.errors import MembershipUnknown, Unsuitable
from commands.membership import ChannelFacts, Membership
from commands.operation import (
    Operation,
)
from commands.policy.sentences import whom_to_ask
from commands.policy.standing import NOTHING, Known, roles_of, standing

AT_ONCE = 20
"""So many people are asked about at a time: of a crowd one is likely to be enough, and Slack tells of a hundred a minute."""


def check_audience(
    config: Config, membership: Membership, operation: Operation, asked: Demand | None, place: ChannelFacts,
    *, now: float, max_age: float,
) -> None:  # fmt: skip
    """Return if the plan asks nobody, or somebody who may say yes to it reads its message, which would stand in ``place``.

    Raises ``Unsuitable``, and ``MembershipUnknown`` where only facts that are not there could tell.
    """
    if asked is None or place.readers is None:
        return
    person = operation.invocation.person
    if asked.self_approval:
        held = roles_of(config, membership, person, now=now, max_age=max_age)
        if asked.is_met({person.id: [place for place, need in enumerate(asked.needs) if held & {*need.roles}]}):
            return
    others = frozenset(place.readers) - {person.id}
    if _one_holds(config, Known(membership, now, max_age), others, asked.all_roles):
        return
    if place.at < operation.created:  # somebody may have been added since
        raise MembershipUnknown([place.id])
    who = whom_to_ask(config, membership, asked.all_roles, besides=[person.id])
    nobody = "nobody who may give one" if others else "nobody but you"
    where = "this conversation" if place.id == operation.invocation.place.channel else f"<#{place.id}>"
    raise Unsuitable(
        f"This needs an approval, and {nobody} can read {where}. Nothing was changed; ask where {who} can see it."
    )


def _one_holds(config: Config, known: Known, people: frozenset[str], roles: tuple[str, ...]) -> bool:
    """Whether one of them holds one of the roles. Raises ``MembershipUnknown`` where none is known to, and one might."""
    found = [standing(config, known, known.member(person), roles) for person in sorted(people)]
    if any(each.held for each in found):
        return True
    if wanted := NOTHING.union(*(each.wanted for each in found)):
        raise MembershipUnknown(islice(sorted(wanted), AT_ONCE))
    return False
