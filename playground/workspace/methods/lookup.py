"""Finding the channel, user or message a method speaks of, and the errors when the bot may not see it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.registry import Context
from playground.workspace.model import Channel, Message, User
from playground.workspace.rules import OUTSIDE
from playground.workspace.state import State

Json = dict[str, Any]


def visible_channel(state: State, channel_id: str) -> Channel:
    """A channel the bot knows of; private ones it is not in do not exist for it."""
    channel = state.channels.get(channel_id)
    if channel is None or (channel.kind != "channels" and not state.bot_is_in(channel)):
        raise SlackError("channel_not_found")
    return channel


def postable_channel(context: Context, name: str) -> Channel:
    """Where chat.postMessage and chat.postEphemeral may write (docs.slack.dev/reference/methods/chat.postMessage).

    Accepts a channel's ID, its `#name`, or a user's ID (their direct channel).
    """
    state = context.state
    if name in state.users and not state.users[name].deleted:
        return state.dm(name)
    by_name = {c.name: c.id for c in state.channels.values() if c.name}
    channel = visible_channel(state, by_name.get(name.removeprefix("#"), name))
    if channel.is_archived:
        raise SlackError("is_archived")
    return _entered(context, channel)


def joined_channel(context: Context, channel_id: str) -> Channel:
    """By its ID alone; whether the bot must be in it is in the table of rules."""
    return _entered(context, visible_channel(context.state, channel_id))


def _entered(context: Context, channel: Channel) -> Channel:
    row = OUTSIDE[context.method]
    if not context.state.bot_is_in(channel) and row.admitted_by not in context.state.app.scopes:
        raise SlackError(row.error)
    return channel


def own_message(state: State, channel: Channel, ts: str, refusal: str) -> Message:
    """A message of the bot's: `refusal` for someone else's, `message_not_found` for none (ephemerals included)."""
    message = state.message(channel.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    if message.bot_id != state.app.bot_id:
        raise SlackError(refusal)
    return message


def known_user(state: State, user_id: str) -> User:
    user = state.users.get(user_id)
    if user is None:
        raise SlackError("user_not_found")
    return user


def page(items: Sequence[Any], limit: int, cursor: str) -> tuple[list[Any], str]:
    """One page and the cursor of the next, "" at the end (docs.slack.dev/apis/web-api/pagination).

    A cursor names a position from the list's end, so that items added at the front between pages shift nothing.
    """
    start = 0
    if cursor:
        try:
            left = int(base64.b64decode(cursor, validate=True).decode().removeprefix("left:"))
        except ValueError:
            raise SlackError("invalid_cursor") from None
        start = max(0, len(items) - left)
    chosen = list(items[start : start + limit])
    left = len(items) - start - len(chosen)
    return chosen, base64.b64encode(f"left:{left}".encode()).decode() if left else ""
