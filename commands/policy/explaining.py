"""Why somebody may do something, or may not: the same rules as everywhere, each told with its place in the file. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from commands.config import Config
from commands.demand import Need
from commands.draft import Exposure, Plan
from commands.errors import NotAllowed
from commands.invocation import Invocation, Person
from commands.membership import Membership
from commands.operation import (
    Moment,
    Operation,
    State,
)
from commands.policy.approvals import demand
from commands.policy.break_glass import check_break_glass
from commands.policy.circumstances import Circumstances
from commands.policy.objections import objections
from commands.policy.rights import authorise
from commands.policy.scope import Scope, allowing
from commands.policy.sentences import the_role, the_rule
from commands.policy.standing import Known, standing

Outcome = Literal["allowed", "needs approval", "refused"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``permitted``: the rule that allows it. ``refused``: every sentence that refuses it. ``needs``: whose yes it takes.

    ``depends``: what cannot be told without an operation or a lock.
    """

    permitted: str = ""
    refused: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    depends: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.refused:
            return "refused"
        return "needs approval" if self.needs else "allowed"

    @property
    def forbidden(self) -> bool:
        """Refused to this person whenever they ask: no rule permits it, or one forbids it."""
        return bool(self.refused) and not self.permitted

    def told(self) -> Iterator[str]:
        """Line by line."""
        if self.permitted:
            yield f"allowed by {self.permitted}"
        for sentence in self.refused:
            yield f"refused: {sentence}"
        for need in self.needs:
            because = f" (as {'; '.join(need.because)})" if need.because else ""
            yield f"needs {need.required} from {the_role(need.roles)}{because}"
        yield from self.depends


def permission(
    config: Config, membership: Membership, person: Person, scope: Scope, *, now: float, max_age: float
) -> Explanation:
    """Whether rules allow it at all. Raises ``MembershipUnknown``."""
    try:
        authorise(config, membership, person, scope, now=now, max_age=max_age)
    except NotAllowed as error:
        return Explanation(refused=(str(error),))
    known = Known(membership, now, max_age)
    place, role = next(
        (place, role)
        for place, rule in allowing(config, scope)
        for role in rule.roles
        if standing(config, known, person, [role]).held
    )
    return Explanation(f"{the_rule(config, place)}, as {role}")


def change(
    config: Config, membership: Membership, permitted: Explanation, said: Invocation, plan: Plan,
    circumstances: Circumstances, exposure: Exposure | None, *, now: float, max_age: float,
) -> Explanation:  # fmt: skip
    """What else speaks against a change that rules allow, and who would have to say yes to this plan.

    Raises ``MembershipUnknown``.
    """
    try:
        check_break_glass(config, membership, said, now=now, max_age=max_age)
    except NotAllowed as error:
        return Explanation(refused=(*permitted.refused, str(error)))
    operation = Operation(
        "op-supposed", State.PLANNING, said, said.environment or "", now, (Moment(State.PLANNING, now),),
        target=plan.promise.ref, plan=plan,
    )  # fmt: skip
    refused = tuple(each.sentence for each in objections(config, operation, plan, circumstances, now))
    asked = None if said.breaks_glass else demand(config, operation.environment, now, said.verb, exposure)
    return Explanation(permitted.permitted, (*permitted.refused, *refused), asked.needs if asked else ())
