"""The review of a break-glass: opened with the plan, acknowledged by somebody else, or said once more when it is overdue. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from commands.config import BreakGlass
from commands.draft import Plan
from commands.notices.notice import Notice, Review, review_of
from commands.operation import Operation
from commands.times import wall

BY_ITSELF = "quarterdeck"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A move of a notice, written with its audit entry (``commands.store.notices``)."""

    before: Notice
    after: Notice
    event: str
    actor: str
    at: float

    @property
    def entry(self) -> dict[str, Any]:
        """The audit entry."""
        review = self.after.review
        assert review  # noqa: S101 - nothing else of a notice moves
        return {
            "at": self.at,
            "event": self.event,
            "operation": review.operation,
            "actor": self.actor,
            "environment": review.environment,
            "requester": review.requester,
            "break_glass": True,
            "detail": self.after.text,
        }


def opened(rule: BreakGlass, operation: Operation, plan: Plan, at: float) -> Notice:
    """One of an operation, however often it is planned."""
    said, due = operation.invocation, at + rule.review_within
    told = (
        f"🚨 <@{said.person.id}> breaks the glass: {said.verb} {plan.summary} in {operation.environment} "
        f"({operation.id}), without approvals and whatever is frozen. Why: {str(said.argument('reason')).rstrip('.')}. "
        f"Somebody else who holds {' or '.join(rule.acknowledged_by)} has to acknowledge this by {wall(due, UTC)}."
    )
    review = Review(operation.id, operation.environment, said.person.id, due)
    return Notice(review_of(operation.id), rule.channel, told, at, (said.person.id,), review)


def acknowledge(before: Notice, person: str, at: float) -> Reviewed:
    """Somebody has looked at it."""
    return _moved(before, "break-glass acknowledged", person, at, by=person, at=at)


def overdue(before: Notice, at: float) -> Reviewed:
    """Nobody has in time."""
    return _moved(before, "break-glass not acknowledged in time", BY_ITSELF, at, overdue=True)


def _moved(before: Notice, event: str, actor: str, now: float, **fields: Any) -> Reviewed:
    assert before.review  # noqa: S101 - whoever moves it has looked
    after = replace(before, review=replace(before.review, **fields), version=before.version + 1)
    return Reviewed(before, after, event, actor, now)
