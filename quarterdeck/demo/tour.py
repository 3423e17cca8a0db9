"""The tour's plot in a configuration: its environments, who may deploy there, and whose yes it takes. Pure."""

from __future__ import annotations

from itertools import product

from commands.config import Config
from commands.draft import Exposure
from commands.policy import demand
from playground.example.tour import Asking, Plot
from quarterdeck.demo.cast import GIL, Cast, Person, holds, may_deploy

STAKES = {
    "deploy": Exposure(pods=3, at_once=0, images=("registry.example/web:1.4.2",), budgets=()),
    "scale": Exposure(pods=2, at_once=0, budgets=()),
}
"""What the tour's changes of ``web`` and ``jobs`` put at stake, as a worker finds it in the example: some rules go by it."""


def plot(config: Config, cast: Cast) -> Plot:
    """Told by whoever may deploy in both environments, and asks where the cast has people enough to say yes."""
    asking = [name for name in config.environments if _asks(config, name)]
    quiet = [name for name in config.environments if name not in asking]

    def falls_short(chosen: tuple[str, str, Person]) -> tuple[int, int]:
        quick, guarded, developer = chosen
        barred = sum(not may_deploy(config, cast, developer, name) for name in (guarded, quick))
        found = _asking(config, cast, guarded, "deploy", developer)
        return barred, found.missing if found else 0

    pairs = product(quiet, asking) if quiet and asking else ((name, name) for name in config.environments)
    choices = [(quick, guarded, person) for quick, guarded in pairs for person in cast.people]
    quick, guarded, developer = min(choices, key=falls_short)

    def asked(environment: str, verb: str) -> Asking | None:
        return _asking(config, cast, environment, verb, developer)

    return Plot(
        quick, guarded, developer.real_name, GIL.real_name,
        first=asked(quick, "deploy") or asked(quick, "scale"),
        deploy=asked(guarded, "deploy"), scale=asked(guarded, "scale"), prefix=config.slack.command_prefix,
    )  # fmt: skip


def _asks(config: Config, environment: str) -> bool:
    return any(demand(config, environment, 0.0, verb, stake) for verb, stake in STAKES.items())


def _asking(config: Config, cast: Cast, environment: str, verb: str, requester: Person) -> Asking | None:
    """The requester's own yes is the last resort, where it counts at all."""
    asked = demand(config, environment, 0.0, verb, STAKES[verb])
    if asked is None:
        return None
    people = [person for person in cast.people if person != requester]
    people += [requester] if asked.self_approval else []
    fits = {
        person.id: [
            place
            for place, need in enumerate(asked.needs)
            if any(holds(config, cast.groups, person, role) for role in need.roles)
        ]
        for person in people
    }
    seated = {id for ids in asked.seated(fits) for id in ids}
    return Asking(
        tuple(person.real_name for person in people if person.id in seated),
        asked.total - len(seated), asked.self_approval,
    )  # fmt: skip
