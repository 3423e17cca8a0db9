"""An in-memory ``Live``: one environment, ``prod``, with what a test puts into it. Nothing can be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commands.draft import Draft, FieldChange, Plan
from commands.entry import Entry
from commands.errors import Ambiguous, Forbidden, NewerRecord, NotFound
from commands.invocation import Invocation
from commands.live import Object, Revision, Served
from commands.locks.lock import Lock
from commands.objects import seen_at
from commands.operation import Operation
from commands.policy.explaining import Explanation
from commands.policy.freezes import Freezing


@dataclass
class FakeLive:
    """``asked_for_logs`` holds what ``logs`` was called with."""

    objects: list[Object] = field(default_factory=list)
    kept: list[Revision] = field(default_factory=list)
    running: list[Object] = field(default_factory=list)
    scaler: Object | None = None
    more_scalers: list[Object] = field(default_factory=list)
    jobs: list[Object] = field(default_factory=list)
    protecting: list[Object] = field(default_factory=list)
    serving: list[Served] = field(default_factory=list)
    happened: list[Object] = field(default_factory=list)
    known_causes: dict[str, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    """The methods whose right is missing."""
    records: list[Operation] = field(default_factory=list)
    newer_records: int = 0
    awaited: list[str] = field(default_factory=list)
    frozen: list[Freezing] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    locked: list[Lock] = field(default_factory=list)
    refusing: tuple[str, ...] = ()
    """What ``judge`` finds to speak against whatever is said."""
    newer_ids: tuple[str, ...] = ()
    """Of operations whose records this version cannot read."""
    written: str = "listening on :8080\n"
    asked_for_logs: dict[str, Any] = field(default_factory=dict)
    environment: str = "prod"
    cluster: str = "main"
    namespace: str = "prod"

    def workload(self, said: str) -> Object:
        return self.subject(said)

    def subject(self, said: str) -> Object:
        kind, _, name = said.rpartition("/")
        found = [o for o in self.objects if o["metadata"]["name"] == name and kind in {"", o["kind"]}]
        if not found:
            raise NotFound(f"There is no workload `{said}`.")
        if len(found) > 1:
            raise Ambiguous(f"`{said}` is several things.")
        return found[0]

    def workloads(self) -> Sequence[Object]:
        return [each for each in self.objects if each["kind"] not in {"Job", "CronJob"}]

    def runs(self, owner: Object | None = None) -> Sequence[Object]:
        self._may("runs")
        return self.jobs if owner else [each for each in self.objects if each["kind"] in {"Job", "CronJob"}]

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        self._may("pods")
        return self.running

    def pod(self, name: str) -> Object:
        for pod in self.running:
            if pod["metadata"]["name"] == name:
                return pod
        raise NotFound(f"There is no pod `{name}`.")

    def revisions(self, workload: Object) -> Sequence[Revision]:
        return self.kept

    def autoscalers(self, workload: Object) -> Sequence[Object]:
        self._may("autoscalers")
        return [self.scaler, *self.more_scalers] if self.scaler else []

    def budgets(self, workload: Object) -> Sequence[Object]:
        self._may("budgets")
        return self.protecting

    def services(self, workload: Object) -> Sequence[Served]:
        self._may("services")
        return self.serving

    def causes(self, pods: Iterable[Object], heard: Sequence[Object]) -> Mapping[str, str]:
        return self.known_causes

    def events(self, about: Iterable[Object]) -> Sequence[Object]:
        self._may("events")
        uids = {each["metadata"]["uid"] for each in about}
        found = [each for each in self.happened if each["involvedObject"]["uid"] in uids]
        return sorted(found, key=lambda event: (event["type"] == "Normal", -seen_at(event)))

    def _may(self, what: str) -> None:
        if what in self.forbidden:
            raise Forbidden(
                f"quarterdeck may not list {what} in namespace prod.", verb="list", resource=what, namespace="prod"
            )

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str:
        self.asked_for_logs = {"pod": pod, "container": container, "since": since, "tail": tail, "previous": previous}
        return self.written

    def operations(self, environment: str | None = None) -> Sequence[Operation]:
        return [operation for operation in self.records if environment in {None, operation.environment}]

    def newer(self) -> int:
        return self.newer_records

    def operation(self, id: str) -> Operation:
        if id in self.newer_ids:
            raise NewerRecord(f"{id} was written by a newer version of Quarterdeck.")
        for operation in self.records:
            if operation.id == id:
                return operation
        raise NotFound(f"There is no operation {id}.")

    def audit(self, environment: str | None = None, workload: str | None = None) -> Sequence[Entry]:
        return [entry for entry in self.entries if environment in {None, entry.environment}]

    def freezes(self, environment: str | None, days: int) -> Sequence[Freezing]:
        return [found for found in self.frozen if environment in {None, found.environment}]

    def locks(self, environment: str | None = None) -> Sequence[Lock]:
        return [lock for lock in self.locked if environment in {None, lock.environment}]

    def judge(self, said: Invocation) -> Explanation:
        return Explanation("a rule", self.refusing)

    def awaits(self, operation: Operation) -> bool:
        return operation.id in self.awaited

    def preview(self, verb: str, draft: Draft) -> Plan:
        diff = tuple(FieldChange(edit.path, str(edit.old), str(edit.new)) for edit in draft.patch.edits)
        return Plan.of(verb, draft, 0.0, diff=diff, risks=draft.risks)
