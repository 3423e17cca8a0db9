"""Notices in Redis: left by other scripts together with what they tell of, then posted once by whichever bot. Kept 90 days."""

from __future__ import annotations

from typing import Any

from commands import canonical
from commands.errors import NotFound
from commands.notice import SCHEMA, Notice
from commands.store.connection import Wire
from commands.store.schema import decode

KEPT = 90 * 86400


def told(notice: Notice) -> dict[str, Any]:
    """As ``scripts/tell.lua`` wants it."""
    return {"id": notice.id, "record": canonical.dump(notice).decode(), "keep": KEPT, "at": notice.created}


class Notices:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def load(self, id: str) -> Notice:
        """Raises ``NotFound`` or ``NewerRecord``."""
        record = self._wire.client.get(self._wire.key("notice", id))
        if record is None:
            raise NotFound("That notice is no longer kept.")
        return decode(record, Notice, SCHEMA)
