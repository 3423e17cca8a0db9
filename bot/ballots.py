"""Votes are counted here: after the ack, with the membership read afresh, by whichever bot comes first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from bot.directory import Directory
from bot.slack import RateLimited, Refused, Slack, SlackProblem
from bot.views.refusal import sentence as saying
from bot.views.view import View
from commands import transitions
from commands.concern import concerning
from commands.config import Rules
from commands.demand import Vote
from commands.draft import FieldChange
from commands.errors import (
    Busy,
    MembershipUnknown,
    NewerRecord,
    NotAllowed,
    NotFound,
    Stale,
    StoreError,
    StoreUnavailable,
)
from commands.holding import at_work
from commands.invocation import Person
from commands.operation import (
    Operation,
    State,
)
from commands.policy import asked_roles, check_objections, may_count, may_deny, stricter
from commands.policy.sentences import listed
from commands.proof.signatures import is_signed_vote
from commands.queue import Queue
from commands.store import Store
from commands.store.circumstances import circumstances

log = logging.getLogger(__name__)

UNTOLD = "Press the button yourself if you mean it."

FRESH = 30.0
"""Seconds: what was read for this very vote is younger than that."""

CACHED = 3600.0
"""Seconds: those who voted before are not read again to tell that the rules ask for more; a worker has them read."""


class Ballots:
    """One path for yes and no, from a button or typed."""

    def __init__(
        self, slack: Slack, store: Store, queue: Queue, rules: Rules, directory: Directory, now: Callable[[], float]
    ) -> None:
        self._slack, self._store, self._queue = slack, store, queue
        self._rules, self._directory, self._now = rules, directory, now

    def step(self) -> None:
        """Count what waits. A problem leaves the vote pending, for the next round."""
        for id in self._store.operations.pending_votes():
            with concerning(id):
                try:
                    self._count_all(id)
                except Stale:
                    continue  # somebody else moved it: the next round reads it anew
                except SlackProblem as problem:
                    log.warning("%s: a vote waits, the membership could not be read: %s", id, problem)
                except NotFound:
                    log.warning("%s: a vote on an operation that is gone", id)
                except StoreUnavailable:
                    raise
                except StoreError as error:  # a newer version's, say: the others are counted all the same
                    log.warning("%s: its votes are left alone: %s", id, error)

    def _count_all(self, id: str) -> None:
        operation = self._store.operations.load(id)
        while operation.state is State.AWAITING and (pending := [v for v in operation.votes if not v.counted]):
            operation = self._count(operation, pending[0])
        if operation.state is State.QUEUED:
            self._queue.enqueue("act", id, operation.environment)

    def _count(self, operation: Operation, cast: Vote) -> Operation:
        self._directory.read(self._unread(operation, cast))
        try:
            roles = self._check(operation, cast)
            move = transitions.count(operation, cast, self._now(), roles)
            self._check_queueing(operation, move.after)
            if changes := self._stricter(move.after):
                return self._plan_again(operation, cast, changes)
            return self._store.operations.apply(move)
        except (NotAllowed, NotFound, MembershipUnknown) as error:  # not found is an environment that left the file
            return self._strike(operation, cast, str(error))
        except Busy as error:
            told = f"{self._held(error)} Your answer was not taken; press again when {error.holder} has ended."
            return self._strike(operation, cast, told)

    def _held(self, busy: Busy) -> str:
        try:
            return at_work(self._store.operations.load(busy.holder))
        except (NotFound, NewerRecord):
            return str(busy)

    def _check(self, operation: Operation, cast: Vote) -> tuple[str, ...]:
        """The roles for which a yes counts. Raises as ``may_count`` does."""
        if not is_signed_vote(self._store.key, operation.id, cast):
            raise NotAllowed(f"That answer bears no signature of mine, so it was not given through me. {UNTOLD}")
        membership = self._store.people.membership([cast.person, *(v.person for v in operation.votes)])
        if cast.no is None:
            return may_count(self._rules.now, membership, operation, cast.person, now=self._now(), max_age=FRESH)
        facts = membership.people.get(cast.person)
        person = Person(cast.person, facts.team if facts else "")
        may_deny(self._rules.now, membership, operation, person, digest=cast.digest, now=self._now(), max_age=FRESH)
        return ()

    def _check_queueing(self, operation: Operation, after: Operation) -> None:
        """The yes that would queue it is not taken while something speaks against that. Raises ``NotAllowed``."""
        if after.state is not State.QUEUED or operation.plan is None:
            return
        now = self._now()
        try:
            facts = circumstances(self._store, operation, now)
            check_objections(self._rules.now, operation, operation.plan, facts, now)
        except NotAllowed as error:
            raise NotAllowed(f"{error} Your answer was not taken; {operation.id} goes on waiting.") from error

    def _stricter(self, after: Operation) -> tuple[FieldChange, ...]:
        """What the rules ask for by now, where the yes that would queue it is not enough for that."""
        if after.state is not State.QUEUED:
            return ()
        membership = self._store.people.membership([vote.person for vote in after.votes])
        return stricter(self._rules.now, membership, after, now=self._now(), max_age=CACHED)

    def _plan_again(self, operation: Operation, cast: Vote, changes: tuple[FieldChange, ...]) -> Operation:
        """It could never be carried out as it waits: it is planned by the rules of now, and its message says what changed."""
        after = self._store.operations.apply(transitions.drifted(operation, changes, self._now()))
        self._queue.enqueue("plan", operation.id, operation.environment)
        asked = listed([change.new for change in changes if change.new], "and")
        told = f"Since {operation.id} was planned, the rules have come to ask for more approvals: {asked}."
        self._answer(
            operation, cast, f"{told} It is planned again, your answer was not taken, and its message will ask anew."
        )
        return after

    def _strike(self, operation: Operation, cast: Vote, sentence: str) -> Operation:
        after = self._store.operations.apply(transitions.discount(operation, cast, sentence, self._now()))
        self._answer(operation, cast, sentence)
        return after

    def _answer(self, operation: Operation, cast: Vote, sentence: str) -> None:
        try:
            self._tell(operation, cast, saying(sentence))
        except SlackProblem as problem:
            log.warning("%s: %s could not be told that the vote does not count: %s", operation.id, cast.person, problem)

    def _tell(self, operation: Operation, cast: Vote, view: View) -> None:
        """A form has no response_url, and one may be used up or limited: then it is told beside the message."""
        if cast.response_url:
            with suppress(Refused, RateLimited):
                self._slack.respond(cast.response_url, view)
                return
        if (at := self._store.deliveries.all(operation.id).get("parent")) and "ts" in at:
            self._slack.whisper(at["channel"], cast.person, view, at["thread"])

    def _unread(self, operation: Operation, cast: Vote) -> list[str]:
        """What was not yet read after the vote was received: fifty clicks at once read a group once."""
        concerned = self._concerned(operation, cast)
        known = self._store.people.membership(concerned)
        read = {id: facts.at for id, facts in known.people.items()}
        read |= {id: facts.at for id, facts in known.groups.items()}
        return [id for id in concerned if read.get(id, 0.0) < cast.at]

    def _concerned(self, operation: Operation, cast: Vote) -> list[str]:
        """The voter, and the groups through which the approvers' roles may be held."""
        config = self._rules.now
        names = asked_roles(config, operation)
        groups = {g for name in names if name in config.roles for g in config.roles[name].groups}
        return [cast.person, *sorted(groups)]
