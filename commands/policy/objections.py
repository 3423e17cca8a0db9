"""What speaks against carrying something out now, though the person may: limits, freezes, locks. Each kind has its file.

An objection is found when a plan has been made and again before the write, by the rules and the facts of that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commands.config import Config
from commands.draft import Plan
from commands.errors import NotAllowed
from commands.operation import Operation
from commands.policy import freezes


@dataclass(frozen=True, slots=True)
class Objection:
    """``sentence`` is for people and says until when or what to do; ``rule`` names what objects, such as ``freezes[0] (line 12)``.

    ``until``: Unix seconds from which it holds no longer, where that is known.
    """

    sentence: str
    rule: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a worker reads of the store for one operation, besides its record. Each kind of objection adds what it needs."""


def objections(
    config: Config, operation: Operation, plan: Plan, circumstances: Circumstances, now: float
) -> Iterator[Objection]:
    """All of them, in the order in which people should read them."""
    del plan, circumstances
    yield from _frozen(config, operation, now)


def _frozen(config: Config, operation: Operation, now: float) -> Iterator[Objection]:
    for found in freezes.objecting(config, operation, now):
        yield Objection(freezes.sentence(found, operation.environment), found.rule, found.ends)


def check_objections(
    config: Config, operation: Operation, plan: Plan, circumstances: Circumstances, now: float
) -> None:
    """Return where nothing speaks against it. Raises ``NotAllowed`` with every reason."""
    found = [objection.sentence for objection in objections(config, operation, plan, circumstances, now)]
    if found:
        raise NotAllowed(" ".join(found))
