"""What every job is handed, and how it takes hold of an operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from commands.config import Config
from commands.declaration import Changes, Command
from commands.invocation import Invocation
from commands.live import Live
from commands.membership import Membership
from commands.operation import Operation
from commands.queue import Queue
from commands.registry import Registry
from commands.store import Lease, Store
from workers.cluster import Cluster
from workers.live import ClusterLive
from workers.records import VisibleRecords

PLANNING_AGE = 600.0
"""Seconds for which what Slack said of a person is good enough to plan and to read."""

ACTING_AGE = 60.0
"""The same for acting: approvals are checked against the membership of this minute."""

HOLD = 15.0
"""Seconds for which a job holds its operation: longer than its cluster calls may take, short enough after a crash."""


@dataclass(frozen=True, slots=True)
class Context:
    """Built once by the composition root, before the worker forks."""

    config: Config
    registry: Registry
    store: Store
    queue: Queue
    clusters: Callable[[str], Cluster]
    now: Callable[[], float]

    def live(self, invocation: Invocation, environment: str | None) -> Live:
        """The read-only view that the command of this invocation gets."""
        records = VisibleRecords(self.store, self.config, invocation.person, self.now)
        if environment is None:
            return records.only()
        settings = self.config.environments[environment]
        return ClusterLive(self.clusters(settings.cluster), environment, settings.namespace, records)

    def membership(self, operation: Operation) -> Membership:
        """What is known of everyone whom the operation concerns."""
        return self.store.people.membership([operation.invocation.person.id, *(v.person for v in operation.votes)])

    def command(self, operation: Operation) -> tuple[Command, Changes]:
        command = self.registry.get(operation.invocation.verb)
        assert isinstance(command.effect, Changes), f"{command.name} is no change"  # noqa: S101 - only changes become operations
        return command, command.effect

    @contextmanager
    def holding(self, id: str) -> Iterator[Lease | None]:
        """The operation's lease; None where another process is at work on it (or was, seconds ago)."""
        lease = self.store.leases.take(f"operation-{id}", HOLD)
        try:
            yield lease
        finally:
            if lease:
                self.store.leases.release(lease)

    def busy_sentence(self, holder: str) -> str:
        """Who holds the target, with what and since when."""
        other = self.store.operations.load(holder)
        since = datetime.fromtimestamp(other.moments[-1].at, UTC).strftime("%H:%M UTC")
        return (
            f"{other.id} is at work on it: {other.headline}, asked for by <@{other.invocation.person.id}>, since {since}. "
            "Nothing was changed; try again when it has ended."
        )
