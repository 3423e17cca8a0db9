"""How we find our own posts again: Slack keeps a message's ``metadata`` and ``conversations.history`` returns it.

That answers "did my post land?" after a crash or a lost response (docs.slack.dev/messaging/message-metadata).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT = "quarterdeck_operation"
PARENT = "parent"
"""The key of the one message that is edited; replies have their own (``replies``)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which post of which operation (or report) a message is."""

    operation: str
    key: str


def metadata(op_id: str, key: str = PARENT) -> dict[str, Any]:
    """For chat.postMessage's and chat.update's ``metadata``."""
    return {"event_type": EVENT, "event_payload": {"operation": op_id, "key": key}}


def read(metadata: Mapping[str, Any] | None) -> Mark | None:
    """The inverse; None for a message that is not one of ours. Who posted it is for the caller to check."""
    if not metadata or metadata.get("event_type") != EVENT:
        return None
    match metadata.get("event_payload"):
        case {"operation": str(operation), "key": str(key)}:
            return Mark(operation, key)
        case _:
            return None
