"""What people do to an operation that exists: vote, deny, cancel. One code path, whether pressed or typed.

Decided from cached data before the ack. A vote is only *received* here; ``ballots`` counts it. Whoever calls audits
what is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from commands import (
    transitions,
)
from commands.config import Rules
from commands.demand import Vote
from commands.errors import MembershipUnknown, NotAllowed, Refusal, Stale
from commands.invocation import Invocation, Person
from commands.membership import Membership
from commands.notices import reviewing
from commands.operation import (
    Operation,
    State,
)
from commands.policy import check_acknowledges, check_plan, may_approve, may_cancel, may_deny, may_see, may_withdraw
from commands.proof.signatures import signed_vote
from commands.store import Store
from commands.transition import Transition

CACHED = 3600.0


class OperationControls:
    def __init__(self, rules: Rules, store: Store, now: Callable[[], float]) -> None:
        self._rules, self._store, self._now = rules, store, now

    def do(self, action: str, said: Invocation) -> str:
        """A control said as words. Returns what to tell the person; raises ``Refusal``'s kinds."""
        id, person = str(said.arguments["operation"]), said.person
        match action:
            case "cancel":
                return self.cancel(id, person)
            case "withdraw":
                return self.withdraw(id, person)
            case "approve" | "deny":
                return self._answer(action, id, said)
        raise Refusal(f"{action} is not something that can be done to an operation.")

    def _answer(self, action: str, id: str, said: Invocation) -> str:
        """Typed: it is about the plan as it stands this moment, and says which that was."""
        operation = self._store.operations.load(id)
        digest, url = operation.plan.digest if operation.plan else "", said.place.response_url
        if action == "approve":
            self.approve(id, said.person, digest, url)
        else:
            self.deny(id, said.person, digest, str(said.arguments["reason"]), url)
        doing = "Approving" if action == "approve" else "Denying"
        what = f"{id}: {_planned(operation)}" if self._shows(operation, said.person) else f"{id}."
        return f"{doing} {what} It counts as soon as Slack has told me that you may; if not, I say so."

    def _shows(self, operation: Operation, person: Person) -> bool:
        """Of somebody who is not known yet the answer is taken, but they are told nothing of the plan."""
        membership = self._store.people.membership([person.id])
        try:
            return may_see(self._rules.now, membership, person, operation, now=self._now(), max_age=CACHED)
        except MembershipUnknown:
            return False

    def approve(self, id: str, person: Person, digest: str, response_url: str | None) -> None:
        """Receive a yes. Raises ``NotAllowed`` where it is known already that it cannot count."""
        self._vote(id, person, Vote(person.id, digest, self._now(), response_url=response_url))

    def deny(self, id: str, person: Person, digest: str, reason: str, response_url: str | None = None) -> None:
        """Receive a no, with its reason."""
        self._vote(id, person, Vote(person.id, digest, self._now(), no=reason, response_url=response_url))

    def check_deny(self, id: str, person: Person, digest: str) -> Operation:
        """Whether to open the form that asks for the reason."""
        operation, membership = self._store.operation_and_people(id, [person.id])
        self._may(operation, membership, person, Vote(person.id, digest, self._now(), no="-"))
        return operation

    def cancel(self, id: str, person: Person) -> str:
        """Call it off; while observing that means no longer following it."""
        operation = self._store.operations.load(id)
        self._may_cancel(operation, person)
        following = operation.state is State.OBSERVING
        told = (
            f"No longer followed; the rollout goes on. <@{person.id}> stopped following it."
            if following
            else f"Called off by <@{person.id}>; nothing was changed."
        )
        self._apply(transitions.cancel(operation, person.id, told, self._now()))
        return (
            f"{id} is no longer followed; the rollout goes on."
            if following
            else f"{id} is cancelled; nothing was changed."
        )

    def withdraw(self, id: str, person: Person) -> str:
        """Take back one's own yes, until it is acted on."""
        for _ in range(50):
            with suppress(Stale):
                operation = self._store.operations.load(id)
                may_withdraw(operation, person.id)
                after = self._store.operations.apply(transitions.withdraw(operation, person.id, self._now()))
                waits = "It waits for approval again." if after.state is not operation.state else ""
                return f"Your approval of {id} is withdrawn. {waits}".strip()
        raise Refusal(f"{id} is moving too fast for that; look at it and try again.")

    def supersede(self, id: str, person: Person) -> str:
        """Who asked for it ends what waits for approval on the same target, as far as they might cancel it."""
        operation = self._store.operations.load(id)
        if operation.state is not State.AWAITING or person.id != operation.invocation.person.id:
            raise NotAllowed(f"Only who asked for {id} can let it replace what waits, and while it waits itself.")
        waiting = [self._store.operations.load(rival.id) for rival in operation.rivals]
        waiting = [rival for rival in waiting if rival.state is State.AWAITING]
        for rival in waiting:
            self._may_cancel(rival, person)
        for rival in waiting:
            self._apply(transitions.give_way(rival, operation, self._now()))
        names = ", ".join(rival.id for rival in waiting)
        return f"{id} replaces {names}; nothing was changed yet." if names else "Nothing else waits on it any more."

    def acknowledge(self, id: str, person: Person) -> str:
        """Somebody has looked at what was done by break-glass; ``id`` is the notice's."""
        notice, membership = self._store.notices.load(id), self._store.people.membership([person.id])
        try:
            check_acknowledges(self._rules.now, membership, notice, person, now=self._now(), max_age=CACHED)
        except MembershipUnknown as error:
            self._store.people.want(error.wanted)
            raise Refusal("I don't know you yet and am asking Slack; press it again in a moment.") from error
        try:
            self._store.notices.apply(reviewing.acknowledge(notice, person.id, self._now()))
        except Stale as error:
            raise Refusal("That moved this very moment; look at it again.") from error
        return "Thank you: it is noted that you have looked at it."

    def _vote(self, id: str, person: Person, cast: Vote) -> None:
        for _ in range(50):  # others vote at the same instant; each try begins from their result
            with suppress(Stale):
                self._try_vote(id, person, cast)
                return
        raise Refusal(f"{id} is moving too fast for your answer to be taken; look at it and press again.")

    def _try_vote(self, id: str, person: Person, cast: Vote) -> None:
        operation, membership = self._store.operation_and_people(id, [person.id])
        self._may(operation, membership, person, cast)
        self._store.operations.apply(transitions.vote(operation, signed_vote(self._store.key, operation.id, cast)))

    def _may(self, operation: Operation, membership: Membership, person: Person, cast: Vote) -> None:
        if operation.plan:
            check_plan(operation, self._store.key)
        judge = may_approve if cast.no is None else may_deny
        try:
            judge(self._rules.now, membership, operation, person, digest=cast.digest, now=self._now(), max_age=CACHED)
        except MembershipUnknown:
            return  # ballots reads it afresh anyway

    def _may_cancel(self, operation: Operation, person: Person) -> None:
        if operation.state is State.ACTING:
            raise NotAllowed(
                f"{operation.id} is being written this very moment and cannot be called off; look again in a second."
            )
        membership = self._store.people.membership([person.id])
        try:
            may_cancel(self._rules.now, membership, operation, person, now=self._now(), max_age=CACHED)
        except MembershipUnknown as error:
            self._store.people.want(error.wanted)
            raise Refusal("I don't know you yet and am asking Slack; do it again in a moment.") from error

    def _apply(self, move: Transition) -> None:
        try:
            self._store.operations.apply(move)
        except Stale as error:
            raise Refusal(f"{move.after.id} moved that very moment; look at it and try again.") from error


SHOWN = 5
"""Changes of a plan that are told in words."""


def _planned(operation: Operation) -> str:
    """``deploy web 1.4.1 → 1.4.2 in prod (plan 3fa9…). containers[app].image: …``."""
    plan = operation.plan
    if plan is None:
        return ""
    lines = [f"{c.path}: {c.old or '(absent)'} → {c.new or '(absent)'}" for c in plan.diff[:SHOWN]]
    more = [f"{len(plan.diff) - SHOWN} more in its message"] if len(plan.diff) > SHOWN else []
    what = f"{operation.invocation.verb} {operation.what} in {operation.environment}, plan {plan.digest[:12]}"
    return f"{what} ({'; '.join([*lines, *more])})."
