"""What the rules ask for before a plan is acted on, and what people say to it. Only values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from commands.matching import seated


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's yes, or no with a reason, to one digest.

    It counts only once the bot has read the membership afresh (``counted``). ``response_url`` is where the click is answered.
    """

    person: str
    digest: str
    at: float
    counted: bool = False
    no: str | None = None
    response_url: str | None = None
    signature: str | None = None
    """The bot's (``commands.proof.signatures``)."""
    roles: tuple[str, ...] | None = None
    """Of those asked for, the ones that the person held when it was counted. None: it was not said, so for whatever is asked."""


@dataclass(frozen=True, slots=True)
class Need:
    """So many people who hold one of these roles. ``because``: the rules that ask for it, in words for people."""

    required: int
    roles: tuple[str, ...]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """What the rules ask for, fixed when the plan was made: so many people of these roles, until then, and ``also`` these.

    All are distinct: who holds the roles of two needs says yes for one of them.
    """

    required: int
    roles: tuple[str, ...]
    expires: float
    """Unix seconds."""
    self_approval: bool = False
    because: tuple[str, ...] = ()
    also: tuple[Need, ...] = ()
    confirm: bool = False
    """Whoever presses Approve is asked once more."""

    @property
    def needs(self) -> tuple[Need, ...]:
        """All of them."""
        return (Need(self.required, self.roles, self.because), *self.also)

    @property
    def total(self) -> int:
        """How many people."""
        return sum(need.required for need in self.needs)

    @property
    def all_roles(self) -> tuple[str, ...]:
        """Each once, in the order of the needs."""
        return tuple(dict.fromkeys(role for need in self.needs for role in need.roles))

    def seated(self, fits: Mapping[str, Collection[int]]) -> tuple[tuple[str, ...], ...]:
        """Per need who satisfies it. ``fits``: by person the places of the needs whose roles that person holds."""
        return seated([need.required for need in self.needs], fits)

    def is_met(self, fits: Mapping[str, Collection[int]]) -> bool:
        """Whether those people are enough."""
        return sum(map(len, self.seated(fits))) >= self.total
