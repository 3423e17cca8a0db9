"""Why somebody may say what no permission is about: what its declaration and the rules tell without the operation. Pure."""

from __future__ import annotations

from commands.config import Config
from commands.declaration import Controls, Locks, Offered
from commands.invocation import Person
from commands.membership import Membership
from commands.policy.approvals import approving_roles
from commands.policy.explaining import Explanation, permission
from commands.policy.offering import offered
from commands.policy.scope import Scope
from commands.policy.sentences import KEEPER, listed, the_place
from commands.policy.standing import Known, standing
from commands.registry import Registry

ANYONE = "its declaration: anyone may, and is shown only what they may see"
OWN = "its declaration: of what you asked for, or may run yourself"
OWN_LOCKS = "its declaration: of your own locks"
DEPENDS = (
    "whether of this one depends on the operation: `pending` lists what waits for a person's yes, "
    "`status` and its id shows how it stands"
)
NOWHERE = {
    Offered.APPROVING: f"No environment's approvals name a role that you hold. Ask {KEEPER} if that is wrong.",
    Offered.CHANGING: f"No rule lets you change anything, so nothing is yours to call off. Ask {KEEPER} if that is wrong.",
}


def unruled(
    config: Config, membership: Membership, person: Person, scope: Scope, registry: Registry,
    *, now: float, max_age: float,
) -> Explanation:  # fmt: skip
    """For a command that is anyone's by its declaration. Raises ``MembershipUnknown``."""
    command, known = registry.get(scope.verb), Known(membership, now, max_age)
    match command.effect:
        case Controls() if command.name not in offered(config, membership, person, registry, now=now, max_age=max_age):
            return Explanation(refused=(NOWHERE[command.offered],))
        case Controls():
            by = _approving(config, known, person) if command.offered is Offered.APPROVING else OWN
            return Explanation(by, depends=(DEPENDS,))
        case Locks():
            return _others(config, membership, person, scope, now=now, max_age=max_age)
    return Explanation(ANYONE)


def _approving(config: Config, known: Known, person: Person) -> str:
    """``environments.prod.approvals (line 7), as sre``."""
    places = [
        f"{the_place(config, 'environments', name, 'approvals')}, as {listed(held)}"
        for name in config.environments
        if (held := [r for r in sorted(approving_roles(config, name)) if standing(config, known, person, [r]).held])
    ]
    return "; ".join(places)


def _others(
    config: Config, membership: Membership, person: Person, scope: Scope, *, now: float, max_age: float
) -> Explanation:
    """One's own lock may be taken off without a right."""
    found = permission(config, membership, person, scope, now=now, max_age=max_age)
    return Explanation(OWN_LOCKS, depends=tuple(f"of others': {s}" for s in found.refused)) if found.refused else found
