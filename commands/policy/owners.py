"""``environments.<name>.owners: refuse``: what somebody else would put back is not changed here at all. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from commands.config import Config
from commands.draft import Plan
from commands.operation import Operation
from commands.policy.circumstances import Objection
from commands.policy.sentences import the_place


def objecting(config: Config, operation: Operation, plan: Plan) -> Iterator[Objection]:
    """One for each owner; none where the environment only warns of them."""
    environment = config.environments.get(operation.environment)
    if environment is None or environment.owners != "refuse":
        return
    rule = the_place(config, "environments", operation.environment, "owners")
    name = plan.promise.ref.name
    for owner in plan.owners:
        yield Objection(
            f"{operation.environment} changes nothing that others would put back ({rule}). Of {name}: {owner}.", rule
        )
