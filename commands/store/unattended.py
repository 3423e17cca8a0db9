"""Records that no worker has come for: who waits is told so once, and the message says it until the record moves on."""

from __future__ import annotations

from commands.store.connection import Wire

KEPT = 86400


class Unattended:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def note(self, id: str, version: int) -> bool:
        """Whether this is news: of several bots one is told so."""
        before = self._wire.client.set(self._key(id), version, ex=KEPT, get=True)
        return bool(before != str(version))

    def forget(self, id: str) -> None:
        """It could not be told: it is news again."""
        self._wire.client.delete(self._key(id))

    def version(self, id: str) -> int | None:
        """The record's version that nobody had taken."""
        found = self._wire.client.get(self._key(id))
        return int(found) if found else None

    def _key(self, id: str) -> str:
        return self._wire.key("unattended", id)
