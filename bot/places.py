"""Where an operation's one message stands, step by step: as asked, at the top of the channel, with the requester, nowhere.

Each step is taken when what was before is gone. Pure.
"""

from __future__ import annotations

from typing import Any

from bot.slack import Refused

Json = dict[str, Any]

ASKED, TOP, DIRECT, NOWHERE = range(4)

MESSAGE_GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "thread_not_found",
        "restricted_action_thread_locked",
    }
)
"""Slack's words for: the message or the thread is no longer there for us, the channel may be."""

CHANNEL_GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
"""Slack's words for: there is nothing we may write there any more."""

GONE = MESSAGE_GONE | CHANNEL_GONE

NOBODY = frozenset({"user_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot"})
"""Slack's words for: that person cannot be written to."""


def next_step(at: Json, refused: Refused) -> int:
    """After ``refused`` (one of ``GONE``), with the message at ``at``: every step is tried once."""
    if at["step"] >= DIRECT:
        return NOWHERE
    return TOP if at["step"] == ASKED and refused.code in MESSAGE_GONE else DIRECT
