"""What speaks against carrying something out now, though the person may: limits, freezes, owners, locks. Each kind has its file.

An objection is found when a plan has been made and again before the write, by the rules and the facts of that moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from commands.config import Config
from commands.draft import Plan
from commands.errors import NotAllowed
from commands.operation import Operation
from commands.policy import freezes, limits, locks, owners
from commands.policy.circumstances import Circumstances, Objection


def objections(
    config: Config, operation: Operation, plan: Plan, circumstances: Circumstances, now: float
) -> Iterator[Objection]:
    """All of them, in the order in which people should read them."""
    yield from limits.exceeded(config, operation, plan, circumstances, now)
    if not operation.invocation.breaks_glass:
        yield from _frozen(config, operation, now)
    yield from owners.objecting(config, operation, plan)
    yield from _locked(operation, plan, circumstances, now)


def _frozen(config: Config, operation: Operation, now: float) -> Iterator[Objection]:
    for found in freezes.objecting(config, operation, now):
        yield Objection(freezes.sentence(config, found), found.rule, found.ends)


def _locked(operation: Operation, plan: Plan, circumstances: Circumstances, now: float) -> Iterator[Objection]:
    for found in locks.objecting(circumstances.locks, operation, plan.promise.ref, now):
        yield Objection(
            locks.sentence(found), f"the lock on {found.target}", found.until, () if found.operation else (found.owner,)
        )


def check_objections(
    config: Config, operation: Operation, plan: Plan, circumstances: Circumstances, now: float
) -> None:
    """Return where nothing speaks against it. Raises ``NotAllowed`` with every reason."""
    found = list(objections(config, operation, plan, circumstances, now))
    if found:
        named = (person for objection in found for person in objection.people)
        raise NotAllowed(" ".join(objection.sentence for objection in found), named)
