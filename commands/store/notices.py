"""Notices in Redis: left by other scripts together with what they tell of, then posted once by whichever bot. Kept 90 days."""

from __future__ import annotations

from typing import Any

from commands import canonical
from commands.errors import NotFound, Stale
from commands.notices.notice import SCHEMA, Notice
from commands.notices.reviewing import Reviewed
from commands.proof.chain import sealed
from commands.proof.signing import Key
from commands.store.connection import Wire
from commands.store.schema import decode

KEPT = 90 * 86400


def told(notice: Notice) -> dict[str, Any]:
    """As ``scripts/tell.lua`` wants it."""
    left = {"id": notice.id, "record": canonical.dump(notice).decode(), "keep": KEPT, "at": notice.created}
    return left | ({"due": notice.review.due} if notice.review else {})


class Notices:
    def __init__(self, wire: Wire, key: Key | None) -> None:
        """``key`` seals the audit entries."""
        self._wire, self._key = wire, key

    def apply(self, move: Reviewed) -> None:
        """Write a move with its audit entry. Raises ``Stale``."""
        entry = canonical.dump(move.entry)
        written = move.after.id, move.before.version, canonical.dump(move.after), entry, *sealed(entry, self._key)
        if self._wire.run("notice", *written, move.at) == "stale":
            raise Stale(f"{move.after.id} has moved")

    def load(self, id: str) -> Notice:
        """Raises ``NotFound`` or ``NewerRecord``."""
        record = self._wire.client.get(self._wire.key("notice", id))
        if record is None:
            raise NotFound(f"There is no notice {id}: none is kept for longer than 90 days.")
        return decode(record, Notice, SCHEMA)
