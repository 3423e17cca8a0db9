"""Leases: a process's short hold on something, with a fencing epoch in its token.

A holder that was paused for longer than the lease finds its token refused by every write that names the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from commands.errors import LeaseLost
from commands.store.connection import Wire


@dataclass(frozen=True, slots=True)
class Lease:
    """``token`` is ``epoch:owner``; the epoch only ever grows."""

    name: str
    token: str
    seconds: float


class Leases:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def take(self, name: str, seconds: float) -> Lease | None:
        """None where another process holds it."""
        token = self._wire.run("lease", name, uuid4().hex, int(seconds * 1000), "")
        return Lease(name, token, seconds) if token else None

    def renew(self, lease: Lease) -> None:
        """Raises ``LeaseLost``."""
        if not self._wire.run("lease", lease.name, "", int(lease.seconds * 1000), lease.token):
            raise LeaseLost(f"{lease.name} is another's now")

    def release(self, lease: Lease) -> None:
        """Does nothing where it was lost already."""
        self._wire.run("unlease", lease.name, lease.token)
