"""reactions.add (docs.slack.dev/reference/methods/reactions.add)."""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import visible_channel
from playground.workspace.methods.registry import Context, method

Json = dict[str, Any]


@method("reactions.add", scopes="reactions:write", required="channel name timestamp")
def add(context: Context) -> Json:
    state, name = context.state, context.args["name"].strip(":")
    channel = visible_channel(state, context.args["channel"])
    message = state.message(channel.id, context.args["timestamp"])
    if message is None:
        raise SlackError("message_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    people = message.reactions.setdefault(name, [])
    if state.app.bot_user_id in people:
        raise SlackError("already_reacted")
    people.append(state.app.bot_user_id)
    state.changed()
    return {}
