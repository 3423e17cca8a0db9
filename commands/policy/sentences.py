"""Words that the refusals share: people as Slack shows them, lists as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commands.config import Config
from commands.membership import Membership

NAMED = 3
"""More people than that are not named: nobody asks the fourth."""

KEEPER = "whoever keeps quarterdeck.yaml"


def mention(user: str) -> str:
    """``<@U123>``, which Slack shows as the person's name. What is no user id stays as it is."""
    return f"<@{user}>" if re.fullmatch(r"[UW][A-Z0-9]+", user) else user


def listed(words: Iterable[str], last: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *firsts, end = words
    return f"{', '.join(firsts)} {last} {end}" if firsts else end


def people(users: Iterable[str], last: str = "and") -> str:
    return listed(map(mention, users), last)


def the_role(roles: Iterable[str]) -> str:
    return f"the role {listed(dict.fromkeys(roles))}"


def the_rule(config: Config, place: int) -> str:
    """``permissions[2] (line 41)``."""
    line = config.line("permissions", place)
    return f"permissions[{place}]" + (f" (line {line})" if line else "")


def whom_to_ask(config: Config, membership: Membership, roles: Iterable[str], *, besides: Iterable[str]) -> str:
    """A few who hold one of the roles, as far as it is known, else who could give it."""
    named = dict.fromkeys(user for name in roles if name in config.roles for user in _members(config, membership, name))
    gone = {user for user, facts in membership.people.items() if facts.deleted}
    candidates = [user for user in named if user not in gone and user not in besides]
    return people(candidates[:NAMED], "or") if candidates else KEEPER


def _members(config: Config, membership: Membership, name: str) -> Iterable[str]:
    role = config.roles[name]
    yield from role.users
    for group in role.groups:
        if group in membership.groups:
            yield from membership.groups[group].members
