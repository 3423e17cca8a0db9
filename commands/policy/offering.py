"""Which commands help names to whom: those of use to the person, by their declarations and the rules. Pure."""

from __future__ import annotations

from commands.config import Config
from commands.declaration import Changes, Command, Locks, Offered
from commands.invocation import Person
from commands.membership import Membership
from commands.policy.approvals import approving_roles
from commands.policy.rights import verbs_allowed
from commands.policy.standing import Known, standing
from commands.registry import Registry


def offered(
    config: Config, membership: Membership, person: Person, registry: Registry, *, now: float, max_age: float
) -> frozenset[str]:
    """The names of the commands that the person may use somewhere. Raises ``MembershipUnknown``.

    Whose yes is asked for may be a group that cannot be read: nobody is without help for that.
    """
    allowed = verbs_allowed(config, membership, person, registry.by_name, now=now, max_age=max_age)
    effects = [registry.get(verb).effect for verb in allowed]
    approving = frozenset[str]().union(*(approving_roles(config, name) for name in config.environments))
    known = Known(membership, now, max_age)
    parties = {
        Offered.CHANGING: any(isinstance(effect, Changes) for effect in effects),
        Offered.LOCKING: any(isinstance(effect, Locks) for effect in effects),
        Offered.APPROVING: standing(config, known, person, approving).held,
    }

    def is_of_use(command: Command) -> bool:
        return parties.get(command.offered, command.anyone or command.name in allowed)

    return frozenset(command.name for command in registry if is_of_use(command))
