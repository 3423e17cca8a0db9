"""Which roles a person holds: yes, no, or not known until certain facts have been read from Slack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commands.config import Config, Role
from commands.errors import MembershipUnknown
from commands.invocation import Person
from commands.membership import GroupFacts, Membership, PersonFacts

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The membership as it may be used now: facts older than ``max_age`` seconds are not there."""

    membership: Membership
    now: float
    max_age: float

    def person(self, user: str) -> PersonFacts | None:
        return self.membership.person(user, now=self.now, max_age=self.max_age)

    def group(self, group: str) -> GroupFacts | None:
        return self.membership.group(group, now=self.now, max_age=self.max_age)

    def member(self, user: str) -> Person:
        """Somebody of whom a record keeps the id alone."""
        return Person(user, self.membership.team or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a role is held. Where it is not known, ``wanted`` are the ids that must be read first."""

    held: bool
    wanted: frozenset[str] = NOTHING

    @property
    def unknown(self) -> bool:
        return bool(self.wanted)


def roles_of(config: Config, membership: Membership, person: Person, *, now: float, max_age: float) -> frozenset[str]:
    """Every role that the person holds. Raises ``MembershipUnknown`` where that is not known of one of them."""
    known = Known(membership, now, max_age)
    standings = {name: standing(config, known, person, [name]) for name in config.roles}
    wanted = NOTHING.union(*(s.wanted for s in standings.values()))
    if wanted:
        raise MembershipUnknown(wanted)
    return frozenset(name for name, s in standings.items() if s.held)


def holds(config: Config, known: Known, person: Person, roles: Iterable[str]) -> bool:
    """Whether the person holds one of the roles. Raises ``MembershipUnknown`` where only unread facts could tell."""
    found = standing(config, known, person, roles)
    if found.unknown:
        raise MembershipUnknown(found.wanted)
    return found.held


def standing(config: Config, known: Known, person: Person, roles: Iterable[str]) -> Standing:
    """How the person stands to the roles together: one is enough. A role that is not in the configuration is nobody's."""
    facts = known.person(person.id)
    if facts and facts.deleted:
        return Standing(held=False)
    ways = [way for name in roles if name in config.roles for way in _ways(config.roles[name], known, person, facts)]
    if NOTHING in ways:
        return Standing(held=True)
    return Standing(held=False, wanted=NOTHING.union(*ways))


def _ways(role: Role, known: Known, person: Person, facts: PersonFacts | None) -> Iterator[frozenset[str]]:
    """The ways in which the person holds the role, or may: each with the facts it still lacks.

    By id or by a group, a rule names the person, be it a guest, a bot or somebody from outside. ``*`` names no such.
    """
    lacking = NOTHING if facts else frozenset({person.id})
    if person.id in role.users:
        yield lacking
    if role.everyone:
        if facts is None or known.membership.team is None:
            yield frozenset({person.id})
        elif _full_member(facts, person, known.membership.team):
            yield NOTHING
    for name in role.groups:
        group = known.group(name)
        if group is None:
            yield lacking | {name}
        elif person.id in group.members:
            yield lacking


def _full_member(facts: PersonFacts, person: Person, home: str | None) -> bool:
    """Both what Slack says of the person and what the request said must place them in the home workspace."""
    return facts.team == person.team == home and not (facts.guest or facts.bot or facts.external)
