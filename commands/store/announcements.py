"""Which signing key each process has, by the key's id alone: where they differ, nothing that is signed is believed.

``keys`` is a hash, "process@host key-id" → Unix seconds. Each process writes its field when it starts and every minute
while it runs, and takes away those that have fallen silent; the hash ends when no process has written for 5 minutes.
"""

from __future__ import annotations

from collections.abc import Mapping

from commands.store.connection import Wire

EVERY = 60.0
"""Seconds between two announcements of a process."""

SILENT = 3 * EVERY
"""Seconds without one after which a process is taken to have ended."""

LIFETIME = 300
"""Seconds."""

NONE = "none"


class Announcements:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def announce(self, process: str, host: str, key: str | None, now: float) -> None:
        """``key`` is its id, None where the process has none. Raises ``StoreUnavailable``."""
        client, name = self._wire.client, self._wire.key("keys")
        silent = [field for field, at in client.hgetall(name).items() if float(at) < now - SILENT]
        if silent:
            client.hdel(name, *silent)
        client.hset(name, f"{process}@{host} {key or NONE}", repr(now))
        client.expire(name, LIFETIME)

    def heard(self, now: float) -> Mapping[str, frozenset[str | None]]:
        """Who runs now ("process@host") → the keys' ids, more than one where several of that name differ."""
        found: dict[str, frozenset[str | None]] = {}
        for field, at in self._wire.client.hgetall(self._wire.key("keys")).items():
            who, _, key = field.rpartition(" ")
            if float(at) >= now - SILENT:
                found[who] = found.get(who, frozenset()) | {None if key == NONE else key}
        return found
