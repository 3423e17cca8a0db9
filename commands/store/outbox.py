"""What must still reach Slack: ids of operations and reports, level-triggered. Finals first, one holder at a time.

An entry says "make Slack show this record"; so repeating one is harmless, and a newer mark replaces an older.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from commands import canonical
from commands.errors import Stale
from commands.store.connection import Wire
from commands.store.schema import decode_json

Json = dict[str, Any]

KEPT = 90 * 86400
SCHEMA = 1
"""Of where a record stands in Slack."""

HOLD = 12.0
"""Seconds a publisher may hold an entry; what a dead one held is handed out again then."""


@dataclass(frozen=True, slots=True)
class Taken:
    """``level``: 0 final, 1 another move, 2 progress. ``since``: Unix seconds at which it was marked."""

    id: str
    level: int
    since: float
    token: str


class Outbox:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def take(self, now: float) -> Taken | None:
        token = uuid4().hex
        answer = self._wire.run("outbox_take", now, HOLD, token)
        return Taken(answer[0], int(answer[1]), float(answer[2]), token) if answer else None

    def done(self, taken: Taken, again: float | None = None) -> None:
        """``again`` (Unix seconds) puts it back, for a rate limit or a Slack that is down."""
        self._wire.run("outbox_done", taken.id, taken.token, taken.level, "" if again is None else again)

    def mark(self, id: str, now: float) -> None:
        """Show it anew although it has not moved."""
        with self._wire.client.pipeline() as pipe:
            pipe.zadd(self._wire.key("outbox", "1"), {id: now}, nx=True)
            pipe.publish(self._wire.key("bell", "outbox"), id)
            pipe.execute()

    def waiting(self) -> int:
        """How many entries wait, of all levels."""
        with self._wire.client.pipeline(transaction=False) as pipe:
            for level in range(3):
                pipe.zcard(self._wire.key("outbox", str(level)))
            return sum(pipe.execute())

    def finals(self) -> int:
        """How many finals wait for Slack, besides those that are being shown."""
        return int(self._wire.client.zcard(self._wire.key("outbox", "0")))


class Deliveries:
    """What of a record has reached Slack: for each key ("parent", "end" …) where it stands there. Kept 90 days."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def all(self, id: str) -> dict[str, Json]:
        """Raises ``NewerRecord`` where a newer version has written any of it: that one sees to the rest as well."""
        found = self._wire.client.hgetall(self._wire.key("delivery", id))
        return {key: decode_json(value, SCHEMA) for key, value in found.items()}

    def move(self, id: str, key: str, before: Json | None, after: Json) -> Json:
        """Compare-and-set: ``before`` is what was read, None for nothing. Returns ``after`` as it lies there now.

        Raises ``Stale``: another publisher has moved it, so what this one believes of Slack holds no more.
        """
        read = canonical.dump(before) if before is not None else ""
        written = {**after, "schema": SCHEMA}
        if not self._wire.run("stand", id, key, read, canonical.dump(written), KEPT):
            raise Stale(f"{id}: another publisher is at its {key}")
        return written
