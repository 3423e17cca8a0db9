"""The operations that a person may see, for the commands that list them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import NoReturn

from commands.config import Config
from commands.draft import Draft, Plan
from commands.entry import Entry
from commands.errors import NotAllowed, NotFound, UsageError
from commands.invocation import Invocation, Person
from commands.live import Object, Revision, Served
from commands.locks.lock import Lock
from commands.membership import Membership
from commands.operation import Operation, State
from commands.policy import Scope, authorise, environments_visible, may_approve, may_see
from commands.policy.explaining import Explanation
from commands.policy.freezes import Freezing, freezings
from commands.store import Store
from commands.times import UNITS

AGE = 600.0
"""Seconds for which what Slack said of a person is good enough to show them records."""

SHOWN = 20
"""Of those that have ended."""

LOOKED_THROUGH = 2000
"""Entries of the audit, which is never trimmed."""

READ = 1000
"""So many of the latest that ended are looked through at most, whoever may see them."""


class VisibleRecords:
    """Operations through one person's eyes."""

    def __init__(
        self, store: Store, config: Config, person: Person, now: Callable[[], float], channel: str = ""
    ) -> None:
        """``channel``: where they ask."""
        self._store, self._config, self._person, self._now, self._channel = store, config, person, now, channel

    def operations(self, environment: str | None = None) -> Sequence[Operation]:
        """All under way, then the ``SHOWN`` latest that ended, each newest first.

        Rejected ones are left out: only their requester was told of them.
        """
        going = [op for op in self._store.operations.in_flight() if self._lists(op, environment)]
        ended = (op for op in self._store.operations.ended(READ) if self._lists(op, environment))
        return [*going, *islice(ended, SHOWN)]

    def newer(self) -> int:
        """Whose they are cannot be read either, so that everybody is told how many."""
        return self._store.operations.newer_in_flight()

    def operation(self, id: str) -> Operation:
        """Raises ``NotFound``, also for what the person may not see."""
        operation = self._store.operations.load(id)
        if not self._sees(operation):
            raise NotFound(f"There is no operation {id}; `operations` lists what is going on.")
        return operation

    def audit(self, environment: str | None = None, workload: str | None = None) -> Sequence[Entry]:
        """The ``SHOWN`` latest of those that the person may see, among the ``LOOKED_THROUGH`` latest of all.

        An entry of nowhere, such as words that were not understood, is in no list.
        """
        may = cache(self._audits)
        found = (
            entry
            for entry in self._entries()
            if environment in {None, entry.environment} and workload in {None, entry.workload}
            if entry.environment is not None and may(entry.environment, entry.workload)
        )
        return list(islice(found, SHOWN))

    def _entries(self) -> Iterator[Entry]:
        """What an operation was about stands in its later entries, which come first."""
        later: dict[str, Entry] = {}
        for kept in islice(self._store.audit.latest(), LOOKED_THROUGH):
            entry = Entry.read(kept)
            if entry.operation:
                entry = later[entry.operation] = entry.of(later.get(entry.operation))
            yield entry

    def _audits(self, environment: str, workload: str | None) -> bool:
        """What an object's labels were is not known any more, so that a rule about labels allows nothing, and denies."""
        scope = Scope("audit", environment, workload, channel=self._channel, exact=True)
        try:
            authorise(self._config, self._membership, self._person, scope, now=self._now(), max_age=AGE)
        except NotAllowed:
            return False
        return True

    def locks(self, environment: str | None = None) -> Sequence[Lock]:
        """Those in force, in the environments where the person may do anything at all."""
        seen = environments_visible(self._config, self._membership, self._person, now=self._now(), max_age=AGE)
        asked_for = [name for name in seen if environment in {None, name}]
        return [lock for lock in self._store.locks.in_force(self._now()) if lock.environment in asked_for]

    def freezes(self, environment: str | None, days: int) -> Sequence[Freezing]:
        """By the calendar of the rules, in the environments where the person may do anything at all. Raises ``NotAllowed``."""
        seen = environments_visible(self._config, self._membership, self._person, now=self._now(), max_age=AGE)
        if environment is not None and environment not in seen:
            raise NotAllowed(
                f"No rule lets you run anything in {environment}, so what is frozen there is not shown to you."
            )
        now = self._now()
        asked_for = seen if environment is None else (environment,)
        return [found for name in asked_for for found in freezings(self._config, name, now, now + days * UNITS["d"])]

    def awaits(self, operation: Operation) -> bool:
        """Raises ``MembershipUnknown``."""
        if operation.plan is None:
            return False
        digest = operation.plan.digest
        try:
            may_approve(
                self._config, self._membership, operation, self._person, digest=digest, now=self._now(), max_age=AGE
            )
        except NotAllowed:
            return False
        return True

    def _lists(self, operation: Operation, environment: str | None) -> bool:
        asked_for = environment in {None, operation.environment} and operation.state is not State.REJECTED
        return asked_for and self._sees(operation)

    def _sees(self, operation: Operation) -> bool:
        return may_see(self._config, self._membership, self._person, operation, now=self._now(), max_age=AGE)

    @cached_property
    def _membership(self) -> Membership:
        """Read once: this object lives for one command."""
        return self._store.people.membership([self._person.id])

    def only(self) -> RecordsOnly:
        return RecordsOnly(self)


class RecordsOnly:
    """A ``Live`` for commands said without an environment: operations yes, a cluster no."""

    environment = cluster = namespace = ""

    def __init__(self, records: VisibleRecords) -> None:
        self.operations, self.newer, self.operation = records.operations, records.newer, records.operation
        self.awaits = records.awaits
        self.freezes = records.freezes
        self.audit = records.audit
        self.locks = records.locks

    def _nowhere(self, *_: object, **__: object) -> NoReturn:
        raise UsageError("Say in which environment: add `in <environment>`.")

    def workload(self, said: str) -> Object:
        self._nowhere(said)

    def subject(self, said: str) -> Object:
        self._nowhere(said)

    def workloads(self) -> Sequence[Object]:
        self._nowhere()

    def runs(self, owner: Object | None = None) -> Sequence[Object]:
        self._nowhere(owner)

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        self._nowhere(workload)

    def pod(self, name: str) -> Object:
        self._nowhere(name)

    def revisions(self, workload: Object) -> Sequence[Revision]:
        self._nowhere(workload)

    def autoscalers(self, workload: Object) -> Sequence[Object]:
        self._nowhere(workload)

    def budgets(self, workload: Object) -> Sequence[Object]:
        self._nowhere(workload)

    def services(self, workload: Object) -> Sequence[Served]:
        self._nowhere(workload)

    def events(self, about: Iterable[Object]) -> Sequence[Object]:
        self._nowhere(about)

    def causes(self, pods: Iterable[Object], heard: Sequence[Object]) -> Mapping[str, str]:
        self._nowhere(pods, heard)

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str:
        self._nowhere(pod, container, since, tail, previous)

    def judge(self, said: Invocation) -> Explanation:
        self._nowhere(said)

    def preview(self, verb: str, draft: Draft) -> Plan:
        self._nowhere(verb, draft)
