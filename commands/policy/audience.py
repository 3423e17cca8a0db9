"""Whether those who have to say yes can read the question where it would stand."""

from __future__ import annotations

from commands.config import Config
from commands.demand import Demand
from commands.errors import Unsuitable
from commands.membership import Membership
from commands.operation import (
    Operation,
)
from commands.policy.sentences import whom_to_ask
from commands.policy.standing import roles_of


def check_audience(
    config: Config, membership: Membership, operation: Operation, asked: Demand | None, channel: str,
    *, now: float, max_age: float,
) -> None:  # fmt: skip
    """Return if the plan asks nobody, or not only the requester reads its message in ``channel`` (Slack's ``D…`` is a DM).

    Raises ``Unsuitable``, and ``MembershipUnknown`` where it is not known whether the requester's own yes is enough.
    """
    if asked is None or not channel.startswith("D"):
        return
    person = operation.invocation.person
    if asked.self_approval:
        held = roles_of(config, membership, person, now=now, max_age=max_age)
        if asked.is_met({person.id: [place for place, need in enumerate(asked.needs) if held & {*need.roles}]}):
            return
    who = whom_to_ask(config, membership, asked.all_roles, besides=[person.id])
    raise Unsuitable(
        f"This needs an approval, and nobody but you can read this conversation. "
        f"Nothing was changed; ask in a channel where {who} can see it."
    )
