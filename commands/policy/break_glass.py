"""Break-glass: who may skip approvals and freezes, and who may acknowledge that somebody did. Pure.

It skips nothing else: rights, limits, locks and the cluster's own rules hold as ever.
"""

from __future__ import annotations

from commands.config import BreakGlass, Config
from commands.errors import NotAllowed
from commands.invocation import Invocation, Person
from commands.membership import Membership
from commands.notices.notice import Notice
from commands.policy.sentences import KEEPER, mention, the_role, whom_to_ask
from commands.policy.standing import Known, holds


def check_break_glass(config: Config, membership: Membership, said: Invocation, *, now: float, max_age: float) -> None:
    """Return unless it breaks the glass and may not. Raises ``NotAllowed`` or ``MembershipUnknown``."""
    if not said.breaks_glass:
        return
    rule = _rule(config)
    if not str(said.argument("reason") or "").strip():
        raise NotAllowed('No reason, no break-glass: say why, as in `break-glass reason="the shop is down"`.')
    if not holds(config, Known(membership, now, max_age), said.person, rule.roles):
        asked = whom_to_ask(config, membership, rule.roles, besides=[said.person.id])
        raise NotAllowed(
            f"Break-glass needs {the_role(rule.roles)}, which {mention(said.person.id)} does not hold. Ask {asked}."
        )


def check_acknowledges(
    config: Config, membership: Membership, notice: Notice, person: Person, *, now: float, max_age: float
) -> None:
    """Return if that person may acknowledge it. Raises ``NotAllowed`` or ``MembershipUnknown``."""
    review, rule = notice.review, _rule(config)
    if review is None:
        raise NotAllowed("There is nothing to acknowledge.")
    if review.by is not None:
        raise NotAllowed(f"{mention(review.by)} has acknowledged {review.operation} already.")
    if person.id == review.requester:
        raise NotAllowed(f"You broke the glass yourself with {review.operation}: somebody else has to acknowledge it.")
    if not holds(config, Known(membership, now, max_age), person, rule.acknowledged_by):
        raise NotAllowed(
            f"Acknowledging {review.operation} needs {the_role(rule.acknowledged_by)}, which you do not hold."
        )


def _rule(config: Config) -> BreakGlass:
    if config.break_glass is None:
        raise NotAllowed(f"Nobody may break the glass here: quarterdeck.yaml has no break_glass. Ask {KEEPER}.")
    return config.break_glass
