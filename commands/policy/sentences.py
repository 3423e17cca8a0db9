"""Words that the refusals share: people as Slack shows them, lists as people say them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from commands.config import Config
from commands.config.document import dotted
from commands.demand import Demand
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


def needed(asked: Demand, given: Sequence[Collection[str]]) -> str:
    """``from the role sre``; where several groups are asked, what each has given and which rule asks for it."""
    if not asked.also:
        return f"from {the_role(asked.roles)}{_because(asked.because)}"
    each = (
        f"{len(people)} of {need.required} from {the_role(need.roles)}{_because(need.because)}"
        for need, people in zip(asked.needs, given, strict=True)
    )
    return f"each from somebody else: {listed(each, 'and')}"


def _because(rules: Iterable[str]) -> str:
    said = "; ".join(rules)
    return f" (as {said})" if said else ""


def the_rule(config: Config, place: int) -> str:
    """``permissions[2] (line 41)``."""
    return the_place(config, "permissions", place)


def the_place(config: Config, *path: str | int) -> str:
    """``environments.prod.limits.concurrent (line 12)``: where in the file something stands."""
    line = config.line(*path)
    return dotted(path) + (f" (line {line})" if line else "")


def whom_to_ask(config: Config, membership: Membership, roles: Iterable[str], *, besides: Iterable[str]) -> str:
    """A few who hold one of the roles, as far as it is known, else who could give it."""
    named = dict.fromkeys(user for name in roles if name in config.roles for user in _members(config, membership, name))
    gone = {user for user, facts in membership.people.items() if facts.deleted}
    candidates = [user for user in named if user not in gone and user not in besides]
    return people(candidates[:NAMED], "or") if candidates else KEEPER


def _members(config: Config, membership: Membership, name: str) -> Iterable[str]:
    role = config.roles[name]
    if role.on_call in membership.groups:
        yield from membership.groups[role.on_call].members
    yield from role.users
    for group in role.groups:
        if group in membership.groups:
            yield from membership.groups[group].members
