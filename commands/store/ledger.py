"""The audit's end, kept together by compare-and-set: whoever appends says after which entry, and says it anew if another came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from commands import canonical
from commands.chain import Head, Link
from commands.errors import StoreUnavailable
from commands.signing import Key
from commands.store.connection import Wire

ATTEMPTS = 100
TURN = 0.05
"""Seconds a thread waits for its process's other threads: in turn none of them comes too late. A Redis that hangs stops nobody longer."""


class Ledger:
    """One for a process. It remembers the head it saw last, so that appending costs one round trip unless others append."""

    def __init__(self, wire: Wire, key: Key | None) -> None:
        self._wire, self._key = wire, key
        self._head = Head()
        self._turn = Lock()

    def append(self, entry: bytes, send: Callable[[bytes], Any]) -> Any:
        """Send the entry with its link until it is appended, or refused for another reason: the script's answer.

        The script answers ``{"behind", number, hash}`` where the head is another; ``{"ok"}`` where it has appended.
        """
        with self._in_turn():
            for _ in range(ATTEMPTS):
                link = Link.after(self._head, entry, self._key)
                answer = send(
                    canonical.dump(
                        {"n": link.number, "prev": link.before, "seal": link.seal, "key": link.key, "hash": link.hash}
                    )
                )
                match answer:
                    case ["behind", number, hash]:
                        self._head = Head(int(number), hash)
                    case ["ok"]:
                        self._head = link.head
                        return answer
                    case _:
                        return answer
            raise StoreUnavailable("the audit is too busy")

    def head(self) -> Head:
        """As Redis has it."""
        number, hash = self._wire.client.hmget(self._wire.key("audit-head"), "n", "hash")
        return Head(int(number or 0), hash or "")

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        mine = self._turn.acquire(timeout=TURN)
        try:
            yield
        finally:
            if mine:
                self._turn.release()
