"""Who a person is to the cluster: the Kubernetes user and groups that the environment's rule makes of a Slack ID and its roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commands.config import Config
from commands.config.impersonate import Impersonate
from commands.identity import Identity
from commands.invocation import Person
from commands.membership import Membership
from commands.policy.standing import roles_of

ROLE = "{role}"


def identity(
    config: Config, membership: Membership, person: Person, environment: str, *, now: float, max_age: float
) -> Identity | None:
    """None where the worker writes as itself. Raises ``NotFound`` or ``MembershipUnknown``: then nothing is written."""
    rule = config.environment(environment).impersonate
    if rule is None:
        return None
    user = user_of(rule, person.id)
    if not any(ROLE in group for group in rule.groups):
        return Identity(person.id, user, rule.groups)
    held = roles_of(config, membership, person, now=now, max_age=max_age)
    return Identity(person.id, user, groups_of(rule, [role for role in config.roles if role in held]))


def user_of(rule: Impersonate, person: str) -> str:
    """What the rule makes of a Slack ID."""
    return rule.user.replace("{user_id}", person)


def groups_of(rule: Impersonate, roles: Sequence[str]) -> tuple[str, ...]:
    """What the rule makes of the roles that somebody holds."""
    return tuple(dict.fromkeys(_groups(rule.groups, roles)))


def _groups(templates: tuple[str, ...], roles: Sequence[str]) -> Iterator[str]:
    for template in templates:
        yield from (template.replace(ROLE, role) for role in roles) if ROLE in template else (template,)
