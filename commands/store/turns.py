"""Who came first: what limits on the number of operations count. Written by the transition script, read by workers.

An operation counts those before it. Since nobody is ever put before somebody who is there already, of two at the same
instant one sees the other, and no two can both take the last place.
"""

from __future__ import annotations

from commands.operation import Operation
from commands.store.connection import Wire
from commands.times import UNITS

HOUR = UNITS["h"]
"""Seconds for which it is kept who asked for what."""


class Turns:
    """All raise ``StoreUnavailable``."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def running_before(self, operation: Operation) -> tuple[str, ...]:
        """Ids of what holds a target in the environment and came first; all of them, while it holds none itself."""
        ids = self.running(operation.environment)
        return ids[: ids.index(operation.id)] if operation.id in ids else ids

    def running(self, environment: str) -> tuple[str, ...]:
        """Ids of all that holds a target there, in the order in which they came."""
        ids: list[str] = self._wire.client.zrange(self._wire.key("running", environment), 0, -1)
        return tuple(ids)

    def asked(self, environment: str, person: str, now: float) -> tuple[float, ...]:
        """When the person asked for something there within an hour (Unix seconds)."""
        return tuple(at for _, at in self._asked(environment, person) if at > now - HOUR)

    def asked_before(self, operation: Operation, now: float) -> tuple[float, ...] | None:
        """When the same person asked for what came first in that environment, within an hour (Unix seconds).

        What was rejected is not among them. None where it cannot be told, for it should be among them itself and is not.
        """
        found = self._asked(operation.environment, operation.invocation.person.id)
        ids = [id for id, _ in found]
        if operation.id not in ids:
            return () if operation.created <= now - HOUR else None
        return tuple(at for _, at in found[: ids.index(operation.id)] if at > now - HOUR)

    def _asked(self, environment: str, person: str) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = self._wire.client.zrange(
            self._wire.key("asked", environment, person), 0, -1, withscores=True
        )
        return found
