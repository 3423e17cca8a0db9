"""One move of an operation: what may follow what, and all that is written together with it.

Pure. Each demands what its edge promises: queueing demands a plan with the approvals of that digest, acting demands that
it was queued. ``commands.transitions`` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commands.errors import ImpossibleTransition
from commands.locks.lock import Lock, held
from commands.notices.notice import Notice
from commands.operation import Operation, State

S = State

BY_ITSELF = "quarterdeck"

TABLE: dict[State | None, frozenset[State]] = {
    None: frozenset({S.PLANNING, S.REJECTED}),
    S.PLANNING: frozenset({S.REJECTED, S.AWAITING, S.QUEUED, S.CANCELLED, S.FAILED}),
    S.AWAITING: frozenset({S.AWAITING, S.DENIED, S.EXPIRED, S.CANCELLED, S.PLANNING, S.QUEUED, S.SUPERSEDED}),
    S.QUEUED: frozenset({S.QUEUED, S.AWAITING, S.ACTING, S.PLANNING, S.CANCELLED, S.FAILED}),
    S.ACTING: frozenset({S.OBSERVING, S.PLANNING, S.FAILED, S.SUPERSEDED}),
    S.OBSERVING: frozenset({S.OBSERVING, S.SUCCEEDED, S.FAILED, S.CANCELLED, S.SUPERSEDED, S.ROLLING_BACK}),
    S.ROLLING_BACK: frozenset({S.ROLLING_BACK, S.ROLLED_BACK, S.ROLLBACK_FAILED, S.SUPERSEDED}),
}
"""The life of an operation. Final states have no way out; Roll back and Retry are new operations."""

HOLDING = frozenset({S.QUEUED, S.ACTING, S.OBSERVING, S.ROLLING_BACK})
"""States in which the operation claims its target."""

LOOK_AGAIN = {S.PLANNING: 5.0, S.QUEUED: 5.0, S.ACTING: 5.0, S.OBSERVING: 30.0, S.ROLLING_BACK: 5.0}
"""Seconds after which the sweep looks again at an operation that has not moved: its job may have been lost."""


def look_again(op: Operation) -> float:
    """Seconds until then. What went back is watched, as the change was before."""
    return LOOK_AGAIN[S.OBSERVING if op.undone else op.state]


@dataclass(frozen=True, slots=True)
class Transition:
    """One move, with all that is written together: record, audit entry, due time, outbox mark, claim."""

    before: Operation | None
    after: Operation
    event: str
    actor: str
    """A Slack user id, or ``quarterdeck`` for what happens by itself."""
    at: float
    detail: str = ""
    notice: Notice | None = None
    """What is told with it, beside the operation's own message."""

    def __post_init__(self) -> None:
        source = self.before.state if self.before else None
        if self.after.state not in TABLE.get(source, frozenset()):
            raise ImpossibleTransition(f"{self.after.id}: no way from {source} to {self.after.state}")
        if self.after.state in {S.QUEUED, S.ACTING} and not self.after.approved:
            raise ImpossibleTransition(f"{self.after.id}: {self.after.state.value} without a plan and its approvals")
        if self.after.state is S.ROLLING_BACK and not _may_go_back(self.before, self.after):
            raise ImpossibleTransition(f"{self.after.id}: {self.after.state.value} although its plan does not say so")

    @property
    def due(self) -> float | None:
        """When the sweep should look at it again (Unix seconds); None once it is final."""
        if self.after.state.final:
            return None
        if self.after.state is S.AWAITING and self.after.demand:
            return self.after.remind_at or self.after.demand.expires
        return self.at + look_again(self.after)

    @property
    def claim(self) -> str | None:
        """The claim it must hold after this, if any."""
        return self.after.target.claim if self.after.state in HOLDING and self.after.target else None

    @property
    def release(self) -> str | None:
        """The claim it gives up with this, if any."""
        held = self.before.target.claim if self.before and self.before.state in HOLDING and self.before.target else None
        return held if held != self.claim else None

    @property
    def hold(self) -> Lock | None:
        """The hold on its target that begins with this, as the plan said."""
        after = self.after
        if not after.is_held or after.target is None or after.ending is None:
            return None
        return held(after.environment, after.target, after.id, after.ending.sentence, self.at)

    @property
    def entry(self) -> dict[str, Any]:
        """The audit entry: who, what, where, plan digest, when, outcome."""
        after = self.after
        return {
            "at": self.at,
            "operation": after.id,
            "event": self.event,
            "actor": self.actor,
            "from": self.before.state.value if self.before else None,
            "to": after.state.value,
            "verb": after.invocation.verb,
            "text": after.invocation.text,
            "environment": after.environment,
            "target": after.target.claim if after.target else _said_target(after),
            "digest": after.plan.digest if after.plan else None,
            "requester": after.invocation.person.id,
            "channel": after.invocation.place.channel,
            "detail": self.detail,
            **({"break_glass": True} if after.invocation.breaks_glass else {}),
            **({"held": True} if after.is_held else {}),
        }


def _said_target(operation: Operation) -> str | None:
    """``prod/web``: what it is aimed at, as said, while nobody has looked for the object."""
    said = operation.invocation.arguments.get("workload")
    return f"{operation.environment}/{said}" if isinstance(said, str) else None


def _may_go_back(before: Operation | None, after: Operation) -> bool:
    """As approved, with the evidence kept, never of a way back, and written once."""
    plan, origin = after.plan, after.origin
    promised = plan is not None and plan.promise.failing is not None and plan.promise.failing.goes_back
    is_way_back = after.invocation.verb == "rollback" or (origin is not None and origin.undone is not None)
    known = after.approved and after.written is not None and after.broken is not None
    once = before is None or before.undone in {None, after.undone}
    return promised and known and once and not is_way_back
