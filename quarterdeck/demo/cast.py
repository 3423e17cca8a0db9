"""Who plays in a rehearsal: people, groups and channels such that everything a configuration names exists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commands.config import Config

TEAM = "quarterdeck-demo"


Groups = Mapping[str, tuple[str, tuple[str, ...]]]
"""By a user group's id: its handle and its members' ids."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    real_name: str
    is_guest: bool = False


DANA = Person("U0DANA", "dana", "Dana Deploy")
RICK = Person("U0RICK", "rick", "Rick Rollout")
SAM = Person("U0SAM", "sam", "Sam Reliable")
ROBIN = Person("U0ROBIN", "robin", "Robin Oncall")
GIL = Person("U0GIL", "gil", "Gil Guest", is_guest=True)
REGULARS = (DANA, RICK, SAM, ROBIN, GIL)
CHANNELS = {"C0DEPLOYS": "deploys", "C0GENERAL": "general"}


@dataclass(frozen=True, slots=True)
class Cast:
    """``channels`` maps an id to a name."""

    people: tuple[Person, ...]
    groups: Groups
    channels: Mapping[str, str]
    home: str
    """The channel to begin in."""


def cast(config: Config) -> Cast:
    """The regulars, and a member for each id that the roles name; in every group are two, for it may be asked for two approvals."""
    named = [id for role in config.roles.values() for id in role.users]
    known = {person.id for person in REGULARS}
    others = tuple(_member(id) for id in dict.fromkeys(named) if id not in known)
    people = (*REGULARS, *others)
    groups = {id: (_handle(id), (SAM.id, ROBIN.id)) for id in sorted(config.group_ids)}
    channels = CHANNELS | {id: _handle(id) for id in sorted(config.channels) if id not in CHANNELS}
    home = next((e.channel for e in config.environments.values() if e.channel), "C0DEPLOYS")
    return Cast(people, groups, channels, home)


def may_deploy(config: Config, cast: Cast, person: Person, environment: str) -> bool:
    """Whether a rule lets this person deploy there; the real policy decides when they try."""
    there = [rule for rule in config.permissions if not rule.deny and rule.covers("deploy", environment)]
    return any(holds(config, cast.groups, person, role) for rule in there for role in rule.roles)


def holds(config: Config, groups: Groups, person: Person, role: str) -> bool:
    held = config.roles[role]
    in_group = any(person.id in groups[group][1] for group in held.groups)
    return person.id in held.users or in_group or (held.everyone and not person.is_guest)


def _member(id: str) -> Person:
    return Person(id, _handle(id), f"Member {id}")


def _handle(id: str) -> str:
    """What an id of another workspace is called here: ``C0PAYMENTS`` → ``payments``."""
    return id[1:].lstrip("0").lower() or id.lower()
