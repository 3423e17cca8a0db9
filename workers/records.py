"""The operations that a person may see, for the commands that list them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from commands.config import Config
from commands.draft import Draft, Plan
from commands.errors import NotFound, UsageError
from commands.invocation import Person
from commands.live import Object, Revision
from commands.operation import Operation
from commands.policy import may_see
from commands.store import Store

AGE = 600.0


class VisibleRecords:
    """Operations through one person's eyes."""

    def __init__(self, store: Store, config: Config, person: Person, now: Callable[[], float]) -> None:
        self._store, self._config, self._person, self._now = store, config, person, now

    def operations(self, environment: str | None = None) -> Sequence[Operation]:
        """In flight and latest ended, newest first."""
        every = [*self._store.operations.in_flight(), *self._store.operations.ended()]
        return [o for o in every if environment in {None, o.environment} and self._sees(o)]

    def operation(self, id: str) -> Operation:
        """Raises ``NotFound``, also for what the person may not see."""
        operation = self._store.operations.load(id)
        if not self._sees(operation):
            raise NotFound(f"There is no operation {id}; `/ops operations` lists what is going on.")
        return operation

    def _sees(self, operation: Operation) -> bool:
        membership = self._store.people.membership([self._person.id])
        return may_see(self._config, membership, self._person, operation, now=self._now(), max_age=AGE)

    def only(self) -> RecordsOnly:
        return RecordsOnly(self)


class RecordsOnly:
    """A ``Live`` for commands said without an environment: operations yes, a cluster no."""

    environment = cluster = namespace = ""

    def __init__(self, records: VisibleRecords) -> None:
        self.operations, self.operation = records.operations, records.operation

    def _nowhere(self, *_: object, **__: object) -> NoReturn:
        raise UsageError("Say in which environment: add `in <environment>`.")

    def workload(self, said: str) -> Object:
        self._nowhere(said)

    def workloads(self) -> Sequence[Object]:
        self._nowhere()

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        self._nowhere(workload)

    def pod(self, name: str) -> Object:
        self._nowhere(name)

    def revisions(self, workload: Object) -> Sequence[Revision]:
        self._nowhere(workload)

    def autoscaler(self, workload: Object) -> Object | None:
        self._nowhere(workload)

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str:
        self._nowhere(pod, container, since, tail, previous)

    def preview(self, verb: str, draft: Draft) -> Plan:
        self._nowhere(verb, draft)
