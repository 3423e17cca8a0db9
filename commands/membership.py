"""What Slack said about people and user groups, and when: the values that policy decides from. No I/O happens here.

The bot reads them from Slack and keeps them in Redis; bot and workers decide from the same values. Each carries the
Unix seconds ``at`` which it was read, and whoever decides says how old a fact may be. As it lies in Redis each bears the
bot's ``signature``, so that nobody gets into a group by writing there; ``commands.store.people`` makes and checks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One user, as ``users.info`` tells. A user whom Slack does not know is recorded as ``deleted``."""

    id: str
    team: str
    """The workspace that the person belongs to."""
    guest: bool
    """``is_restricted`` or ``is_ultra_restricted``."""
    bot: bool
    deleted: bool
    external: bool
    """``is_stranger``, or seen through Slack Connect."""
    at: float
    name: str = ""
    """As people read it; it may change, and decides nothing."""
    signature: str | None = None
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """One user group and its members' user ids, as ``usergroups.users.list`` tells. A disabled group has no members."""

    id: str
    members: tuple[str, ...]
    at: float
    signature: str | None = None
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """Whether the bot can post in a channel, and who reads there, as ``conversations.info`` and ``conversations.members`` tell.

    ``why`` it cannot post: it is no member, nobody can post there any more, or it lacks the scope to look.
    """

    id: str
    postable: bool
    at: float
    why: Literal["outside", "archived", "missing_scope"] = "outside"
    readers: tuple[str, ...] | None = None
    """Ids of who is in a private channel, a group message or a direct one; None: whoever comes by, for it is public."""
    signature: str | None = None
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Membership:
    """All that is known. ``team`` is the home workspace: the one that the bot is installed in."""

    people: dict[str, PersonFacts] = field(default_factory=dict)
    groups: dict[str, GroupFacts] = field(default_factory=dict)
    team: str | None = None

    def person(self, user: str, *, now: float, max_age: float) -> PersonFacts | None:
        """What is known about a person, if it is fresh enough."""
        facts = self.people.get(user)
        return facts if facts and is_fresh(facts, now=now, max_age=max_age) else None

    def group(self, group: str, *, now: float, max_age: float) -> GroupFacts | None:
        """What is known about a user group, if it is fresh enough."""
        facts = self.groups.get(group)
        return facts if facts and is_fresh(facts, now=now, max_age=max_age) else None

    def stale(self, ids: Iterable[str], *, now: float, max_age: float) -> frozenset[str]:
        """Those of ``ids`` (users' and groups') that have to be read from Slack again."""
        return frozenset(
            known
            for known in ids
            if not self.person(known, now=now, max_age=max_age) and not self.group(known, now=now, max_age=max_age)
        )


def age(facts: PersonFacts | GroupFacts | ChannelFacts, now: float) -> float:
    """Seconds since it was read from Slack; negative where another machine's clock is ahead of ours."""
    return now - facts.at


def is_fresh(facts: PersonFacts | GroupFacts | ChannelFacts, *, now: float, max_age: float) -> bool:
    """Whether it was read at most ``max_age`` seconds ago. A fact from further in the future than that is not trusted."""
    return abs(age(facts, now)) <= max_age
