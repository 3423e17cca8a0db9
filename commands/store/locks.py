"""Locks in Redis: one hash, by key. ``apply`` writes a ``Locking``; holds begin with the move of an operation alone.

A lock stays until it is taken off or its time is over; the sweep clears away what has ended, and until then it is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from commands import canonical
from commands.errors import NotFound, Stale
from commands.locks.lock import SCHEMA, Lock, held
from commands.locks.locking import Locking
from commands.operation import Operation
from commands.proof.chain import sealed
from commands.proof.signing import Key
from commands.report import Report
from commands.store.connection import Wire
from commands.store.notices import told
from commands.store.reports import Question
from commands.store.schema import decode

DUE = "lk-"
"""How what is due of a lock begins; its key follows."""


class Locks:
    """Reads raise ``NewerRecord``: a lock that cannot be understood must not be passed over."""

    def __init__(self, wire: Wire, key: Key | None) -> None:
        """``key`` seals the audit entries."""
        self._wire, self._key = wire, key

    def in_force(self, at: float) -> Sequence[Lock]:
        """All that hold then (Unix seconds, by Redis's clock), by key."""
        records = self._wire.client.hgetall(self._wire.key("locks"))
        locks = (decode(records[key], Lock, SCHEMA) for key in sorted(records))
        return [lock for lock in locks if lock.holds(at)]

    def load(self, key: str) -> Lock:
        """Also one that has ended and is still there. Raises ``NotFound``."""
        record = self._wire.client.hget(self._wire.key("locks"), key)
        if record is None:
            raise NotFound(f"There is no lock on {key}.")
        return decode(record, Lock, SCHEMA)

    def holds(self, operation: Operation) -> bool:
        """Whether the hold stands that its end has left on its target."""
        if not operation.is_held or operation.target is None:
            return False
        try:
            left = self.load(held(operation.environment, operation.target, operation.id, "", 0.0).key)
        except NotFound:
            return False
        return left.operation == operation.id

    def apply(self, move: Locking, question: Question | None = None) -> None:
        """Write a move, whole or not at all; with the ``question`` that asked for it, its answer too, once.

        Raises ``Stale``: the lock moved since it was read. Does nothing where the question has been answered already.
        """
        before = move.before
        entry = canonical.dump(move.entry)
        record = canonical.dump(move.after) if move.after else b""
        version, since = (before.version, before.since) if before else (0, 0.0)
        written = move.lock.key, version, repr(since), record, entry, *sealed(entry, self._key)
        if self._wire.run("lock", *written, json.dumps(_rest(move, question))) == "stale":
            raise Stale(f"the lock on {move.lock.target} has moved")


def _rest(move: Locking, question: Question | None) -> dict[str, Any]:
    rest: dict[str, Any] = {"at": move.at}
    if move.due is not None:
        rest["due"] = move.due
    if move.after is None and move.lock.operation:
        rest["shows"] = move.lock.operation
    if move.notice:
        rest["notice"] = told(move.notice)
    if question:
        answered = replace(question, answer=Report(move.sentence))
        rest["question"] = {
            "id": question.id,
            "asked": canonical.dump(question).decode(),
            "answered": canonical.dump(answered).decode(),
            "keep": question.seconds,
        }
    return rest
