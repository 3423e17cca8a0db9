"""Operations in Redis. ``apply`` is the only way to write one, and it takes a Transition: no write skips the audit.

Lifetimes: a record in flight lives for ever, one that has ended 90 days; a delivery's idempotency key one hour
(Slack's signatures are good for five minutes), that of a press of Retry or Roll back as long as its message can be
pressed (90 days); progress one day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from commands import canonical
from commands.concern import concerns_too
from commands.errors import Busy, LeaseLost, NotFound, Stale, StoreError
from commands.operation import NEWEST, SCHEMA, Operation, State
from commands.progress import Progress
from commands.proof.chain import sealed
from commands.proof.signatures import signed_course
from commands.proof.signing import Key
from commands.store.connection import Pipeline, Wire
from commands.store.leases import Lease
from commands.store.notices import told
from commands.store.schema import decode, decode_known
from commands.store.turns import HOUR
from commands.transition import Transition

KEPT = 90 * 86400
SEEN = 3600
PROGRESS_KEPT = 86400
PAGE = 50
"""Records that are read at a time."""
GATHER = 0.5
"""Seconds for which a passing state is not shown."""


class IdTaken(StoreError):
    """An operation of that id exists: choose another."""


class Seen(StoreError):
    """The same delivery came before; ``id`` is what it became."""

    def __init__(self, id: str) -> None:
        super().__init__(f"already received as {id}")
        self.id = id


class Operations:
    """Reads raise ``NotFound`` or ``NewerRecord``; see ``apply`` for writes. All raise ``StoreUnavailable``."""

    def __init__(self, wire: Wire, key: Key | None) -> None:
        """``key`` seals the audit entries, and signs what was written and what became of it."""
        self._wire, self._key = wire, key

    def apply(
        self, move: Transition, *, lease: Lease | None = None, seen: str | None = None, seen_seconds: int = SEEN
    ) -> Operation:
        """Write a move, whole or not at all.

        Raises ``Stale`` (the record moved), ``LeaseLost``, ``Busy`` (the claim is another's), and for a first write
        ``IdTaken`` or ``Seen`` (this delivery was taken before).
        """
        after = signed_course(self._key, move.before, move.after)
        before = move.before.version if move.before else 0
        entry = canonical.dump(move.entry)
        written = after.id, before, canonical.dump(after), entry, *sealed(entry, self._key)
        match self._wire.run("transition", *written, _rest(move, lease, seen, seen_seconds)):
            case ["ok"]:
                return after
            case ["busy", holder]:
                raise Busy(f"{holder} is at work on it.", holder)
            case ["seen", id]:
                raise Seen(id)
            case ["taken"]:
                raise IdTaken(after.id)
            case ["lost"]:
                raise LeaseLost(f"{after.id}: the lease is another's now")
            case _:
                raise Stale(f"{after.id} has moved since version {before}")

    def load(self, id: str) -> Operation:
        operation = self.answered(id, self._wire.client.hget(self._wire.key("operation", id), "record"))
        concerns_too(id, operation.invocation.person.id)
        return operation

    def ask(self, pipe: Pipeline, id: str) -> None:
        """Put the question of ``load`` to Redis along with others; ``answered`` reads its one answer, and raises as ``load`` does."""
        pipe.hget(self._wire.key("operation", id), "record")

    @staticmethod
    def answered(id: str, record: str | None) -> Operation:
        if record is None:
            raise NotFound(f"There is no operation {id}; `operations` lists what is going on.")
        return decode(record, Operation, NEWEST)

    def in_flight(self) -> Sequence[Operation]:
        """All that have not ended, newest first, without those that a newer version wrote (``newer_in_flight``)."""
        return [op for op in self._many(self._flying()) if op]

    def newer_in_flight(self) -> int:
        """How many have not ended that this version cannot read."""
        return sum(op is None for op in self._many(self._flying()))

    def versions(self) -> dict[str, int]:
        """The version of every record in flight, by id: who has read them before need read only what moved."""
        flat = self._wire.run("versions")
        return {id: int(version) for id, version in zip(flat[::2], flat[1::2], strict=True)}

    def ended(self, most: int = PAGE) -> Iterator[Operation]:
        """The latest that have ended and can be read, newest first; read in pages as they are asked for."""
        ids = self._wire.client.zrange(self._wire.key("ended"), 0, most - 1, desc=True)
        for start in range(0, len(ids), PAGE):
            yield from (op for op in self._many(ids[start : start + PAGE]) if op)

    def holder(self, claim: str) -> str | None:
        """The operation that holds a target, if one does."""
        held: str | None = self._wire.client.get(self._wire.key("claim", claim))
        return held

    def pending_votes(self) -> Sequence[str]:
        """Ids of operations with a vote that still has to be checked."""
        return sorted(self._wire.client.smembers(self._wire.key("votes")))

    def due(self, now: float, put_off: float = 5.0, most: int = 100) -> Sequence[str]:
        """Ids that have to be looked at, each put off by ``put_off`` seconds so that another sweep does not see it too."""
        ids: list[str] = self._wire.run("due", now, put_off, most)
        return ids

    def put_off(self, id: str, until: float) -> None:
        """Look at it again then. Does nothing for what has ended."""
        self._wire.client.zadd(self._wire.key("due"), {id: until}, xx=True)

    def forget_due(self, id: str) -> None:
        """For an id in ``due`` whose record is gone."""
        self._wire.client.zrem(self._wire.key("due"), id)

    def progress(self, id: str) -> Progress | None:
        found = self._wire.client.get(self._wire.key("progress", id))
        return decode_known(found, Progress, SCHEMA)

    def note_progress(self, id: str, progress: Progress, lease: Lease) -> None:
        """Raises ``LeaseLost``."""
        args = (id, lease.name, lease.token, canonical.dump(progress), PROGRESS_KEPT, progress.at)
        if not self._wire.run("progress", *args):
            raise LeaseLost(f"{id}: the lease is another's now")

    def trim(self, now: float) -> None:
        """Drop the index entries of records whose lifetime is over."""
        self._wire.client.zremrangebyscore(self._wire.key("ended"), "-inf", now - KEPT)

    def _flying(self) -> Sequence[str]:
        ids: list[str] = self._wire.client.zrange(self._wire.key("flight"), 0, -1, desc=True)
        return ids

    def _many(self, ids: Iterable[str]) -> Sequence[Operation | None]:
        """None for what a newer version wrote: one such record must not hide the others."""
        with self._wire.client.pipeline(transaction=False) as pipe:
            for id in ids:
                pipe.hget(self._wire.key("operation", id), "record")
            return [decode_known(record, Operation, NEWEST) for record in pipe.execute() if record]


def _rest(move: Transition, lease: Lease | None, seen: str | None, seen_seconds: int) -> bytes:
    after = move.after
    rest: dict[str, Any] = {
        "version": after.version,
        "at": move.at,
        "mark": move.at + (GATHER if _passes_soon(move) else 0.0),
        "created": after.created,
        "environment": after.environment,
        "requester": after.invocation.person.id,
        "rejected": after.state is State.REJECTED,
        "hour": HOUR,
        "keep": KEPT,
        "pending": any(not v.counted for v in after.votes) and after.state is State.AWAITING,
        "counters": _counters(move),
    }
    optional = {
        "level": _level(move),
        "unsee": _unpressed(after),
        "due": move.due,
        "claim": move.claim,
        "release": move.release,
        "seen": seen,
        "notice": told(move.notice) if move.notice else None,
        "hold": {"key": move.hold.key, "record": canonical.dump(move.hold).decode()} if move.hold else None,
    }
    rest |= {name: value for name, value in optional.items() if value is not None}
    if seen is not None:
        rest["seen_seconds"] = seen_seconds
    if lease is not None:
        rest["lease"] = {"name": lease.name, "token": lease.token}
    return json.dumps(rest).encode()


def _unpressed(after: Operation) -> str | None:
    """A Retry or Roll back that was rejected gives its button back: nothing came of the press."""
    origin = after.origin
    return pressed(origin.relation, origin.id) if origin and after.state is State.REJECTED else None


def pressed(relation: str, id: str) -> str:
    """The delivery that pressing the button of an operation is: it counts once."""
    return f"{relation}:{id}"


def _level(move: Transition) -> int | None:
    """How urgently Slack is to be told; None while the ack is still the answer."""
    if move.before is None and move.after.state is State.PLANNING:
        return None
    return 0 if move.after.state.final else 1


def _passes_soon(move: Transition) -> bool:
    """States that last for moments: shown only if they last longer, or each would cost one of Slack's edits."""
    after = move.after
    return after.state in {State.QUEUED, State.ACTING} or (
        after.state is State.AWAITING and any(not vote.counted for vote in after.votes)
    )


def _counters(move: Transition) -> dict[str, float]:
    """Counted here because a forked job's own counters die with it."""
    before, after = move.before, move.after
    counters: dict[str, float] = {}
    if before and before.state is not after.state:
        counters[f"seconds|{before.state.value}"] = max(0.0, move.at - before.moments[-1].at)
        counters[f"left|{before.state.value}"] = 1
    if after.state.final:
        counters[f"ended|{after.invocation.verb}|{after.environment}|{after.state.value}"] = 1
    return counters
