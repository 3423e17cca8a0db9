"""What every job is handed, and how it takes hold of an operation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from commands.config import Config, Rules
from commands.declaration import Changes, Command
from commands.draft import Draft, Exposure, WayBack
from commands.errors import LeaseLost, MembershipUnknown, NewerRecord, Silent, Unreachable
from commands.holding import at_work
from commands.invocation import Invocation, Person
from commands.live import Live, Revision
from commands.membership import Membership
from commands.operation import Operation
from commands.policy import Circumstances, identity
from commands.progress import Progress
from commands.proof.signatures import is_signed_course
from commands.queue import Queue
from commands.registry import Registry
from commands.store import Lease, Store
from commands.store.circumstances import circumstances
from commands.times import duration
from commands.transition import Transition
from workers.cluster import Cluster, Object
from workers.exposure import exposure
from workers.judging import Judge
from workers.live import ClusterLive
from workers.records import VisibleRecords
from workers.way_back import prepared

T = TypeVar("T")

PLANNING_AGE = 600.0
"""Seconds for which what Slack said of a person is good enough to plan and to read."""

ACTING_AGE = 60.0
"""The same for acting: approvals are checked against the membership of this minute."""

READING = 1.5
"""Seconds a job waits for the bot to read what it wants to know."""

UNREACHED = 5.0
"""Seconds for which a cluster that cannot be reached is tried in silence."""

LOOKED_THROUGH = 500
"""Of the latest that ended, where it has to be known what was last verified."""

HOLD = 15.0
"""Seconds for which a job holds its operation: longer than its cluster calls may take, short enough after a crash."""


@dataclass(frozen=True, slots=True)
class Context:
    """Built once by the composition root, before the worker forks."""

    rules: Rules
    registry: Registry
    store: Store
    queue: Queue
    clusters: Callable[[str], Cluster]
    now: Callable[[], float]

    @property
    def config(self) -> Config:
        """By what is decided now; a forked job has what was in force at its fork, to its end."""
        return self.rules.now

    def live(self, invocation: Invocation, environment: str | None, known: Object | None = None) -> Live:
        """The read-only view that the command of this invocation gets; ``known`` is the workload it is about, if read already."""
        records = VisibleRecords(self.store, self.config, invocation.person, self.now, invocation.place.channel)
        if environment is None:
            return records.only()
        judge = Judge(self.config, self.store, invocation, self.exposure, self.now, PLANNING_AGE)
        settings = self.config.environment(environment)  # it may be gone from the file since
        cluster, person = self.clusters(settings.cluster), invocation.person
        return ClusterLive(
            cluster, environment, settings.namespace, records, self.now, judge, known,
            lambda: self.written_as(person, environment, cluster, PLANNING_AGE), partial(self.prepared, environment),
            settings.mask_secrets,
        )  # fmt: skip

    def membership(self, operation: Operation) -> Membership:
        """What is known of everyone whom the operation concerns."""
        return self.store.people.membership([operation.invocation.person.id, *(v.person for v in operation.votes)])

    def circumstances(self, operation: Operation) -> Circumstances:
        """What the rules that object may be about, as it is now. Raises ``StoreUnavailable``."""
        return circumstances(self.store, operation, self.now())

    def exposure(self, environment: str, draft: Draft, live: Object, *, neighbours: bool = False) -> Exposure | None:
        """What rules for approvals are about; None where the environment has no such rule and nobody is to be shown it.

        Raises ``ClusterError``'s kinds.
        """
        asked = self.config.environment(environment).approvals
        if asked is None or not (asked.rules or neighbours):
            return None
        return exposure(self.clusters(draft.patch.ref.cluster), draft, live, neighbours=neighbours)

    def prepared(
        self, environment: str, verb: str, draft: Draft, live: Object, revisions: Callable[[Object], Sequence[Revision]],
        *, undoes: bool = False,
    ) -> tuple[Draft, WayBack | None]:  # fmt: skip
        """The draft with what follows by itself if it breaks. ``undoes``: it is to take back an operation's write."""
        return prepared(
            self.config.environment(environment).on_failure, draft, live, goes_back=undoes or verb == "rollback",
            revisions=lambda: revisions(live), ended=self._proven(), now=self.now(),
        )  # fmt: skip

    def _proven(self) -> Iterator[Operation]:
        """The latest of ours that have ended, newest first, without those of which somebody else may have written the end."""
        ended = self.store.operations.ended(LOOKED_THROUGH)
        return (each for each in ended if is_signed_course(self.store.key, each))

    def written_as(self, person: Person, environment: str, cluster: Cluster, max_age: float) -> Cluster:
        """The cluster as it is to be written to, or asked what it would write, for that person in that environment.

        Raises ``MembershipUnknown`` where the rules want to know more of the person.
        """
        membership = self.store.people.membership([person.id])
        who = identity(self.config, membership, person, environment, now=self.now(), max_age=max_age)
        return cluster.acting_as(who) if who else cluster

    def permalink(self, id: str) -> str | None:
        """Where the operation's message is read; None while there is none, or where a newer version has posted it."""
        try:
            at = self.store.deliveries.all(id).get("parent") or {}
        except NewerRecord:
            return None
        return self.store.people.permalink(at["channel"], at["ts"]) if "ts" in at else None

    def command(self, operation: Operation) -> tuple[Command, Changes]:
        command = self.registry.get(operation.invocation.verb)
        assert isinstance(command.effect, Changes), f"{command.name} is no change"  # noqa: S101 - only changes become operations
        return command, command.effect

    def typed(self, line: str) -> str:
        """A line as people here type it: their slash commands may have a prefix."""
        return self.registry.typed(line, self.config.slack.command_prefix)

    def knowing(self, attempt: Callable[[], T]) -> T:
        """Try; where Slack's word on somebody is missing, ask the bot for it and try once more when it has come.

        Raises ``MembershipUnknown`` where it does not come within ``READING`` seconds: the sweep tries again.
        """
        try:
            return attempt()
        except MembershipUnknown as error:
            self._ask_bot(error.wanted)
            return attempt()

    def _ask_bot(self, wanted: frozenset[str]) -> None:
        bell = self.store.bell("membership")
        try:
            bell.wait(0)  # subscribed before asking, or the answer could come in between
            self.store.people.want(wanted)
            until = time.monotonic() + READING
            while time.monotonic() < until and self.store.people.wanted() & wanted:
                bell.wait(0.25)
        finally:
            bell.close()

    @contextmanager
    def holding(self, id: str) -> Iterator[Lease | None]:
        """The operation's lease; None where another process is at work on it (or was, seconds ago)."""
        lease = self.store.leases.take(f"operation-{id}", HOLD)
        try:
            yield lease
        finally:
            if lease:
                self.store.leases.release(lease)

    def record(self, move: Transition, lease: Lease) -> Operation:
        """Write a move. The record's version tells whether anybody moved it meanwhile. Raises ``LeaseLost``."""
        return self._held(lease, move.after.id, lambda held: self.store.operations.apply(move, lease=held))

    def _held(self, lease: Lease, id: str, write: Callable[[Lease], T]) -> T:
        """Write also where the lease ran out while a cluster took its time; else it would never be written.

        Another's hold is respected. Raises ``LeaseLost``.
        """
        try:
            return write(lease)
        except LeaseLost:
            with self.holding(id) as anew:
                if anew is None:
                    raise
                return write(anew)

    def tell_unreached(self, operation: Operation, error: Unreachable, limit: float, lease: Lease) -> None:
        """Once, when it has lasted for some seconds: that it goes on being tried, for ``limit`` seconds since the state began."""
        now, told = self.now(), self.store.operations.progress(operation.id)
        patience = 0.0 if isinstance(error, Silent) else UNREACHED
        if now - operation.since < patience or (told and told.at >= operation.since):
            return
        sentence = f"{error} I go on trying, for {duration(limit)} in all."
        waits = Progress(sentence, 0, 0, 0, 0, now)
        with suppress(LeaseLost):  # another job is at it now, and tells
            self._held(lease, operation.id, lambda held: self.store.operations.note_progress(operation.id, waits, held))

    @staticmethod
    def own_fault(error: Exception) -> str:
        """For people: what it was stands in the worker's log, whose text might hold what nobody is to read."""
        return f"I met a fault of my own ({type(error).__name__}); the worker's log tells more."

    def busy_sentence(self, holder: str) -> str:
        """Who holds the target, with what and since when."""
        return f"{at_work(self.store.operations.load(holder))} Nothing was changed; try again when it has ended."
