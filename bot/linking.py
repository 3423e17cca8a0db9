"""Where an operation's message is read, for links to it."""

from __future__ import annotations

from bot.views import metadata as marks
from commands.errors import NewerRecord
from commands.store import Store


def link_to(store: Store, id: str) -> str | None:
    """None while it has none, or that is not known."""
    try:
        at = store.deliveries.all(id).get(marks.PARENT) or {}
    except NewerRecord:
        return None
    return store.people.permalink(at["channel"], at["ts"]) if "ts" in at else None
